CREATE TABLE tenant_golden.audit_entries (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    audit_entry_id uuid DEFAULT gen_random_uuid() NOT NULL,
    what text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT audit_entries_pkey PRIMARY KEY (audit_entry_id),
    CONSTRAINT audit_entries_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.audit_entries ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY analytics_read ON tenant_golden.audit_entries FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.audit_entries FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.audit_entries FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.audit_entries TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.audit_entries TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.audit_entries TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.audit_entries TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.audit_entries REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_4c6fe63bce110519e72de1987fb8f31e();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.audit_entries REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_f72a32812f04af23af21cc83ea3fdf6c();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.audit_entries FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_0ec957a3476a198c3ca082e95ec110eb();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.audit_entries REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_e188ceab88f73d2b25a45a6a4489c726();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.audit_entries FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
