CREATE TABLE tenant_golden.people (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    id bigint NOT NULL,
    name text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT people_pkey PRIMARY KEY (id),
    CONSTRAINT people_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.people ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.accounts (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    account_id text NOT NULL,
    owner_id bigint NOT NULL,
    manager_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT accounts_pkey PRIMARY KEY (account_id),
    CONSTRAINT accounts_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.accounts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN tenant_golden.accounts.manager_id IS 'Who decides';

CREATE INDEX accounts_manager_id_idx ON tenant_golden.accounts USING btree (manager_id);

CREATE INDEX accounts_owner_id_idx ON tenant_golden.accounts USING btree (owner_id);

ALTER TABLE tenant_golden.accounts ADD CONSTRAINT accounts_manager_id_fkey FOREIGN KEY (manager_id) REFERENCES tenant_golden.people(id);

ALTER TABLE tenant_golden.accounts ADD CONSTRAINT accounts_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES tenant_golden.people(id);

CREATE POLICY analytics_read ON tenant_golden.people FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.people FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.people FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.people TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.people TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.people TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.people TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.people REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_964922e35d411febe1bed8d27d8e956a();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.people REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_8c9ccba33136778eed88ee36b84c9421();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.people FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_a37a8514f2e416153a58031bdcc7e82b();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.people REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_0f65003bb9bde21780f5c5f41d351d3e();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.people FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden.accounts FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.accounts FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.accounts FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.accounts TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.accounts TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.accounts TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.accounts TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.accounts REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_6c5538d2c9484adf251910a952db8379();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.accounts REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_461c16e1f43cf266e07a4ed275da3d70();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.accounts FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_53007169e22334504567f5890facb490();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.accounts REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_ab69ffc2a75ec57b8f0da72b2ad09fc6();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.accounts FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
