CREATE TABLE tenant_golden.customers (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    customer_id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT customers_pkey PRIMARY KEY (customer_id),
    CONSTRAINT customers_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.customers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

ALTER TABLE tenant_golden.events ADD COLUMN customer_id bigint;

ALTER TABLE tenant_golden.events ADD COLUMN code text;

ALTER TABLE tenant_golden.events ALTER COLUMN name SET NOT NULL;

ALTER TABLE tenant_golden.events ADD CONSTRAINT events_name_max_length_check CHECK ((char_length(name) <= 10));

ALTER TABLE tenant_golden.events ADD CONSTRAINT events_on_code_key UNIQUE ("on", code);

CREATE INDEX events_customer_id_idx ON tenant_golden.events USING btree (customer_id);

ALTER TABLE tenant_golden.events ADD CONSTRAINT events_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES tenant_golden.customers(customer_id);

CREATE POLICY analytics_read ON tenant_golden.customers FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.customers FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.customers FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.customers TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.customers TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.customers TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.customers TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.customers REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_3507b3a2d221cbee19d28aa8fa9f4a36();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.customers REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_a7bccad457088ba7340d142cf2d5fb07();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.customers FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_41c770c0d0f74d6ad0cc3e9963e8106a();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.customers REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_9f9aa49e6d703ce3ec7fa01618621b3d();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.customers FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
