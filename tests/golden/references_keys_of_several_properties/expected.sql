CREATE TABLE tenant_golden.orders (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    branch text NOT NULL,
    order_no bigint NOT NULL,
    code text,
    region text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT orders_pkey PRIMARY KEY (branch, order_no),
    CONSTRAINT orders_region_code_key UNIQUE (region, code),
    CONSTRAINT orders_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.orders ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.lines (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    line_id uuid DEFAULT gen_random_uuid() NOT NULL,
    branch text NOT NULL,
    order_no bigint NOT NULL,
    region text,
    order_code text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT lines_pkey PRIMARY KEY (line_id),
    CONSTRAINT lines_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.lines ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.notes (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    order_no bigint NOT NULL,
    branch text NOT NULL,
    n bigint NOT NULL,
    text text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT notes_pkey PRIMARY KEY (branch, order_no, n),
    CONSTRAINT notes_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE INDEX lines_branch_order_no_idx ON tenant_golden.lines USING btree (branch, order_no);

CREATE INDEX lines_order_code_region_idx ON tenant_golden.lines USING btree (order_code, region);

ALTER TABLE tenant_golden.lines ADD CONSTRAINT lines_branch_order_no_fkey FOREIGN KEY (branch, order_no) REFERENCES tenant_golden.orders(branch, order_no) ON DELETE CASCADE;

ALTER TABLE tenant_golden.lines ADD CONSTRAINT lines_order_code_region_fkey FOREIGN KEY (order_code, region) REFERENCES tenant_golden.orders(code, region) ON DELETE SET NULL;

ALTER TABLE tenant_golden.notes ADD CONSTRAINT notes_branch_order_no_fkey FOREIGN KEY (branch, order_no) REFERENCES tenant_golden.orders(branch, order_no) ON DELETE RESTRICT;

CREATE POLICY analytics_read ON tenant_golden.orders FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.orders FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.orders FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.orders TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.orders TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.orders TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.orders TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.orders REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_a2915a0a9831d9a9de8056d86c4a98d2();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.orders REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_ffcbd6df155a729da387adc96fe1d0aa();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.orders FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_dd247efb75e0807c164471071d4e885d();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.orders REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_e4869ff0086b7d6d195d2b5bd2732c21();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.orders FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden.lines FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.lines FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.lines FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.lines TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.lines TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.lines TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.lines TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.lines REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_30235894a7be17c068b05cf83654afc5();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.lines REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_554c213a437c47816ecf58cce5df56d1();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.lines FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_499aa8c5d08d1d182bceb672fa9355dc();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.lines REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_3e9af96f8ddfb8f33cdc92a4b3daf463();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.lines FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden.notes FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.notes FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.notes FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.notes TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.notes TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.notes TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.notes TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.notes REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_fe60c8d3d9ee33e98bd160f0b050da7a();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.notes REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_2bdc5ea2a482d33779591a01a33b4389();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.notes FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_ddad93ead3981d6bfc337eaa4dca747c();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.notes REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_02b38b74483d84992779e30aea620121();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.notes FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
