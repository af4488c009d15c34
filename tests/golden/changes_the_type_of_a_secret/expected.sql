DROP TRIGGER encrypt_code ON tenant_golden.people;

CREATE FUNCTION bss_checks.t_ba6b83f349b722f6720af79e758a1ba6()
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
    _value := bss_internal.typed_secret(_value, ''bigint'');
    new.code := bss_internal.seal_secret(new.tenant_id, ''people.code'', (new.person_id)::text, _value);
    return new;
end';

CREATE TRIGGER encrypt_code BEFORE INSERT OR UPDATE ON tenant_golden.people FOR EACH ROW EXECUTE FUNCTION bss_checks.t_ba6b83f349b722f6720af79e758a1ba6();

UPDATE tenant_golden.people SET code = bss_internal.opened_secret(tenant_id, code) WHERE code IS NOT NULL;
