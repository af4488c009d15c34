ALTER TABLE tenant_golden.people DROP CONSTRAINT people_code_encrypted_check;

DROP TRIGGER encrypt_code ON tenant_golden.people;

CREATE FUNCTION bss_checks.t_0070851f0a347c14dc31a8ee59f837e0()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO pg_catalog, pg_temp
 SET standard_conforming_strings TO on
 SET plan_cache_mode TO force_generic_plan
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

REVOKE EXECUTE ON FUNCTION bss_checks.t_0070851f0a347c14dc31a8ee59f837e0() FROM bss_admin, bss_app, bss_tenant;

ALTER TABLE tenant_golden.people RENAME TO humans;

ALTER TABLE tenant_golden.humans RENAME COLUMN person_id TO human_id;

ALTER TABLE tenant_golden.humans RENAME COLUMN code TO pin;

ALTER TABLE tenant_golden.humans RENAME CONSTRAINT people_pkey TO humans_pkey;

ALTER TABLE tenant_golden.humans RENAME CONSTRAINT people_tenant_id_check TO humans_tenant_id_check;

CREATE TRIGGER encrypt_pin BEFORE INSERT OR UPDATE ON tenant_golden.humans FOR EACH ROW EXECUTE FUNCTION bss_checks.t_0070851f0a347c14dc31a8ee59f837e0();

UPDATE tenant_golden.humans SET pin = bss_internal.opened_secret(tenant_id, pin) WHERE pin IS NOT NULL;

ALTER TABLE tenant_golden.humans ADD CONSTRAINT humans_pin_encrypted_check CHECK (bss_checks.is_secret_of(pin, 'humans.pin'::text, (human_id)::text));

CREATE OR REPLACE TRIGGER capture_delete AFTER DELETE ON tenant_golden.humans REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_d0ea100931120765ce4a6e9046cbbbc8();

CREATE OR REPLACE TRIGGER capture_insert AFTER INSERT ON tenant_golden.humans REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_3c796360e1c45cf55eccd2c9e7de1bbb();

CREATE OR REPLACE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.humans FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_38ed09aa4503e5273126dd7b26eb494b();

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.humans REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_87cdb66063ed7d5ad01dc504e197dcaa();
