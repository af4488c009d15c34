CREATE TABLE tenant_golden.invoices (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    invoice_id uuid DEFAULT gen_random_uuid() NOT NULL,
    currency text,
    amount numeric NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT invoices_pkey PRIMARY KEY (invoice_id),
    CONSTRAINT invoices_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.invoices ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE INDEX invoices_currency_idx ON tenant_golden.invoices USING btree (currency);

ALTER TABLE tenant_golden.invoices ADD CONSTRAINT invoices_currency_fkey FOREIGN KEY (currency) REFERENCES bss_shared.currencies(code);

CREATE POLICY analytics_read ON tenant_golden.invoices FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.invoices FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.invoices FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.invoices TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.invoices TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.invoices TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.invoices TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.invoices REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_a9a882b905a0c63f24da9721adcf0a9a();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.invoices REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_01f17a9530d995b2a5d95d9dfc9f9099();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.invoices FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_3404fe9ee74506f713686f4dec0e1f14();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.invoices REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_1ccc47d73cea24091bb79334eeb33657();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.invoices FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
