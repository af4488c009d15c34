CREATE TABLE tenant_golden.categories (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    category_id uuid DEFAULT gen_random_uuid() NOT NULL,
    parent_id uuid,
    name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT categories_pkey PRIMARY KEY (category_id),
    CONSTRAINT categories_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.categories ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE INDEX categories_parent_id_idx ON tenant_golden.categories USING btree (parent_id);

ALTER TABLE tenant_golden.categories ADD CONSTRAINT categories_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES tenant_golden.categories(category_id);

CREATE POLICY analytics_read ON tenant_golden.categories FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.categories FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.categories FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.categories TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.categories TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.categories TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.categories TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.categories REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_b94d219efbe9f8cf1379853fee00e76b();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.categories REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_6619f12c660d5234586de9b90b742aaf();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.categories FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_694b8d36d84299bf8ad2418a8d28d998();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.categories REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_bc3f93af5b8e27a7e797126987e15b47();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.categories FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
