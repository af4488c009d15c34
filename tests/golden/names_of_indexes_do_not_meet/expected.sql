CREATE TABLE tenant_golden.a (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    b_c text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT a_pkey PRIMARY KEY (id),
    CONSTRAINT a_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.a_b (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    c text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT a_b_9d3af616_pkey PRIMARY KEY (id),
    CONSTRAINT a_b_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.a_b ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.a_b_pkey (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    pk text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT a_b_pkey_pkey PRIMARY KEY (id),
    CONSTRAINT a_b_pkey_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.a_b_pkey ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE INDEX a_b_c_a85233af_idx ON tenant_golden.a USING btree (b_c);

CREATE INDEX a_b_c_fc9d7364_idx ON tenant_golden.a_b USING btree (c);

CREATE POLICY analytics_read ON tenant_golden.a FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.a FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.a FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.a TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.a TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.a TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.a TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.a REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_f770a6d1b7e390cc854276ee5f00820a();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.a REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_d1e43e558821fcc7052a7d62bda5173a();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.a FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_55ff75073a49825a96eae42fe707b312();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.a REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_76099af1f3c54d3bb6ff09fe7df40e4b();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.a FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden.a_b FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.a_b FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.a_b FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.a_b TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.a_b TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.a_b TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.a_b TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.a_b REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_23d1409df7ec0fb8c7ae05a07146cb98();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.a_b REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_6bae5659d907eb9826619c9c74f7950b();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.a_b FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_ad74d0a01492ca2874f23c77c9487441();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.a_b REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_84e88984d40a770a6537ecb109a8a4d7();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.a_b FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden.a_b_pkey FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.a_b_pkey FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.a_b_pkey FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.a_b_pkey TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.a_b_pkey TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.a_b_pkey TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.a_b_pkey TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.a_b_pkey REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_77ea83dca54cc7e1a91159fbe8bb66ba();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.a_b_pkey REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_508853154abc52a47e0155a7c642a062();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.a_b_pkey FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_ea7aebd159a6c9510a5293c8a994be7f();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.a_b_pkey REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_61676328de1502f55068381d03565703();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.a_b_pkey FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
