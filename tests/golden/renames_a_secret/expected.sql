ALTER TABLE tenant_golden.people DROP CONSTRAINT people_code_encrypted_check;

DROP TRIGGER encrypt_code ON tenant_golden.people;

CREATE FUNCTION bss_checks.t_0070851f0a347c14dc31a8ee59f837e0()
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
    if tg_op = ''UPDATE'' and new.pin operator(bss.===) old.pin and (new.human_id)::text = (old.human_id)::text then
        return new;
    end if;
    _value := bss_internal.given_secret(new.tenant_id, new.pin);
    new.pin := bss_internal.seal_secret(new.tenant_id, ''humans.pin'', (new.human_id)::text, _value);
    return new;
end';

ALTER TABLE tenant_golden.people RENAME TO humans;

ALTER TABLE tenant_golden.humans RENAME COLUMN person_id TO human_id;

ALTER TABLE tenant_golden.humans RENAME COLUMN code TO pin;

ALTER TABLE tenant_golden.humans RENAME CONSTRAINT people_pkey TO humans_pkey;

ALTER TABLE tenant_golden.humans RENAME CONSTRAINT people_tenant_id_check TO humans_tenant_id_check;

CREATE TRIGGER encrypt_pin BEFORE INSERT OR UPDATE ON tenant_golden.humans FOR EACH ROW EXECUTE FUNCTION bss_checks.t_0070851f0a347c14dc31a8ee59f837e0();

UPDATE tenant_golden.humans SET pin = bss_internal.opened_secret(tenant_id, pin) WHERE pin IS NOT NULL;

ALTER TABLE tenant_golden.humans ADD CONSTRAINT humans_pin_encrypted_check CHECK (bss_checks.is_secret_of(pin, 'humans.pin'::text, (human_id)::text));
