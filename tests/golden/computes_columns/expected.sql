CREATE TABLE tenant_golden.order_lines (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    quantity bigint,
    unit_price numeric(12,2),
    total numeric(14,2) GENERATED ALWAYS AS (((quantity)::numeric * unit_price)) STORED,
    first_name text,
    "last_""näme""_%" text,
    "full" text GENERATED ALWAYS AS ((((first_name || ' '::text) || COALESCE("last_""näme""_%", 'it''s'::text)) || (quantity)::text)) STORED,
    email text,
    email_key text GENERATED ALWAYS AS (lower(btrim(email))) STORED,
    starts_at timestamp with time zone,
    ends_at timestamp with time zone,
    is_long boolean GENERATED ALWAYS AS (((quantity > '100'::bigint) OR (ratio >= '0.5'::double precision))) STORED,
    ratio double precision,
    r real,
    small smallint,
    status text,
    paid_at date,
    amount numeric,
    flag boolean,
    address jsonb,
    city text GENERATED ALWAYS AS ((address #>> '{city,0,"a,b"}'::text[])) STORED,
    code text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT order_lines_address_value_check CHECK (((address IS NULL) OR ((address @@ 'strict ($.type() == "object")'::jsonpath) IS TRUE))),
    CONSTRAINT order_lines_email_key_key UNIQUE (email_key),
    CONSTRAINT order_lines_pkey PRIMARY KEY (id),
    CONSTRAINT order_lines_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)),
    CONSTRAINT order_lines_total_minimum_check CHECK ((total >= '0'::numeric))
);

ALTER TABLE tenant_golden.order_lines ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE INDEX order_lines_is_long_idx ON tenant_golden.order_lines USING btree (is_long);

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

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.order_lines REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_77ecaadc42fe622399e4331bf96c3968();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.order_lines FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
