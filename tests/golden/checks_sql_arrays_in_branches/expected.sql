CREATE FUNCTION bss_checks.v_93b2dc5de1db9b47a308ed556b968c86(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    for i in 0 .. pg_catalog.jsonb_array_length(v) operator(pg_catalog.-) 1 loop
        if (((pg_catalog.strpos(((v operator(pg_catalog.->) i) OPERATOR(pg_catalog.#>>) ''{}''::pg_catalog.text[]), ''.''::pg_catalog.text) OPERATOR(pg_catalog.=) 0) OR (((((v operator(pg_catalog.->) i) OPERATOR(pg_catalog.#>>) ''{}''::pg_catalog.text[]))::pg_catalog.numeric OPERATOR(pg_catalog.%) 1::pg_catalog.numeric) OPERATOR(pg_catalog.=) 0::pg_catalog.numeric))) is not true then
            return false;
        end if;
    end loop;
    return true;
end';

CREATE FUNCTION bss_checks.v_faec2e9000d287065fbee46320e53fb1(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return ((v OPERATOR(pg_catalog.@@) ''strict ((!($.type() == "array") || exists ($[*]?(@.type() == "string" && @ == "main"))) && (!($.type() == "array") || $.size() <= 5))''::pg_catalog.jsonpath) IS TRUE)
        and not exists (select from pg_catalog.jsonb_array_elements(case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''array''::pg_catalog.text) then v else ''[]''::pg_catalog.jsonb end) as m (value) group by m.value having pg_catalog.count(*) operator(pg_catalog.>) 1);
end';

CREATE TABLE tenant_golden.posts (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    post_id uuid DEFAULT gen_random_uuid() NOT NULL,
    kind text,
    tags text[] DEFAULT '{a,"b c"}'::text[],
    sizes bigint[],
    flags boolean[] DEFAULT '{t,f}'::boolean[],
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT posts_all_of_check CHECK (((tags IS NULL) OR ((to_jsonb(tags) @@ 'strict (!($.type() == "array") || !(exists ($[*]?(!(!(@.type() == "string") || @ like_regex "^[ a-z]+$" flag "s")))))'::jsonpath) IS TRUE))),
    CONSTRAINT posts_any_of_check CHECK (((tags IS NULL) OR (cardinality(tags) >= 1) OR ((to_jsonb(tags) @@ 'strict ($.type() == "array" && $.size() == 0)'::jsonpath) IS TRUE) OR (sizes IS NULL) OR ((to_jsonb(sizes) @@ 'strict ((!($.type() == "array") || $.size() <= 2) && (!($.type() == "array") || !(exists ($[*]?(!(!(@.type() == "number") || @ % 2 == 0))))))'::jsonpath) IS TRUE))),
    CONSTRAINT posts_flags_items_check CHECK (((array_ndims(flags) = 1) AND (array_position(flags, NULL::boolean) IS NULL))),
    CONSTRAINT posts_flags_value_check CHECK (((flags IS NULL) OR ((to_jsonb(flags) @@ 'strict (!(exists ($[*]?(!(@.type() == "boolean")))) && (($.type() == "array" && $.size() == 2) && (($[0].type() == "boolean" && $[0] == true) && ($[1].type() == "boolean" && $[1] == false))))'::jsonpath) IS TRUE))),
    CONSTRAINT posts_if_check CHECK ((((kind IS NULL) OR (NOT (kind = 'news'::text)) OR (tags IS NULL) OR (bss_checks.v_faec2e9000d287065fbee46320e53fb1(to_jsonb(tags)) IS TRUE)) AND (((kind IS NOT NULL) AND (kind = 'news'::text)) OR ((tags IS NOT NULL) AND ((to_jsonb(tags) @@ 'strict (!($.type() == "array") || !(exists ($[*]?(!(!(@.type() == "string") || @ like_regex ".{3}" flag "s")))))'::jsonpath) IS NOT TRUE))))),
    CONSTRAINT posts_kind_enum_check CHECK ((kind = ANY (ARRAY['news'::text, 'draft'::text]))),
    CONSTRAINT posts_pkey PRIMARY KEY (post_id),
    CONSTRAINT posts_sizes_items_check CHECK (((array_ndims(sizes) = 1) AND (array_position(sizes, NULL::bigint) IS NULL))),
    CONSTRAINT posts_sizes_value_check CHECK (((sizes IS NULL) OR (((to_jsonb(sizes) @@ 'strict (!($[*].type() != "number") && ($.type() == "array" && $.size() == 0 || ($.type() == "array" && $.size() == 2) && (($[0].type() == "number" && $[0] == 1) && ($[1].type() == "number" && $[1] == 2))))'::jsonpath) IS TRUE) AND bss_checks.v_93b2dc5de1db9b47a308ed556b968c86(to_jsonb(sizes))))),
    CONSTRAINT posts_tags_items_check CHECK (((array_ndims(tags) = 1) AND (array_position(tags, NULL::text) IS NULL))),
    CONSTRAINT posts_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.posts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY analytics_read ON tenant_golden.posts FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.posts FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.posts FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.posts TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.posts TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.posts TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.posts TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.posts REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_0060801cccdac7e4dc4502987903f6bf();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.posts REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_6ca518bb8177be2a59f4f031b4012c10();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.posts FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_034e3f80c425eb74deea306f4dfe8994();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.posts REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_6e5ff2efffddd7a688ff2ebf613a85e0();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.posts FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
