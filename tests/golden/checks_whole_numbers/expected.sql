CREATE TABLE tenant_golden.items (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    item_id uuid DEFAULT gen_random_uuid() NOT NULL,
    minimum bigint,
    maximum bigint,
    above bigint,
    below bigint,
    even bigint,
    half bigint,
    fraction_bounds bigint,
    big bigint,
    beyond numeric,
    int32 integer,
    small smallint,
    choice bigint,
    one bigint,
    numeric_choice numeric,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT items_above_exclusive_minimum_check CHECK ((above > '0'::bigint)),
    CONSTRAINT items_below_exclusive_maximum_check CHECK ((below < '2147483648'::bigint)),
    CONSTRAINT items_beyond_maximum_check CHECK ((beyond <= '99999999999999999999'::numeric)),
    CONSTRAINT items_beyond_minimum_check CHECK ((beyond >= '0'::numeric)),
    CONSTRAINT items_beyond_type_check CHECK ((beyond = trunc(beyond))),
    CONSTRAINT items_big_maximum_check CHECK ((big <= '9223372036854775807'::bigint)),
    CONSTRAINT items_big_minimum_check CHECK ((big >= '-9223372036854775808'::bigint)),
    CONSTRAINT items_choice_enum_check CHECK ((choice = ANY (ARRAY['1'::bigint, '2'::bigint, '3000000000'::bigint, '-4'::bigint]))),
    CONSTRAINT items_even_multiple_of_check CHECK (((even % '2'::bigint) = '0'::bigint)),
    CONSTRAINT items_fraction_bounds_exclusive_maximum_check CHECK ((fraction_bounds < '11'::bigint)),
    CONSTRAINT items_fraction_bounds_exclusive_minimum_check CHECK ((fraction_bounds > '-1'::bigint)),
    CONSTRAINT items_fraction_bounds_maximum_check CHECK ((fraction_bounds <= '9'::bigint)),
    CONSTRAINT items_fraction_bounds_minimum_check CHECK ((fraction_bounds >= '1'::bigint)),
    CONSTRAINT items_half_multiple_of_check CHECK ((((half)::numeric % 1.5) = '0'::numeric)),
    CONSTRAINT items_int32_maximum_check CHECK ((int32 <= 2147483647)),
    CONSTRAINT items_int32_minimum_check CHECK ((int32 >= '-2147483648'::integer)),
    CONSTRAINT items_int32_multiple_of_check CHECK (((int32 % 7) = 0)),
    CONSTRAINT items_maximum_maximum_check CHECK ((maximum <= '5'::bigint)),
    CONSTRAINT items_minimum_minimum_check CHECK ((minimum >= '-5'::bigint)),
    CONSTRAINT items_numeric_choice_enum_check CHECK ((numeric_choice = ANY (ARRAY['1'::numeric, '99999999999999999999'::numeric]))),
    CONSTRAINT items_numeric_choice_maximum_check CHECK ((numeric_choice <= '99999999999999999999'::numeric)),
    CONSTRAINT items_numeric_choice_type_check CHECK ((numeric_choice = trunc(numeric_choice))),
    CONSTRAINT items_one_const_check CHECK ((one = '-1'::bigint)),
    CONSTRAINT items_pkey PRIMARY KEY (item_id),
    CONSTRAINT items_small_enum_check CHECK ((small = ANY (ARRAY['-1'::smallint, '0'::smallint, '1'::smallint]))),
    CONSTRAINT items_small_maximum_check CHECK ((small <= '32767'::smallint)),
    CONSTRAINT items_small_minimum_check CHECK ((small >= '-32768'::smallint)),
    CONSTRAINT items_small_multiple_of_check CHECK (((small % '3'::smallint) = '0'::smallint)),
    CONSTRAINT items_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.items ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY analytics_read ON tenant_golden.items FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.items FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.items FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.items TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.items TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.items TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.items TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_8e5010b117d148bcd8c5b6033c1fc814();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.items REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_dd51989c993b99df5f5d0281b9591d59();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.items FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_0e12b188d7930cabce1a73c928349f57();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_a8936cac97d8fd224b963de8f7a9c0df();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.items FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
