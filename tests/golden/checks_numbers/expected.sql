CREATE TABLE tenant_golden.items (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    item_id uuid DEFAULT gen_random_uuid() NOT NULL,
    amount numeric,
    negative numeric,
    exponent numeric,
    scaled numeric(4,2),
    choice numeric,
    "float" real,
    double double precision,
    double_choice double precision,
    float_choice real,
    one numeric,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT items_amount_exclusive_maximum_check CHECK ((amount < 1000000.5)),
    CONSTRAINT items_amount_minimum_check CHECK ((amount >= '0'::numeric)),
    CONSTRAINT items_amount_multiple_of_check CHECK (((amount % 0.01) = '0'::numeric)),
    CONSTRAINT items_choice_enum_check CHECK ((choice = ANY (ARRAY['1'::numeric, 1.5, '-2.5'::numeric, 1000.0]))),
    CONSTRAINT items_double_choice_enum_check CHECK ((double_choice = ANY (ARRAY['0.1'::double precision, '0'::double precision, '1e+15'::double precision, '1.2345678901234568e+17'::double precision, '1e-05'::double precision]))),
    CONSTRAINT items_double_exclusive_maximum_check CHECK ((double < '1e+300'::double precision)),
    CONSTRAINT items_double_exclusive_minimum_check CHECK ((double > '0.1'::double precision)),
    CONSTRAINT items_double_multiple_of_check CHECK ((((double)::numeric % '3'::numeric) = '0'::numeric)),
    CONSTRAINT items_exponent_maximum_check CHECK ((exponent <= '150000000000000000000'::numeric)),
    CONSTRAINT items_exponent_minimum_check CHECK ((exponent >= 0.0000001)),
    CONSTRAINT items_float_choice_enum_check CHECK ((float_choice = ANY (ARRAY['0.1'::real, '1e+06'::real, '3.4e+38'::real, '-1e-05'::real]))),
    CONSTRAINT items_float_maximum_check CHECK (("float" <= '1.6777216e+07'::real)),
    CONSTRAINT items_float_minimum_check CHECK (("float" >= '-0.1'::real)),
    CONSTRAINT items_float_multiple_of_check CHECK (((("float")::numeric % 0.5) = '0'::numeric)),
    CONSTRAINT items_negative_maximum_check CHECK ((negative <= '-0.5'::numeric)),
    CONSTRAINT items_negative_minimum_check CHECK ((negative >= '-1.5'::numeric)),
    CONSTRAINT items_one_const_check CHECK ((one = 0.0)),
    CONSTRAINT items_pkey PRIMARY KEY (item_id),
    CONSTRAINT items_scaled_maximum_check CHECK ((scaled <= 99.99)),
    CONSTRAINT items_scaled_minimum_check CHECK ((scaled >= '0'::numeric)),
    CONSTRAINT items_scaled_multiple_of_check CHECK (((scaled % 0.05) = '0'::numeric)),
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
