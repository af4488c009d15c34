CREATE TABLE tenant_golden.items (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    item_id uuid DEFAULT gen_random_uuid() NOT NULL,
    flag boolean,
    choice boolean,
    id uuid,
    day date,
    moment timestamp with time zone,
    "time" time without time zone,
    term interval,
    v4 inet,
    v6 inet,
    bytes bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT items_bytes_enum_check CHECK ((bytes = ANY (ARRAY['\x000102ff'::bytea, '\x'::bytea]))),
    CONSTRAINT items_choice_enum_check CHECK ((choice = ANY (ARRAY[false, true]))),
    CONSTRAINT items_day_enum_check CHECK ((day = ANY (ARRAY['2024-02-29'::date, '1999-12-31'::date]))),
    CONSTRAINT items_flag_const_check CHECK ((flag = true)),
    CONSTRAINT items_id_enum_check CHECK ((id = ANY (ARRAY['f81d4fae-7dec-11d0-a765-00a0c91e6bf6'::uuid]))),
    CONSTRAINT items_moment_enum_check CHECK ((moment = ANY (ARRAY['2024-01-01 00:00:00+00'::timestamp with time zone, '2024-07-01 05:00:00.25+00'::timestamp with time zone]))),
    CONSTRAINT items_pkey PRIMARY KEY (item_id),
    CONSTRAINT items_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)),
    CONSTRAINT items_term_enum_check CHECK ((term = ANY (ARRAY['P1M'::interval, 'P1Y2M10DT2H30M'::interval, 'PT1M30S'::interval, 'P14D'::interval, 'PT36H'::interval]))),
    CONSTRAINT items_time_const_check CHECK (("time" = '09:30:00.5'::time without time zone)),
    CONSTRAINT items_v4_enum_check CHECK ((v4 = ANY (ARRAY['10.0.0.1'::inet, '192.168.1.254'::inet]))),
    CONSTRAINT items_v4_format_check CHECK (((family(v4) = 4) AND (masklen(v4) = 32))),
    CONSTRAINT items_v6_enum_check CHECK ((v6 = ANY (ARRAY['2001:db8::1'::inet, '::'::inet]))),
    CONSTRAINT items_v6_format_check CHECK (((family(v6) = 6) AND (masklen(v6) = 128)))
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
