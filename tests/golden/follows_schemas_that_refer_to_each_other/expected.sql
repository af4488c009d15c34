CREATE FUNCTION bss_checks.v_1a76c8d5a29f8374831efbb3da250c1b(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return (bss_checks.v_f1f4f983aa300ab2d1fc899948495aeb(v) IS TRUE);
end';

CREATE FUNCTION bss_checks.v_59fdb57195360a59eae11eb93d7de98a(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return (bss_checks.v_a34757e1732b7bb91e57d2ac3c77d2a7(v) IS TRUE);
end';

CREATE FUNCTION bss_checks.v_84aa35175dce60a1ccf7e43a00e7bd52(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return (bss_checks.v_f1f4f983aa300ab2d1fc899948495aeb(v) IS TRUE);
end';

CREATE FUNCTION bss_checks.v_a34757e1732b7bb91e57d2ac3c77d2a7(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return ((v OPERATOR(pg_catalog.@@) ''strict ($.type() == "array" && ($.size() <= 2 || !(exists ($[2 to last]?(!(@.type() == "never"))))))''::pg_catalog.jsonpath) IS TRUE)
        and (pg_catalog.jsonb_array_length(v) OPERATOR(pg_catalog.>=) 2)
        and (bss_checks.v_1a76c8d5a29f8374831efbb3da250c1b((case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''array''::pg_catalog.text) then v else ''[]''::pg_catalog.jsonb end operator(pg_catalog.->) 0))) is not false and (bss_checks.v_84aa35175dce60a1ccf7e43a00e7bd52((case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''array''::pg_catalog.text) then v else ''[]''::pg_catalog.jsonb end operator(pg_catalog.->) 1))) is not false;
end';

CREATE FUNCTION bss_checks.v_f1f4f983aa300ab2d1fc899948495aeb(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return ((v OPERATOR(pg_catalog.@@) ''strict ($.type() == "object" && exists ($.*))''::pg_catalog.jsonpath) IS TRUE)
        and ((v OPERATOR(pg_catalog.@@) ''!($."value".type() != "number")''::pg_catalog.jsonpath) IS TRUE)
        and (bss_checks.v_59fdb57195360a59eae11eb93d7de98a((v OPERATOR(pg_catalog.->) ''plus''::pg_catalog.text)) IS NOT FALSE)
        and ((v OPERATOR(pg_catalog.-) ''{plus,value}''::pg_catalog.text[]) OPERATOR(pg_catalog.=) ''{}''::pg_catalog.jsonb)
        and case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''object''::pg_catalog.text) then ((select pg_catalog.count(*) from pg_catalog.jsonb_object_keys(case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''object''::pg_catalog.text) then v else ''{}''::pg_catalog.jsonb end)) operator(pg_catalog.<=) 1) else true end;
end';

CREATE TABLE tenant_golden.items (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    item_id uuid DEFAULT gen_random_uuid() NOT NULL,
    expression jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT items_expression_value_check CHECK (((expression IS NULL) OR (bss_checks.v_f1f4f983aa300ab2d1fc899948495aeb(expression) IS TRUE))),
    CONSTRAINT items_pkey PRIMARY KEY (item_id),
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
