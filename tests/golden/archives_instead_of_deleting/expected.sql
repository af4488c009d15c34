CREATE TABLE tenant_golden.customers (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    customer_id uuid DEFAULT gen_random_uuid() NOT NULL,
    email text,
    first text,
    last text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_archived boolean DEFAULT false NOT NULL,
    archived_at timestamp with time zone,
    CONSTRAINT customers_is_archived_check CHECK ((is_archived = (archived_at IS NOT NULL))),
    CONSTRAINT customers_pkey PRIMARY KEY (customer_id),
    CONSTRAINT customers_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.customers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.orders (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    order_id bigint NOT NULL,
    customer_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_archived boolean DEFAULT false NOT NULL,
    archived_at timestamp with time zone,
    CONSTRAINT orders_is_archived_check CHECK ((is_archived = (archived_at IS NOT NULL))),
    CONSTRAINT orders_pkey PRIMARY KEY (order_id),
    CONSTRAINT orders_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.orders ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN tenant_golden.orders.archived_at IS 'Since when it is closed';

CREATE TABLE tenant_golden.notes (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    note_id bigint NOT NULL,
    order_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT notes_pkey PRIMARY KEY (note_id),
    CONSTRAINT notes_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE INDEX customers_archived_at_idx ON tenant_golden.customers USING btree (archived_at) WHERE is_archived;

CREATE UNIQUE INDEX customers_email_key ON tenant_golden.customers USING btree (email) WHERE (NOT is_archived);

CREATE UNIQUE INDEX customers_last_first_key ON tenant_golden.customers USING btree (last, first) NULLS NOT DISTINCT WHERE (NOT is_archived);

CREATE INDEX orders_archived_at_idx ON tenant_golden.orders USING btree (archived_at) WHERE is_archived;

CREATE INDEX orders_customer_id_idx ON tenant_golden.orders USING btree (customer_id);

CREATE INDEX notes_order_id_idx ON tenant_golden.notes USING btree (order_id);

ALTER TABLE tenant_golden.orders ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES tenant_golden.customers(customer_id) ON DELETE CASCADE;

ALTER TABLE tenant_golden.notes ADD CONSTRAINT notes_order_id_fkey FOREIGN KEY (order_id) REFERENCES tenant_golden.orders(order_id) ON DELETE CASCADE;

CREATE POLICY analytics_read ON tenant_golden.customers FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.customers FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.customers FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.customers TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.customers TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.customers TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.customers TO bss_tenant;

CREATE TRIGGER archive_on_delete BEFORE DELETE ON tenant_golden.customers FOR EACH ROW EXECUTE FUNCTION bss_internal.archive_row();

CREATE TRIGGER archive_what_refers_to_it AFTER UPDATE ON tenant_golden.customers FOR EACH ROW WHEN ((new.is_archived AND (NOT old.is_archived))) EXECUTE FUNCTION bss_internal.archive_referring_rows();

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.customers REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_83723c5f6c6a44d4746a34173fcde58e();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.customers REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_ade86cb9ec24c3de966bed1c60c3f639();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.customers FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_c9a0c39cbaf9288c80e809ec9768aba4();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.customers REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_b8d864e828f5748d4e6dc67914ae41a5();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.customers FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden.orders FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.orders FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.orders FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.orders TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.orders TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.orders TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.orders TO bss_tenant;

CREATE TRIGGER archive_on_delete BEFORE DELETE ON tenant_golden.orders FOR EACH ROW EXECUTE FUNCTION bss_internal.archive_row();

CREATE TRIGGER archive_what_refers_to_it AFTER UPDATE ON tenant_golden.orders FOR EACH ROW WHEN ((new.is_archived AND (NOT old.is_archived))) EXECUTE FUNCTION bss_internal.archive_referring_rows();

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.orders REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_c32b683b79545b11869d6ff7697bf67b();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.orders REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_f0f5b5d625222009eee42e9562630c59();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.orders FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_444fd5ea61a92ba5a43bc4d95879fb9e();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.orders REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_5eca8a0e71ce5c30a4a10d4137e8a708();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.orders FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden.notes FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.notes FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.notes FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.notes TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.notes TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.notes TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.notes TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.notes REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_09fde964a3270ddabfdcf753223aac2b();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.notes REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_3292f4ddd97cfe624ea156a6d8e6bf5e();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.notes FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_16e81d3d1842698d91acbc57c72705cd();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.notes REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_46233901683fe904a215a3f2e5f90464();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.notes FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
