DROP TRIGGER encrypt_code ON tenant_golden.people;

CREATE FUNCTION bss_checks.t_b2c3135eb8e74d794e81917654001ff3()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO pg_catalog, pg_temp
 SET standard_conforming_strings TO on
AS '#variable_conflict use_column
declare
    _value text;
    _violated text;
begin
    if tg_op = ''UPDATE'' and new.code operator(bss.===) old.code and (new.person_id)::text = (old.person_id)::text then
        return new;
    end if;
    _value := bss_internal.given_secret(new.tenant_id, new.code);
    select case
        when (code ~ ''^[0-9]+$''::text) is false then ''people_code_pattern_check''
    end
    into _violated
    from (select _value::text as code) as v;
    if _violated is not null then
        perform bss_internal.refuse_secret(
            tg_table_schema, tg_table_name, _violated
        );
    end if;
    new.code := bss_internal.seal_secret(new.tenant_id, ''people.code'', (new.person_id)::text, _value);
    return new;
end';

CREATE TRIGGER encrypt_code BEFORE INSERT OR UPDATE ON tenant_golden.people FOR EACH ROW EXECUTE FUNCTION bss_checks.t_b2c3135eb8e74d794e81917654001ff3();

UPDATE tenant_golden.people SET code = bss_internal.opened_secret(tenant_id, code) WHERE code IS NOT NULL;
