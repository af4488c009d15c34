CREATE FUNCTION bss_checks.v_5da41c3f83870d997bbba28f27eb562e(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return ((v OPERATOR(pg_catalog.@@) ''strict !(($[*] starts with "") is unknown)''::pg_catalog.jsonpath) IS TRUE)
        and bss_checks.v_c17a3baa18f5ae96d4ba3ab5867aaec7(v)
        and not exists (select from pg_catalog.jsonb_array_elements(case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''array''::pg_catalog.text) then v else ''[]''::pg_catalog.jsonb end) as m (value) group by m.value having pg_catalog.count(*) operator(pg_catalog.>) 1);
end';

CREATE FUNCTION bss_checks.v_8c52d7f7d6f484a3d8db724911e6b73e(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return ((v OPERATOR(pg_catalog.@@) E''strict (($.type() == "array" && $.size() == 1) && ($[0].type() == "string" && $[0] == "it''''s \\\\'''' %s %1$I bss_checks.v_00000000000000000000000000000000("))''::pg_catalog.jsonpath) IS TRUE)
        and not exists (select from pg_catalog.jsonb_array_elements(case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''array''::pg_catalog.text) then v else ''[]''::pg_catalog.jsonb end) as m (value) group by m.value having pg_catalog.count(*) operator(pg_catalog.>) 1);
end';

CREATE FUNCTION bss_checks.v_c17a3baa18f5ae96d4ba3ab5867aaec7(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    for i in 0 .. pg_catalog.jsonb_array_length(v) operator(pg_catalog.-) 1 loop
        if ((pg_catalog.char_length(((v operator(pg_catalog.->) i) OPERATOR(pg_catalog.#>>) ''{}''::pg_catalog.text[])) OPERATOR(pg_catalog.<=) 20)) is not true then
            return false;
        end if;
    end loop;
    return true;
end';

CREATE TABLE tenant_golden.items (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    item_id uuid DEFAULT gen_random_uuid() NOT NULL,
    tags jsonb DEFAULT '[]'::jsonb,
    same_tags jsonb,
    inside jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT items_inside_value_check CHECK (((inside IS NULL) OR (((inside @@ 'strict ($.type() == "object")'::jsonpath) IS TRUE) AND (bss_checks.v_8c52d7f7d6f484a3d8db724911e6b73e((inside -> '100%'::text)) IS NOT FALSE)))),
    CONSTRAINT items_pkey PRIMARY KEY (item_id),
    CONSTRAINT items_same_tags_value_check CHECK (((same_tags IS NULL) OR bss_checks.v_5da41c3f83870d997bbba28f27eb562e(same_tags))),
    CONSTRAINT items_tags_value_check CHECK (((tags IS NULL) OR bss_checks.v_5da41c3f83870d997bbba28f27eb562e(tags))),
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
