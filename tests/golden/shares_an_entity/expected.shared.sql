CREATE TABLE bss_shared.currencies (
    code text NOT NULL,
    name text NOT NULL,
    digits bigint DEFAULT '2'::bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT currencies_code_pattern_check CHECK ((code ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT currencies_digits_minimum_check CHECK ((digits >= '0'::bigint)),
    CONSTRAINT currencies_pkey PRIMARY KEY (code)
);

ALTER TABLE bss_shared.currencies ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN bss_shared.currencies.name IS 'In English.';

CREATE POLICY admin_all ON bss_shared.currencies FOR ALL TO bss_admin USING (true) WITH CHECK (true);

CREATE POLICY analytics_read ON bss_shared.currencies FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON bss_shared.currencies FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_read ON bss_shared.currencies FOR SELECT TO PUBLIC USING ((( SELECT bss.current_tenant_id() AS current_tenant_id) IS NOT NULL));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE bss_shared.currencies TO bss_admin;

GRANT SELECT ON TABLE bss_shared.currencies TO bss_analytics;

GRANT SELECT ON TABLE bss_shared.currencies TO bss_app;

GRANT SELECT ON TABLE bss_shared.currencies TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON bss_shared.currencies REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_17185cadd67b80b86bca1ff6dea034d0();

CREATE TRIGGER capture_insert AFTER INSERT ON bss_shared.currencies REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_1f80926c10d4f291d1961d4d51795da3();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON bss_shared.currencies FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_4d88cb2fdf83622aadfa1ab05c096391();

CREATE TRIGGER capture_update AFTER UPDATE ON bss_shared.currencies REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_6eb26c37f542a2fe340e52766b325969();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON bss_shared.currencies FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
