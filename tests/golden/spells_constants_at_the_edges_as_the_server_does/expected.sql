CREATE TABLE tenant_golden.items (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    item_id uuid DEFAULT gen_random_uuid() NOT NULL,
    doubles double precision,
    reals real,
    numerics numeric,
    scaled numeric(3,2) DEFAULT 9.9,
    v6 inet,
    moments timestamp with time zone,
    days date,
    times time without time zone,
    terms interval,
    bytes bytea,
    texts text DEFAULT '\n'::text,
    "json" jsonb DEFAULT '{"": {}, "b": 2, "n": [1.10, 1000, 0.0, 0.0000001], "s": "\u0001\u001f\"\\/ ", "z": "", "aa": 1, "é": 3, "😀": 4}'::jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT items_bytes_enum_check CHECK ((bytes = ANY (ARRAY['\x'::bytea, '\xffff'::bytea, '\x00'::bytea]))),
    CONSTRAINT items_days_enum_check CHECK ((days = ANY (ARRAY['0001-01-01'::date, '9999-12-31'::date]))),
    CONSTRAINT items_doubles_enum_check CHECK ((doubles = ANY (ARRAY['9.999999999999999e+22'::double precision, '9.007199254740992e+15'::double precision, '5e-324'::double precision, '1.7976931348623157e+308'::double precision, '1e+15'::double precision, '999999999999999.9'::double precision, '0.0001'::double precision, '1e-05'::double precision, '-9.999999999999999e+22'::double precision, '5.684341886080802e-14'::double precision]))),
    CONSTRAINT items_moments_enum_check CHECK ((moments = ANY (ARRAY['0099-01-01 00:00:00+00'::timestamp with time zone, '9999-12-31 23:59:59.999999+00'::timestamp with time zone, '2024-01-01 00:00:00.1+00'::timestamp with time zone, '1883-11-18 12:00:00+00'::timestamp with time zone, '2024-02-29 09:59:59.5+00'::timestamp with time zone]))),
    CONSTRAINT items_numerics_enum_check CHECK ((numerics = ANY (ARRAY[0.00000000000000000001, '100000000000000000000'::numeric, 0.0, 0.10, 12345678901234567890123456789012345678901234567890.5, '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric]))),
    CONSTRAINT items_pkey PRIMARY KEY (item_id),
    CONSTRAINT items_reals_enum_check CHECK ((reals = ANY (ARRAY['1e-45'::real, '3.4028235e+38'::real, '1.1754944e-38'::real, '3.355443e+07'::real, '8.5e+08'::real, '1e+06'::real, '999999'::real, '0.0001'::real, '0.33333334'::real]))),
    CONSTRAINT items_scaled_enum_check CHECK ((scaled = ANY (ARRAY['-9.99'::numeric, 9.9, '0'::numeric]))),
    CONSTRAINT items_scaled_maximum_check CHECK ((scaled <= '100000'::numeric)),
    CONSTRAINT items_scaled_minimum_check CHECK ((scaled >= 0.001)),
    CONSTRAINT items_scaled_multiple_of_check CHECK (((scaled % 0.005) = '0'::numeric)),
    CONSTRAINT items_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)),
    CONSTRAINT items_terms_enum_check CHECK ((terms = ANY (ARRAY['PT0S'::interval, 'P999999Y'::interval, 'P1Y1M'::interval, 'P35D'::interval, 'PT999999H'::interval, 'PT1H'::interval, 'P1Y2M3DT4H5M6S'::interval]))),
    CONSTRAINT items_texts_enum_check CHECK ((texts = ANY (ARRAY['	'::text, '
'::text, '\n'::text, ''::text, ''::text, 'E''x'''::text, 'U&''\0061'''::text, '$$'::text, '/* */ -- ; :x'::text, '😀'::text, 'a̐'::text, '‮'::text]))),
    CONSTRAINT items_times_enum_check CHECK ((times = ANY (ARRAY['00:00:00'::time without time zone, '23:59:59.999999'::time without time zone, '12:00:00'::time without time zone]))),
    CONSTRAINT items_v6_enum_check CHECK ((v6 = ANY (ARRAY['::'::inet, '::1'::inet, '::1.2.3.4'::inet, '::ffff:1.2.3.4'::inet, '1:0:0:2::3'::inet, '2001:db8:0:1:1:1:1:1'::inet, '1:0:2:0:3:0:4:0'::inet, '64:ff9b::102:304'::inet]))),
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
