CREATE TABLE tenant_golden.payments (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    payment_id uuid DEFAULT gen_random_uuid() NOT NULL,
    invoice_id uuid NOT NULL,
    amount numeric NOT NULL,
    payment_date date NOT NULL,
    method text NOT NULL,
    status text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT payments_pkey PRIMARY KEY (payment_id),
    CONSTRAINT payments_status_enum_check CHECK ((status = ANY (ARRAY['processing'::text, 'completed'::text, 'failed'::text, 'refunded'::text]))),
    CONSTRAINT payments_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.payments ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN tenant_golden.payments.method IS 'How it was paid, such as credit_card or wire_transfer';

CREATE INDEX payments_invoice_id_idx ON tenant_golden.payments USING btree (invoice_id);

ALTER TABLE tenant_golden.payments ADD CONSTRAINT payments_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES tenant_golden.invoices(invoice_id);

CREATE POLICY analytics_read ON tenant_golden.payments FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.payments FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.payments FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.payments TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.payments TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.payments TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.payments TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.payments REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_d095cd2867096c6014e77bb8ceb9daf7();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.payments REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_240a74fe5bb2714de6e6f41b545a4b26();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.payments FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_f4603563766c3eda6b65cdb80310df62();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.payments REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_b1c0f2ba3f1b39f8af165099d0a154c1();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.payments FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
