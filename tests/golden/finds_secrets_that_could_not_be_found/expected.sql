DROP TRIGGER encrypt_code ON tenant_golden.people;

CREATE FUNCTION bss_checks.t_15df49914dd2a6cb20c86c96ab295bd2()
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
    if tg_op = ''UPDATE'' and new.code operator(bss.===) old.code and (new.person_id)::text = (old.person_id)::text and new.code_digest = old.code_digest then
        return new;
    end if;
    _value := bss_internal.given_secret(new.tenant_id, new.code);
    new.code := bss_internal.seal_secret(new.tenant_id, ''people.code'', (new.person_id)::text, _value);
    new.code_digest := bss_internal.digest_of_secret(new.tenant_id, ''people.code'', _value);
    return new;
end';

ALTER TABLE tenant_golden.people ADD COLUMN code_digest bytea;

COMMENT ON COLUMN tenant_golden.people.code_digest IS 'Keyed hashes of the values of code';

CREATE TRIGGER encrypt_code BEFORE INSERT OR UPDATE ON tenant_golden.people FOR EACH ROW EXECUTE FUNCTION bss_checks.t_15df49914dd2a6cb20c86c96ab295bd2();

UPDATE tenant_golden.people SET code = bss_internal.opened_secret(tenant_id, code) WHERE code IS NOT NULL;

CREATE INDEX people_code_idx ON tenant_golden.people USING btree (code_digest);
