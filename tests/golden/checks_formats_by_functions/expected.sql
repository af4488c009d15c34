CREATE FUNCTION bss_checks.v_12add90ac7baeac55b9f7a73b5ccb47c(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return ((v OPERATOR(pg_catalog.@@) ''strict !(($[*] starts with "") is unknown)''::pg_catalog.jsonpath) IS TRUE)
        and bss_checks.v_fde974506b1bfd34bb9684cb1b633ee9(v);
end';

CREATE FUNCTION bss_checks.v_13d5002f44893dbda7061a29a59d2d34(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    for i in 0 .. pg_catalog.jsonb_array_length(v) operator(pg_catalog.-) 1 loop
        if (bss_checks.is_regex(((v operator(pg_catalog.->) i) OPERATOR(pg_catalog.#>>) ''{}''::pg_catalog.text[]))) is not true then
            return false;
        end if;
    end loop;
    return true;
end';

CREATE FUNCTION bss_checks.v_80ddbbb856367e182a7cc4899d4c3ceb(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return (bss_checks.v_96309a5b7e76989926e5186ee760ab1c(v) or (v operator(pg_catalog.@@) ''strict ($.type() == "number" && $ % 1 == 0)''::pg_catalog.jsonpath));
end';

CREATE FUNCTION bss_checks.v_96309a5b7e76989926e5186ee760ab1c(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return ((v OPERATOR(pg_catalog.@@) ''strict ($.type() == "string")''::pg_catalog.jsonpath) IS TRUE)
        and bss_checks.is_regex((v OPERATOR(pg_catalog.#>>) ''{}''::pg_catalog.text[]));
end';

CREATE FUNCTION bss_checks.v_9db733acb510d41fad4ae386fe4633ca(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return ((v OPERATOR(pg_catalog.@@) ''strict ($."host".type() == "string")''::pg_catalog.jsonpath) IS TRUE)
        and ((v OPERATOR(pg_catalog.@@) ''(!($."but".type() != "string") && !($."but" == ""))''::pg_catalog.jsonpath) IS TRUE)
        and bss_checks.is_idn_hostname((v OPERATOR(pg_catalog.->>) ''host''::pg_catalog.text))
        and (bss_checks.is_regex((v OPERATOR(pg_catalog.->>) ''but''::pg_catalog.text)) IS NOT FALSE)
        and (bss_checks.v_12add90ac7baeac55b9f7a73b5ccb47c((v OPERATOR(pg_catalog.->) ''hosts''::pg_catalog.text)) IS NOT FALSE)
        and (bss_checks.v_a5a1cf51db98746eaf9b0d93361ae0d5((v OPERATOR(pg_catalog.->) ''nullable''::pg_catalog.text)) IS NOT FALSE)
        and not exists (select from pg_catalog.jsonb_each(case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''object''::pg_catalog.text) then v else ''{}''::pg_catalog.jsonb end) as m where not bss_checks.v_f989cb500587905927bcc135de943af3(pg_catalog.to_jsonb(m.key)));
end';

CREATE FUNCTION bss_checks.v_a5a1cf51db98746eaf9b0d93361ae0d5(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return ((v OPERATOR(pg_catalog.@@) ''strict ($.type() == "string" || $.type() == "null")''::pg_catalog.jsonpath) IS TRUE)
        and case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''string''::pg_catalog.text) then bss_checks.is_regex(v operator(pg_catalog.#>>) ''{}'') else true end;
end';

CREATE FUNCTION bss_checks.v_f989cb500587905927bcc135de943af3(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''string''::pg_catalog.text) then bss_checks.is_regex(v operator(pg_catalog.#>>) ''{}'') else true end;
end';

CREATE FUNCTION bss_checks.v_fde974506b1bfd34bb9684cb1b633ee9(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    for i in 0 .. pg_catalog.jsonb_array_length(v) operator(pg_catalog.-) 1 loop
        if (bss_checks.is_idn_hostname(((v operator(pg_catalog.->) i) OPERATOR(pg_catalog.#>>) ''{}''::pg_catalog.text[]))) is not true then
            return false;
        end if;
    end loop;
    return true;
end';

CREATE TABLE tenant_golden.rules (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    rule_id uuid DEFAULT gen_random_uuid() NOT NULL,
    pattern text,
    host text,
    either jsonb,
    scope jsonb,
    tags text[],
    kept text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT rules_either_value_check CHECK (((either IS NULL) OR bss_checks.v_80ddbbb856367e182a7cc4899d4c3ceb(either))),
    CONSTRAINT rules_host_format_check CHECK (bss_checks.is_idn_hostname(host)),
    CONSTRAINT rules_if_check CHECK (((kept IS NULL) OR (NOT bss_checks.is_idn_hostname(kept)) OR (host IS NOT NULL))),
    CONSTRAINT rules_pattern_format_check CHECK (bss_checks.is_regex(pattern)),
    CONSTRAINT rules_pattern_max_length_check CHECK ((char_length(pattern) <= 1000)),
    CONSTRAINT rules_pkey PRIMARY KEY (rule_id),
    CONSTRAINT rules_scope_value_check CHECK (((scope IS NULL) OR bss_checks.v_9db733acb510d41fad4ae386fe4633ca(scope))),
    CONSTRAINT rules_tags_items_check CHECK (((array_ndims(tags) = 1) AND (array_position(tags, NULL::text) IS NULL))),
    CONSTRAINT rules_tags_value_check CHECK (((tags IS NULL) OR (((to_jsonb(tags) @@ 'strict !(($[*] starts with "") is unknown)'::jsonpath) IS TRUE) AND bss_checks.v_13d5002f44893dbda7061a29a59d2d34(to_jsonb(tags))))),
    CONSTRAINT rules_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.rules ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY analytics_read ON tenant_golden.rules FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.rules FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.rules FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.rules TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.rules TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.rules TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.rules TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.rules REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_d370b0828653312d2fd86ab77f0a3a42();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.rules REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_7d17fa967100c61a3f09d5a14e59aac1();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.rules FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_35568a6dfc83d1bac9e01d641377f884();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.rules REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_8efcae1c34d8f54ed6b2629145e843b3();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.rules FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
