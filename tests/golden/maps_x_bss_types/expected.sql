CREATE TABLE tenant_golden.samples (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    sample_id uuid DEFAULT gen_random_uuid() NOT NULL,
    price numeric(12,2),
    rate numeric(5,4),
    whole numeric(30,0),
    exact numeric,
    small smallint,
    "int" integer,
    "real" real,
    double double precision,
    seen timestamp with time zone,
    at time without time zone,
    raw bytea,
    address inet,
    plain text,
    tags text[],
    ids uuid[],
    counts bigint[],
    flags boolean[],
    sums numeric[],
    vector public.vector(3),
    document jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT samples_counts_items_check CHECK (((array_ndims(counts) = 1) AND (array_position(counts, NULL::bigint) IS NULL))),
    CONSTRAINT samples_document_value_check CHECK (((document IS NULL) OR ((document @@ 'strict ($.type() == "object")'::jsonpath) IS TRUE))),
    CONSTRAINT samples_exact_type_check CHECK ((exact = trunc(exact))),
    CONSTRAINT samples_flags_items_check CHECK (((array_ndims(flags) = 1) AND (array_position(flags, NULL::boolean) IS NULL))),
    CONSTRAINT samples_ids_items_check CHECK (((array_ndims(ids) = 1) AND (array_position(ids, NULL::uuid) IS NULL))),
    CONSTRAINT samples_pkey PRIMARY KEY (sample_id),
    CONSTRAINT samples_plain_format_check CHECK (((plain ~ '^(?:[A-Za-z0-9!#$%&''*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&''*+/=?^_`{|}~-]+)*|"(?:[\x20\x21\x23-\x5B\x5D-\x7E]|\\[\x20-\x7E])*")@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*|\[(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}|IPv6:(?:(?:[0-9A-Fa-f]{1,4}:){6}(?:[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{1,4}|(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3})|::(?:[0-9A-Fa-f]{1,4}:){5}(?:[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{1,4}|(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3})|(?:(?:[0-9A-Fa-f]{1,4}:){0,0}[0-9A-Fa-f]{1,4})?::(?:[0-9A-Fa-f]{1,4}:){4}(?:[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{1,4}|(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3})|(?:(?:[0-9A-Fa-f]{1,4}:){0,1}[0-9A-Fa-f]{1,4})?::(?:[0-9A-Fa-f]{1,4}:){3}(?:[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{1,4}|(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3})|(?:(?:[0-9A-Fa-f]{1,4}:){0,2}[0-9A-Fa-f]{1,4})?::(?:[0-9A-Fa-f]{1,4}:){2}(?:[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{1,4}|(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3})|(?:(?:[0-9A-Fa-f]{1,4}:){0,3}[0-9A-Fa-f]{1,4})?::(?:[0-9A-Fa-f]{1,4}:){1}(?:[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{1,4}|(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3})|(?:(?:[0-9A-Fa-f]{1,4}:){0,4}[0-9A-Fa-f]{1,4})?::(?:[0-9A-Fa-f]{1,4}:){0}(?:[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{1,4}|(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3})|(?:(?:[0-9A-Fa-f]{1,4}:){0,5}[0-9A-Fa-f]{1,4})?::[0-9A-Fa-f]{1,4}|(?:(?:[0-9A-Fa-f]{1,4}:){0,6}[0-9A-Fa-f]{1,4})?::))\])$'::text) AND (plain !~ '^[^@]{65,}@[^@]*$'::text))),
    CONSTRAINT samples_sums_items_check CHECK (((array_ndims(sums) = 1) AND (array_position(sums, NULL::numeric) IS NULL))),
    CONSTRAINT samples_tags_items_check CHECK (((array_ndims(tags) = 1) AND (array_position(tags, NULL::text) IS NULL))),
    CONSTRAINT samples_tags_max_items_check CHECK ((cardinality(tags) <= 5)),
    CONSTRAINT samples_tags_min_items_check CHECK ((cardinality(tags) >= 1)),
    CONSTRAINT samples_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.samples ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY analytics_read ON tenant_golden.samples FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.samples FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.samples FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.samples TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.samples TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.samples TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.samples TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.samples REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_35b393631e41dd7bec59e6e973c33687();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.samples REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_68419c51dc4d289183582a1a47a62bee();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.samples FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_fcc396a84c0f532ba9565faa687e03c3();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.samples REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_49755fd965134ead92d4bc3972924f99();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.samples FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
