CREATE TABLE tenant_golden."Ausgangs-Rechnungen" (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    "Invoice Number" bigint NOT NULL,
    "TOTAL" numeric,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT "Ausgangs-Rechnungen_TOTAL_minimum_check" CHECK (("TOTAL" >= '0'::numeric)),
    CONSTRAINT "Ausgangs-Rechnungen_pkey" PRIMARY KEY ("Invoice Number"),
    CONSTRAINT "Ausgangs-Rechnungen_tenant_id_check" CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden."Ausgangs-Rechnungen" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE INDEX "Ausgangs-Rechnungen_TOTAL_idx" ON tenant_golden."Ausgangs-Rechnungen" USING btree ("TOTAL");

CREATE POLICY analytics_read ON tenant_golden."Ausgangs-Rechnungen" FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden."Ausgangs-Rechnungen" FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden."Ausgangs-Rechnungen" FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden."Ausgangs-Rechnungen" TO bss_admin;

GRANT SELECT ON TABLE tenant_golden."Ausgangs-Rechnungen" TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden."Ausgangs-Rechnungen" TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden."Ausgangs-Rechnungen" TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden."Ausgangs-Rechnungen" REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_a1296a06aa895706a28629436e040c17();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden."Ausgangs-Rechnungen" REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_d5a63cfb73c3d4df14443dfd20acc192();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden."Ausgangs-Rechnungen" FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_cc710e71b76e642a3995903cad0f1c8c();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden."Ausgangs-Rechnungen" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_a52c64e05f8af6aa71295d2436a01756();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden."Ausgangs-Rechnungen" FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
