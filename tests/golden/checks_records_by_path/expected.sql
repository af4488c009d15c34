CREATE TABLE tenant_golden.order_lines (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    quantity bigint,
    unit_price numeric(12,2),
    first_name text,
    "last_""näme""_%" text,
    email text,
    starts_at timestamp with time zone,
    ends_at timestamp with time zone,
    ratio double precision,
    r real,
    small smallint,
    status text,
    paid_at date,
    amount numeric,
    flag boolean,
    address jsonb,
    code text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT order_lines_address_value_check CHECK (((address IS NULL) OR ((address @@ 'strict ($.type() == "object")'::jsonpath) IS TRUE))),
    CONSTRAINT order_lines_j1_check CHECK (((address @@ 'strict ($."city" == "it''s 100%")'::jsonpath) AND (address @@ 'strict ($."n" * (1 + $."m \\ x"[*]) - -1 >= 100)'::jsonpath) AND ((address @? '$."x"[0]'::jsonpath) IS TRUE))),
    CONSTRAINT order_lines_j2_check CHECK ((((address @@ 'strict ($."a" starts with "x")'::jsonpath) AND (address @@ 'strict ($."b".size() > 0)'::jsonpath) AND (NOT (address IS NOT NULL)) AND (address @@ 'strict ($."c" == null)'::jsonpath)) OR ((address IS NOT NULL) AND (address @@ 'strict ($."d".type() == "string")'::jsonpath)))),
    CONSTRAINT order_lines_n1_check CHECK (((NOT ((quantity + '1'::bigint) > ((small)::bigint % '3'::bigint))) AND (((amount / NULLIF((quantity)::numeric, '0'::numeric)) <> 1.5) IS UNKNOWN))),
    CONSTRAINT order_lines_n2_check CHECK (((((- (small)::bigint))::double precision < (ratio * '-2'::double precision)) AND (r = '0.1'::real) AND (r < ratio) AND (((ratio)::numeric % '2'::numeric) = '0'::numeric))),
    CONSTRAINT order_lines_paid_check CHECK ((((status = 'paid'::text) AND (paid_at IS NOT NULL)) OR (amount < '1000'::numeric))),
    CONSTRAINT order_lines_period_check CHECK ((ends_at > starts_at)),
    CONSTRAINT order_lines_pkey PRIMARY KEY (id),
    CONSTRAINT order_lines_t1_check CHECK (((first_name < (status COLLATE "C")) AND (code ^@ 'a''b%'::text) AND (code ~ '^[0-9]+$'::text) AND (code IS NOT NULL) AND (flag = true))),
    CONSTRAINT order_lines_t2_check CHECK (((starts_at >= '2020-01-01 00:00:00+00'::timestamp with time zone) AND ('3'::bigint < quantity) AND ((quantity)::numeric <> 2.5) AND ((small)::numeric < '70000'::numeric) AND (paid_at IS NULL))),
    CONSTRAINT order_lines_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.order_lines ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY analytics_read ON tenant_golden.order_lines FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.order_lines FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.order_lines FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.order_lines TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.order_lines TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.order_lines TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.order_lines TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.order_lines REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_6b0510c52be6ac1b0134ce2a918d4200();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.order_lines REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_40dde7df43afa6d554f44a269394cc9f();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.order_lines FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_16b6ea8dc24fecf57efdf19961788e6d();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.order_lines REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_6e93e5eb99b9f3defe0da91dad32fb15();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.order_lines FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
