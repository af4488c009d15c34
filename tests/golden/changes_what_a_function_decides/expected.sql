ALTER TABLE tenant_golden.items DROP CONSTRAINT items_things_value_check;

CREATE FUNCTION bss_checks.v_e38d46c207434ec4571f02ad0e3c6ea5(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return ((v OPERATOR(pg_catalog.@@) ''strict ($.type() == "array")''::pg_catalog.jsonpath) IS TRUE)
        and (pg_catalog.jsonb_array_length(v) OPERATOR(pg_catalog.<=) 3)
        and not exists (select from pg_catalog.jsonb_array_elements(case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''array''::pg_catalog.text) then v else ''[]''::pg_catalog.jsonb end) as m (value) group by m.value having pg_catalog.count(*) operator(pg_catalog.>) 1);
end';

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_things_value_check CHECK (((things IS NULL) OR bss_checks.v_e38d46c207434ec4571f02ad0e3c6ea5(things)));
