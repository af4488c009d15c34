CREATE TABLE tenant_golden."order" (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    "user" bigint,
    "order" bigint,
    "select" bigint,
    "json" bigint,
    "system_user" bigint,
    "json_table" bigint,
    "json_value" bigint,
    "merge_action" bigint,
    "table" bigint,
    "end" bigint,
    "interval" bigint,
    "values" bigint,
    "row" bigint,
    "bigint" bigint,
    "xmltable" bigint,
    "current_user" bigint,
    "all" bigint,
    "tablesample" bigint,
    "position" bigint,
    "none" bigint,
    "between" bigint,
    "coalesce" bigint,
    "offset" bigint,
    "default" bigint,
    name bigint,
    type bigint,
    key bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT order_all_minimum_check CHECK (("all" >= '0'::bigint)),
    CONSTRAINT order_between_minimum_check CHECK (("between" >= '0'::bigint)),
    CONSTRAINT order_bigint_minimum_check CHECK (("bigint" >= '0'::bigint)),
    CONSTRAINT order_coalesce_minimum_check CHECK (("coalesce" >= '0'::bigint)),
    CONSTRAINT order_current_user_minimum_check CHECK (("current_user" >= '0'::bigint)),
    CONSTRAINT order_default_minimum_check CHECK (("default" >= '0'::bigint)),
    CONSTRAINT order_end_minimum_check CHECK (("end" >= '0'::bigint)),
    CONSTRAINT order_interval_minimum_check CHECK (("interval" >= '0'::bigint)),
    CONSTRAINT order_json_minimum_check CHECK (("json" >= '0'::bigint)),
    CONSTRAINT order_json_table_minimum_check CHECK (("json_table" >= '0'::bigint)),
    CONSTRAINT order_json_table_order_key UNIQUE ("json_table", "order"),
    CONSTRAINT order_json_value_minimum_check CHECK (("json_value" >= '0'::bigint)),
    CONSTRAINT order_key_minimum_check CHECK ((key >= '0'::bigint)),
    CONSTRAINT order_merge_action_minimum_check CHECK (("merge_action" >= '0'::bigint)),
    CONSTRAINT order_name_minimum_check CHECK ((name >= '0'::bigint)),
    CONSTRAINT order_none_minimum_check CHECK (("none" >= '0'::bigint)),
    CONSTRAINT order_offset_minimum_check CHECK (("offset" >= '0'::bigint)),
    CONSTRAINT order_order_minimum_check CHECK (("order" >= '0'::bigint)),
    CONSTRAINT order_pkey PRIMARY KEY (id),
    CONSTRAINT order_position_minimum_check CHECK (("position" >= '0'::bigint)),
    CONSTRAINT order_row_minimum_check CHECK (("row" >= '0'::bigint)),
    CONSTRAINT order_select_minimum_check CHECK (("select" >= '0'::bigint)),
    CONSTRAINT order_system_user_minimum_check CHECK (("system_user" >= '0'::bigint)),
    CONSTRAINT order_table_minimum_check CHECK (("table" >= '0'::bigint)),
    CONSTRAINT order_tablesample_minimum_check CHECK (("tablesample" >= '0'::bigint)),
    CONSTRAINT order_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)),
    CONSTRAINT order_type_minimum_check CHECK ((type >= '0'::bigint)),
    CONSTRAINT order_user_minimum_check CHECK (("user" >= '0'::bigint)),
    CONSTRAINT order_values_minimum_check CHECK (("values" >= '0'::bigint)),
    CONSTRAINT order_xmltable_minimum_check CHECK (("xmltable" >= '0'::bigint))
);

ALTER TABLE tenant_golden."order" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden."json" (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    "user" uuid DEFAULT gen_random_uuid() NOT NULL,
    order_id uuid,
    "json" text DEFAULT 'json'::text,
    "json_value" jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT json_json_enum_check CHECK (("json" = ANY (ARRAY['json'::text, 'system_user'::text]))),
    CONSTRAINT json_json_max_length_check CHECK ((char_length("json") <= 20)),
    CONSTRAINT json_json_value_value_check CHECK ((("json_value" IS NULL) OR ((("json_value" @@ 'strict ($.type() == "object")'::jsonpath) IS TRUE) AND (("json_value" @@ '!($."json_value".type() != "string")'::jsonpath) IS TRUE)))),
    CONSTRAINT json_pkey PRIMARY KEY ("user"),
    CONSTRAINT json_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden."json" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE INDEX order_json_system_user_idx ON tenant_golden."order" USING btree ("json", "system_user");

CREATE INDEX order_user_idx ON tenant_golden."order" USING btree ("user");

CREATE INDEX json_order_id_idx ON tenant_golden."json" USING btree (order_id);

ALTER TABLE tenant_golden."json" ADD CONSTRAINT json_order_id_fkey FOREIGN KEY (order_id) REFERENCES tenant_golden."order"(id);

CREATE POLICY analytics_read ON tenant_golden."order" FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden."order" FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden."order" FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden."order" TO bss_admin;

GRANT SELECT ON TABLE tenant_golden."order" TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden."order" TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden."order" TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden."order" REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_3a18ecb2d19bcd171d4dd45711291675();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden."order" REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_3aa21b119f04a8bd7c57eb337c1881cb();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden."order" FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_a1294d5dd083e140bd534f85d20b860e();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden."order" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_56ae6ff7a11fcc6904c170d883648ce1();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden."order" FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden."json" FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden."json" FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden."json" FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden."json" TO bss_admin;

GRANT SELECT ON TABLE tenant_golden."json" TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden."json" TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden."json" TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden."json" REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_2c2630f01800500b45b859d5e0810bad();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden."json" REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_c9c5bfdce257d0877d3abf091855b193();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden."json" FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_78f955845501ab7a161c5d6deb977605();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden."json" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_8f72142897486c5d25598edf78007206();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden."json" FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
