ALTER TABLE tenant_golden.people DROP CONSTRAINT people_code_key;

CREATE FUNCTION bss_checks.t_5135fe56171160b04193f9c40129e599()
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
    select case
        when (char_length(code) >= 3) is false then ''people_code_min_length_check''
    end
    into _violated
    from (select _value::text as code) as v;
    if _violated is not null then
        perform bss_internal.refuse_secret(
            tg_table_schema, tg_table_name, _violated
        );
    end if;
    new.code := bss_internal.seal_secret(new.tenant_id, ''people.code'', (new.person_id)::text, _value);
    new.code_digest := bss_internal.digest_of_secret(new.tenant_id, ''people.code'', _value);
    return new;
end';

ALTER TABLE tenant_golden.people ALTER COLUMN code TYPE bss.secret USING bss_internal.encrypted(tenant_id, (to_jsonb(code) #>> '{}'));

ALTER TABLE tenant_golden.people ADD COLUMN code_digest bytea;

COMMENT ON COLUMN tenant_golden.people.code_digest IS 'Keyed hashes of the values of code';

CREATE TRIGGER encrypt_code BEFORE INSERT OR UPDATE ON tenant_golden.people FOR EACH ROW EXECUTE FUNCTION bss_checks.t_5135fe56171160b04193f9c40129e599();

UPDATE tenant_golden.people SET code = bss_internal.opened_secret(tenant_id, code) WHERE code IS NOT NULL;

ALTER TABLE tenant_golden.people ADD CONSTRAINT people_code_encrypted_check CHECK (bss_checks.is_secret_of(code, 'people.code'::text, (person_id)::text));

ALTER TABLE tenant_golden.people ADD CONSTRAINT people_code_key UNIQUE (code_digest);
