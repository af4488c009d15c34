CREATE TABLE tenant_golden.items (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    item_id uuid DEFAULT gen_random_uuid() NOT NULL,
    text text DEFAULT 'it''s 100% \ "quoted" %2$L'::text NOT NULL,
    empty text DEFAULT ''::text,
    uuid uuid DEFAULT '00000000-0000-0000-0000-000000000000'::uuid,
    date date DEFAULT '2024-02-29'::date,
    moment timestamp with time zone DEFAULT '2024-01-01 10:00:00.123456+00'::timestamp with time zone,
    "time" time without time zone DEFAULT '23:59:59'::time without time zone,
    term interval DEFAULT 'P1Y6M'::interval,
    v4 inet DEFAULT '127.0.0.1'::inet,
    v6 inet DEFAULT '2001:db8::1'::inet,
    bytes bytea DEFAULT '\x48656c6c6f'::bytea,
    "integer" bigint DEFAULT '0'::bigint NOT NULL,
    negative bigint DEFAULT '-1'::bigint,
    large bigint DEFAULT '3000000000'::bigint,
    int32 integer DEFAULT 7,
    negative_int32 integer DEFAULT '-7'::integer,
    small smallint DEFAULT '1'::smallint,
    huge numeric DEFAULT '123456789012345678901234567890'::numeric,
    number numeric DEFAULT 1.5,
    whole_number numeric DEFAULT '2'::numeric,
    negative_number numeric DEFAULT '-2.5'::numeric,
    scaled numeric(6,2) DEFAULT 9.99,
    "float" real DEFAULT '0.1'::real,
    double double precision DEFAULT '1e+100'::double precision,
    yes boolean DEFAULT true NOT NULL,
    no boolean DEFAULT false,
    object jsonb DEFAULT '{"a": {"x": "it''s"}, "b": [1, 2.5, null], "long name": true}'::jsonb NOT NULL,
    "array" jsonb DEFAULT '[]'::jsonb,
    scalar jsonb DEFAULT '"text"'::jsonb,
    "none" text,
    checked text DEFAULT 'draft'::text,
    matched text DEFAULT 'abc'::text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT items_array_value_check CHECK ((("array" IS NULL) OR (("array" @@ 'strict ($.type() == "array")'::jsonpath) IS TRUE))),
    CONSTRAINT items_checked_enum_check CHECK ((checked = ANY (ARRAY['draft'::text, 'final'::text]))),
    CONSTRAINT items_huge_maximum_check CHECK ((huge <= '10000000000000000000000000000000000000000'::numeric)),
    CONSTRAINT items_huge_type_check CHECK ((huge = trunc(huge))),
    CONSTRAINT items_matched_pattern_check CHECK ((matched ~ '^[a-z]+$'::text)),
    CONSTRAINT items_object_value_check CHECK (((object IS NULL) OR ((object @@ 'strict ($.type() == "object")'::jsonpath) IS TRUE))),
    CONSTRAINT items_pkey PRIMARY KEY (item_id),
    CONSTRAINT items_scalar_value_check CHECK (((scalar IS NULL) OR ((scalar @@ 'strict ($.type() == "string" || $.type() == "number" && $ % 1 == 0)'::jsonpath) IS TRUE))),
    CONSTRAINT items_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)),
    CONSTRAINT items_v4_format_check CHECK (((family(v4) = 4) AND (masklen(v4) = 32))),
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
