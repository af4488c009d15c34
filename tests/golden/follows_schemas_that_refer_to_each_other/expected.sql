CREATE FUNCTION bss_checks.v_2f32e59fbae540211de0c83d8d9622f7(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return ((v OPERATOR(pg_catalog.@@) ''strict ($.type() == "object" && exists ($.*))''::pg_catalog.jsonpath) IS TRUE)
        and ((v OPERATOR(pg_catalog.@@) ''!($."value".type() != "number")''::pg_catalog.jsonpath) IS TRUE)
        and (bss_checks.v_f73dccdb45cf58f69aa5ac3ef4b9bec5((v OPERATOR(pg_catalog.->) ''plus''::pg_catalog.text)) IS NOT FALSE)
        and ((v OPERATOR(pg_catalog.-) ''{plus,value}''::pg_catalog.text[]) OPERATOR(pg_catalog.=) ''{}''::pg_catalog.jsonb)
        and case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''object''::pg_catalog.text) then ((select pg_catalog.count(*) from pg_catalog.jsonb_object_keys(case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''object''::pg_catalog.text) then v else ''{}''::pg_catalog.jsonb end)) operator(pg_catalog.<=) 1) else true end;
end';

CREATE FUNCTION bss_checks.v_31d6c5f9d886f398ebdf3bdb40ba3593(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return (bss_checks.v_2f32e59fbae540211de0c83d8d9622f7(v) IS TRUE);
end';

CREATE FUNCTION bss_checks.v_37b6dc6a99552f1c04a34931173fe882(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return ((v OPERATOR(pg_catalog.@@) ''strict (($.size() <= 2 || !(exists ($[2 to last]?(!(@.type() == "never"))))) && $.size() >= 2)''::pg_catalog.jsonpath) IS TRUE)
        and (bss_checks.v_31d6c5f9d886f398ebdf3bdb40ba3593((case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''array''::pg_catalog.text) then v else ''[]''::pg_catalog.jsonb end operator(pg_catalog.->) 0))) is not false and (bss_checks.v_6fe8232ae8140e2a97ab54a65260a8e8((case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''array''::pg_catalog.text) then v else ''[]''::pg_catalog.jsonb end operator(pg_catalog.->) 1))) is not false;
end';

CREATE FUNCTION bss_checks.v_6fe8232ae8140e2a97ab54a65260a8e8(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return (bss_checks.v_2f32e59fbae540211de0c83d8d9622f7(v) IS TRUE);
end';

CREATE FUNCTION bss_checks.v_f73dccdb45cf58f69aa5ac3ef4b9bec5(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return (bss_checks.v_37b6dc6a99552f1c04a34931173fe882(v) IS TRUE);
end';

CREATE TABLE tenant_golden.items (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    item_id uuid DEFAULT gen_random_uuid() NOT NULL,
    expression jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT items_expression_value_check CHECK (((expression IS NULL) OR (bss_checks.v_2f32e59fbae540211de0c83d8d9622f7(expression) IS TRUE))),
    CONSTRAINT items_pkey PRIMARY KEY (item_id),
    CONSTRAINT items_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.items ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY analytics_read ON tenant_golden.items FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.items FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.items FOR ALL TO PUBLIC USING ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))) WITH CHECK ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id)));

GRANT SELECT ON TABLE tenant_golden.items TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.items TO bss_app;

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.items FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
