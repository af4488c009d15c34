CREATE TABLE tenant_golden.boxes (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    box_id uuid DEFAULT gen_random_uuid() NOT NULL,
    size jsonb,
    label text,
    code text,
    item_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT boxes_code_max_length_check CHECK ((char_length(code) <= 5)),
    CONSTRAINT boxes_label_max_length_check CHECK ((char_length(label) <= 5)),
    CONSTRAINT boxes_pkey PRIMARY KEY (box_id),
    CONSTRAINT boxes_size_value_check CHECK (((size IS NULL) OR ((size @@ 'strict ($."width".type() == "number")'::jsonpath) IS TRUE))),
    CONSTRAINT boxes_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.boxes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE INDEX boxes_item_id_idx ON tenant_golden.boxes USING btree (item_id);

ALTER TABLE tenant_golden.boxes ADD CONSTRAINT boxes_item_id_fkey FOREIGN KEY (item_id) REFERENCES tenant_golden.items(item_id);

CREATE POLICY analytics_read ON tenant_golden.boxes FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.boxes FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.boxes FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.boxes TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.boxes TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.boxes TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.boxes TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.boxes REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_be5555c27c40dd07503246fc6e73eb5e();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.boxes REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_5e82e72e538fed83c218c94b56de2549();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.boxes FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_cbd5914a07903d6cbe3786da69c9c61e();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.boxes REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_d4abd5193806044416e359a46647b401();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.boxes FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
