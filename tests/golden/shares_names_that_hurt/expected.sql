CREATE TABLE tenant_golden.orders (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    id bigint NOT NULL,
    c text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT orders_pkey PRIMARY KEY (id),
    CONSTRAINT orders_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.orders ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE INDEX orders_c_idx ON tenant_golden.orders USING btree (c);

ALTER TABLE tenant_golden.orders ADD CONSTRAINT orders_c_fkey FOREIGN KEY (c) REFERENCES bss_shared."Währungen 100% ""s"""("länder_code");

CREATE POLICY analytics_read ON tenant_golden.orders FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.orders FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.orders FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.orders TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.orders TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.orders TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.orders TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.orders REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_09b64fe9ec46109be69dbd9eead603b7();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.orders REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_ced08eb65c90fba6251ede95fdc118cc();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.orders FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_e24cb18e327c57615f648d1a7d0a59bd();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.orders REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_c117cedcb70307ce60585888da70e4ae();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.orders FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
