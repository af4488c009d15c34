CREATE FUNCTION bss_checks.v_4574776243e247aa3ef38fc25930a739(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''object''::pg_catalog.text) then ((select pg_catalog.count(*) from pg_catalog.jsonb_object_keys(case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''object''::pg_catalog.text) then v else ''{}''::pg_catalog.jsonb end)) operator(pg_catalog.>=) 2) else true end
        and not exists (select from pg_catalog.jsonb_each(case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''object''::pg_catalog.text) then v else ''{}''::pg_catalog.jsonb end) as m where not bss_checks.v_d365b144753845c9d49a568310542e8c(m.value));
end';

CREATE FUNCTION bss_checks.v_624e7cb678d79c9638cb6630abc080ae(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return not exists (select from pg_catalog.jsonb_array_elements(case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''array''::pg_catalog.text) then v else ''[]''::pg_catalog.jsonb end) as m (value) group by m.value having pg_catalog.count(*) operator(pg_catalog.>) 1);
end';

CREATE FUNCTION bss_checks.v_85b5f4549d2e3262c9b5ab7dcc41c1da(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return (bss_checks.v_8f65217eb62c04fbee2fbd77863927cb(v) IS TRUE);
end';

CREATE FUNCTION bss_checks.v_8f65217eb62c04fbee2fbd77863927cb(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return ((v OPERATOR(pg_catalog.@@) ''strict ($.type() == "object")''::pg_catalog.jsonpath) IS TRUE)
        and not exists (select from pg_catalog.jsonb_each(case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''object''::pg_catalog.text) then v else ''{}''::pg_catalog.jsonb end) as m where not bss_checks.v_85b5f4549d2e3262c9b5ab7dcc41c1da(m.value));
end';

CREATE FUNCTION bss_checks.v_d365b144753845c9d49a568310542e8c(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return (bss_checks.v_8f65217eb62c04fbee2fbd77863927cb(v) IS TRUE);
end';

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_if_check CHECK (((kind IS NULL) OR (NOT (kind = 'set'::text)) OR ((lines IS NOT NULL) AND (bss_checks.v_624e7cb678d79c9638cb6630abc080ae(lines) IS TRUE))));

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_not_check CHECK (((tree IS NULL) OR (bss_checks.v_4574776243e247aa3ef38fc25930a739(tree) IS NOT TRUE)));
