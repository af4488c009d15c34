CREATE TABLE tenant_golden.orders (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    order_id uuid DEFAULT gen_random_uuid() NOT NULL,
    lines jsonb,
    buyer_id text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT orders_lines_value_check CHECK (((lines IS NULL) OR ((lines @@ 'strict !(($[*]."sku" starts with "") is unknown)'::jsonpath) IS TRUE))),
    CONSTRAINT orders_pkey PRIMARY KEY (order_id),
    CONSTRAINT orders_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.orders ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.buyers (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    buyer_id text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT buyers_pkey PRIMARY KEY (buyer_id),
    CONSTRAINT buyers_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.buyers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE INDEX orders_buyer_id_idx ON tenant_golden.orders USING btree (buyer_id);

ALTER TABLE tenant_golden.orders ADD CONSTRAINT orders_buyer_id_fkey FOREIGN KEY (buyer_id) REFERENCES tenant_golden.buyers(buyer_id);

CREATE POLICY analytics_read ON tenant_golden.orders FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.orders FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.orders FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.orders TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.orders TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.orders TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.orders TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.orders REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_82963acbf1ca638968eee46854d55465();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.orders REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_5580f6fa8d6a5f1379081d90c034b643();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.orders FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_414d6f7f91df7e07a11821efea483543();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.orders REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_1a72ee176294655cac8b2ccbf6368e02();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.orders FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden.buyers FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.buyers FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.buyers FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.buyers TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.buyers TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.buyers TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.buyers TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.buyers REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_cf04f3361a639c95614b0181075c5e7b();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.buyers REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_1c81fb0794b5a55c6a0b7b5a401f2411();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.buyers FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_8ae7f50d58421d7394368182ccadce80();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.buyers REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_4f29e07ed22d877e26cbf109f5de85cd();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.buyers FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
