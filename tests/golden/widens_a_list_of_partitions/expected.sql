ALTER TABLE tenant_golden.orders DROP CONSTRAINT orders_region_enum_check;

CREATE TABLE tenant_golden.orders_is_west PARTITION OF tenant_golden.orders FOR VALUES IN ('west');

ALTER TABLE tenant_golden.orders_is_west ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

ALTER TABLE tenant_golden.orders ADD CONSTRAINT orders_region_enum_check CHECK ((region = ANY (ARRAY['north'::text, 'west'::text])));

CREATE POLICY analytics_read ON tenant_golden.orders_is_west FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.orders_is_west FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.orders_is_west FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));
