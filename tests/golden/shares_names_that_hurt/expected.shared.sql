CREATE TABLE bss_shared."Währungen 100% ""s""" (
    "länder_code" text NOT NULL,
    "select" text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT "Währungen 100% ""s""_pkey" PRIMARY KEY ("länder_code")
);

ALTER TABLE bss_shared."Währungen 100% ""s""" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE INDEX "Währungen 100% ""s""_select_idx" ON bss_shared."Währungen 100% ""s""" USING btree ("select");

CREATE POLICY admin_all ON bss_shared."Währungen 100% ""s""" FOR ALL TO bss_admin USING (true) WITH CHECK (true);

CREATE POLICY analytics_read ON bss_shared."Währungen 100% ""s""" FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON bss_shared."Währungen 100% ""s""" FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_read ON bss_shared."Währungen 100% ""s""" FOR SELECT TO PUBLIC USING ((( SELECT bss.current_tenant_id() AS current_tenant_id) IS NOT NULL));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE bss_shared."Währungen 100% ""s""" TO bss_admin;

GRANT SELECT ON TABLE bss_shared."Währungen 100% ""s""" TO bss_analytics;

GRANT SELECT ON TABLE bss_shared."Währungen 100% ""s""" TO bss_app;

GRANT SELECT ON TABLE bss_shared."Währungen 100% ""s""" TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON bss_shared."Währungen 100% ""s""" REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_613ef644d9bb343134ece3eb89b0e5ee();

CREATE TRIGGER capture_insert AFTER INSERT ON bss_shared."Währungen 100% ""s""" REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_cfd3bbd7f52c62e7dac27354ee4f2f22();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON bss_shared."Währungen 100% ""s""" FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_2bc9d5b144bd4fb95767155ac799383a();

CREATE TRIGGER capture_update AFTER UPDATE ON bss_shared."Währungen 100% ""s""" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_d09625d797c4211261dc25cbd962187c();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON bss_shared."Währungen 100% ""s""" FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
