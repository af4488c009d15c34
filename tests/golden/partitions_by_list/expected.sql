CREATE TABLE tenant_golden.orders (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    order_id bigint NOT NULL,
    region text NOT NULL,
    level integer,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT orders_level_enum_check CHECK ((level = ANY (ARRAY['-1'::integer, 0, 1]))),
    CONSTRAINT orders_pkey PRIMARY KEY (order_id, region),
    CONSTRAINT orders_region_enum_check CHECK ((region = ANY (ARRAY['north'::text, 'south'::text, 'It''s 100%'::text, 'default'::text, 'Åland'::text]))),
    CONSTRAINT orders_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
) PARTITION BY LIST (region);

ALTER TABLE tenant_golden.orders ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.tasks (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    task_id bigint NOT NULL,
    level integer NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT tasks_level_enum_check CHECK ((level = ANY (ARRAY['-1'::integer, 0, 1]))),
    CONSTRAINT tasks_pkey PRIMARY KEY (task_id, level),
    CONSTRAINT tasks_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
) PARTITION BY LIST (level);

ALTER TABLE tenant_golden.tasks ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.flags (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    flag_id bigint NOT NULL,
    "json_value" boolean NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT flags_json_value_enum_check CHECK (("json_value" = ANY (ARRAY[true, false]))),
    CONSTRAINT flags_pkey PRIMARY KEY (flag_id, "json_value"),
    CONSTRAINT flags_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
) PARTITION BY LIST ("json_value");

ALTER TABLE tenant_golden.flags ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.orders_default PARTITION OF tenant_golden.orders DEFAULT;

ALTER TABLE tenant_golden.orders_default ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.orders_is_37a8eec1 PARTITION OF tenant_golden.orders FOR VALUES IN ('default');

ALTER TABLE tenant_golden.orders_is_37a8eec1 ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.orders_is_a8dd0c39 PARTITION OF tenant_golden.orders FOR VALUES IN ('It''s 100%');

ALTER TABLE tenant_golden.orders_is_a8dd0c39 ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.orders_is_fdf50c31 PARTITION OF tenant_golden.orders FOR VALUES IN ('Åland');

ALTER TABLE tenant_golden.orders_is_fdf50c31 ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.orders_is_north PARTITION OF tenant_golden.orders FOR VALUES IN ('north');

ALTER TABLE tenant_golden.orders_is_north ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.orders_is_south PARTITION OF tenant_golden.orders FOR VALUES IN ('south');

ALTER TABLE tenant_golden.orders_is_south ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.tasks_default PARTITION OF tenant_golden.tasks DEFAULT;

ALTER TABLE tenant_golden.tasks_default ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.tasks_is_0 PARTITION OF tenant_golden.tasks FOR VALUES IN (0);

ALTER TABLE tenant_golden.tasks_is_0 ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.tasks_is_1 PARTITION OF tenant_golden.tasks FOR VALUES IN (1);

ALTER TABLE tenant_golden.tasks_is_1 ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.tasks_is_1bad6b8c PARTITION OF tenant_golden.tasks FOR VALUES IN ('-1');

ALTER TABLE tenant_golden.tasks_is_1bad6b8c ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.flags_default PARTITION OF tenant_golden.flags DEFAULT;

ALTER TABLE tenant_golden.flags_default ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.flags_is_false PARTITION OF tenant_golden.flags FOR VALUES IN (false);

ALTER TABLE tenant_golden.flags_is_false ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.flags_is_true PARTITION OF tenant_golden.flags FOR VALUES IN (true);

ALTER TABLE tenant_golden.flags_is_true ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY analytics_read ON tenant_golden.orders FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.orders FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.orders FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.orders TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.orders TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.orders TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.orders TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.orders REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_980c8ed9e6542c537ef39d327eb530b0();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.orders REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_36a7ed7a7bcf6ebaa08ba255f527e22f();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.orders FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_1df4fd064cc3038f32930976d7a84394();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.orders REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_35af2185df58369622df60d77ab4f677();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.orders FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden.orders_default FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.orders_default FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.orders_default FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

CREATE POLICY analytics_read ON tenant_golden.orders_is_37a8eec1 FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.orders_is_37a8eec1 FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.orders_is_37a8eec1 FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

CREATE POLICY analytics_read ON tenant_golden.orders_is_a8dd0c39 FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.orders_is_a8dd0c39 FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.orders_is_a8dd0c39 FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

CREATE POLICY analytics_read ON tenant_golden.orders_is_fdf50c31 FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.orders_is_fdf50c31 FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.orders_is_fdf50c31 FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

CREATE POLICY analytics_read ON tenant_golden.orders_is_north FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.orders_is_north FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.orders_is_north FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

CREATE POLICY analytics_read ON tenant_golden.orders_is_south FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.orders_is_south FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.orders_is_south FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

CREATE POLICY analytics_read ON tenant_golden.tasks FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.tasks FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.tasks FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.tasks TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.tasks TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.tasks TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.tasks TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.tasks REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_9bff420e2606d20fd64b16e8ea20ff6f();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.tasks REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_82b6a82f9aa79e3e04cf68a28e1f86cd();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.tasks FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_4318037f655c98b85c203c63daaac3a0();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.tasks REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_4c17abfc3c658766db9720cb2f851e2f();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.tasks FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden.tasks_default FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.tasks_default FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.tasks_default FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

CREATE POLICY analytics_read ON tenant_golden.tasks_is_0 FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.tasks_is_0 FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.tasks_is_0 FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

CREATE POLICY analytics_read ON tenant_golden.tasks_is_1 FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.tasks_is_1 FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.tasks_is_1 FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

CREATE POLICY analytics_read ON tenant_golden.tasks_is_1bad6b8c FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.tasks_is_1bad6b8c FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.tasks_is_1bad6b8c FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

CREATE POLICY analytics_read ON tenant_golden.flags FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.flags FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.flags FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.flags TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.flags TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.flags TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.flags TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.flags REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_51c30191278d5051c4cb2a96f90d4bf4();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.flags REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_f02254fe8a9113f2e6c202377e7f3cb7();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.flags FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_2bd46bac4addae7392e312d0bc3f2cb7();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.flags REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_3ad870efb4e475423188d51e82194534();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.flags FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden.flags_default FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.flags_default FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.flags_default FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

CREATE POLICY analytics_read ON tenant_golden.flags_is_false FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.flags_is_false FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.flags_is_false FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

CREATE POLICY analytics_read ON tenant_golden.flags_is_true FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.flags_is_true FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.flags_is_true FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));
