CREATE TABLE tenant_golden.orders (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    order_no bigint NOT NULL,
    branch text NOT NULL,
    note text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT orders_pkey PRIMARY KEY (branch, order_no),
    CONSTRAINT orders_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.orders ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.lines (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    branch text NOT NULL,
    order_no bigint NOT NULL,
    line_no integer NOT NULL,
    sku text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT lines_branch_sku_key UNIQUE (branch, sku),
    CONSTRAINT lines_order_no_sku_key UNIQUE NULLS NOT DISTINCT (order_no, sku),
    CONSTRAINT lines_pkey PRIMARY KEY (branch, order_no, line_no),
    CONSTRAINT lines_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.lines ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

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

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.lines REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_e064ac0c8852923c7e626e142c5dc24c();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.lines REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_9c8b7cc85474c9688bf6624bb0486257();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.lines FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_1ed9ddbf450feae679dee26d91d68791();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.lines REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_e3d2c2e86abe5b664512deb893b16903();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.lines FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
