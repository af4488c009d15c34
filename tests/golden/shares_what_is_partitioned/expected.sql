CREATE TABLE tenant_golden.uses (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    use_id bigint NOT NULL,
    word_id text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT uses_pkey PRIMARY KEY (use_id),
    CONSTRAINT uses_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.uses ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE INDEX uses_word_id_idx ON tenant_golden.uses USING btree (word_id);

ALTER TABLE tenant_golden.uses ADD CONSTRAINT uses_word_id_fkey FOREIGN KEY (word_id) REFERENCES bss_shared.words(word_id);

CREATE POLICY analytics_read ON tenant_golden.uses FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.uses FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.uses FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.uses TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.uses TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.uses TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.uses TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.uses REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_313d66918692236fe91e1af8b7c0d660();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.uses REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_c56646abdd953dfe6fd335960f021289();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.uses FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_6d8bcc1b499f46590c95c69cf62986d4();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.uses REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_8e0537c61fa44dee6b9ded5788b6ee33();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.uses FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
