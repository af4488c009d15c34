CREATE FUNCTION bss_checks.t_0093e47af3899fd022caceb8f7c6a580()
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
    if tg_op = ''UPDATE'' and new."tax_""nr""" operator(bss.===) old."tax_""nr""" and (new.person_id)::text = (old.person_id)::text and new."tax_""nr""_digest" = old."tax_""nr""_digest" then
        return new;
    end if;
    _value := bss_internal.given_secret(new.tenant_id, new."tax_""nr""");
    select case
        when (char_length("tax_""nr""") <= 20) is false then ''people_tax_"nr"_max_length_check''
        when ("tax_""nr""" ~ ''^[0-9]{3}''''%s$''::text) is false then ''people_tax_"nr"_pattern_check''
    end
    into _violated
    from (select _value::text as "tax_""nr""") as v;
    if _violated is not null then
        perform bss_internal.refuse_secret(
            tg_table_schema, tg_table_name, _violated
        );
    end if;
    new."tax_""nr""" := bss_internal.seal_secret(new.tenant_id, ''people.tax_"nr"'', (new.person_id)::text, _value);
    new."tax_""nr""_digest" := bss_internal.digest_of_secret(new.tenant_id, ''people.tax_"nr"'', _value);
    return new;
end';

REVOKE EXECUTE ON FUNCTION bss_checks.t_0093e47af3899fd022caceb8f7c6a580() FROM bss_admin, bss_app, bss_tenant;

CREATE FUNCTION bss_checks.t_0f23fdeaab8f6602678da63713591c6d()
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
    if tg_op = ''UPDATE'' and new.salary operator(bss.===) old.salary and (new.person_id)::text = (old.person_id)::text then
        return new;
    end if;
    _value := bss_internal.given_secret(new.tenant_id, new.salary);
    _value := bss_internal.typed_secret(_value, ''numeric(12,2)'');
    select case
        when (salary >= ''0''::numeric) is false then ''people_salary_minimum_check''
    end
    into _violated
    from (select _value::numeric(12,2) as salary) as v;
    if _violated is not null then
        perform bss_internal.refuse_secret(
            tg_table_schema, tg_table_name, _violated
        );
    end if;
    new.salary := bss_internal.seal_secret(new.tenant_id, ''people.salary'', (new.person_id)::text, _value);
    return new;
end';

REVOKE EXECUTE ON FUNCTION bss_checks.t_0f23fdeaab8f6602678da63713591c6d() FROM bss_admin, bss_app, bss_tenant;

CREATE FUNCTION bss_checks.t_9a77a0e94f0f1b2c5d72863b6eb28daf()
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
    if tg_op = ''UPDATE'' and new.health operator(bss.===) old.health and (new.person_id)::text = (old.person_id)::text then
        return new;
    end if;
    _value := bss_internal.given_secret(new.tenant_id, new.health);
    _value := bss_internal.typed_secret(_value, ''jsonb'');
    select case
        when ((health IS NULL) OR ((health @@ ''strict (($."blood" == "A" || $."blood" == "B") || ($."blood" == "AB" || $."blood" == "0"))''::jsonpath) IS TRUE)) is false then ''people_health_value_check''
    end
    into _violated
    from (select _value::jsonb as health) as v;
    if _violated is not null then
        perform bss_internal.refuse_secret(
            tg_table_schema, tg_table_name, _violated
        );
    end if;
    new.health := bss_internal.seal_secret(new.tenant_id, ''people.health'', (new.person_id)::text, _value);
    return new;
end';

REVOKE EXECUTE ON FUNCTION bss_checks.t_9a77a0e94f0f1b2c5d72863b6eb28daf() FROM bss_admin, bss_app, bss_tenant;

CREATE FUNCTION bss_checks.t_e5178837bf9238e3c4789ead9cb5fd38()
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
    if tg_op = ''UPDATE'' and new.born operator(bss.===) old.born and (new.person_id)::text = (old.person_id)::text and new.born_digest = old.born_digest then
        return new;
    end if;
    _value := bss_internal.given_secret(new.tenant_id, new.born);
    _value := bss_internal.typed_secret(_value, ''date'');
    new.born := bss_internal.seal_secret(new.tenant_id, ''people.born'', (new.person_id)::text, _value);
    new.born_digest := bss_internal.digest_of_secret(new.tenant_id, ''people.born'', _value);
    return new;
end';

REVOKE EXECUTE ON FUNCTION bss_checks.t_e5178837bf9238e3c4789ead9cb5fd38() FROM bss_admin, bss_app, bss_tenant;

CREATE TABLE tenant_golden.people (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    person_id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    "tax_""nr""" bss.secret NOT NULL,
    born bss.secret,
    salary bss.secret,
    health bss.secret,
    "tax_""nr""_digest" bytea,
    born_digest bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT people_born_encrypted_check CHECK (bss_checks.is_secret_of(born, 'people.born'::text, (person_id)::text)),
    CONSTRAINT people_health_encrypted_check CHECK (bss_checks.is_secret_of(health, 'people.health'::text, (person_id)::text)),
    CONSTRAINT people_pkey PRIMARY KEY (person_id),
    CONSTRAINT people_salary_encrypted_check CHECK (bss_checks.is_secret_of(salary, 'people.salary'::text, (person_id)::text)),
    CONSTRAINT "people_tax_""nr""_encrypted_check" CHECK (bss_checks.is_secret_of("tax_""nr""", 'people.tax_"nr"'::text, (person_id)::text)),
    CONSTRAINT "people_tax_""nr""_key" UNIQUE ("tax_""nr""_digest"),
    CONSTRAINT people_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.people ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN tenant_golden.people."tax_""nr""" IS 'What the state calls somebody.';

COMMENT ON COLUMN tenant_golden.people."tax_""nr""_digest" IS 'Keyed hashes of the values of Tax "Nr"';

COMMENT ON COLUMN tenant_golden.people.born_digest IS 'Keyed hashes of the values of born';

CREATE INDEX people_born_idx ON tenant_golden.people USING btree (born_digest);

CREATE POLICY analytics_read ON tenant_golden.people FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.people FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.people FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.people TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.people TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.people TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.people TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.people REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_8e58b54691900d4e9c595255e3bf4b59();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.people REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_a9f0449c69d551ed55b5f4e29c229cf4();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.people FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_f5d69a8276b0a6f31e534e4305652fe4();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.people REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_9e96e1dc8f4951dfc081c3ca0092386f();

CREATE TRIGGER encrypt_born BEFORE INSERT OR UPDATE ON tenant_golden.people FOR EACH ROW EXECUTE FUNCTION bss_checks.t_e5178837bf9238e3c4789ead9cb5fd38();

CREATE TRIGGER encrypt_health BEFORE INSERT OR UPDATE ON tenant_golden.people FOR EACH ROW EXECUTE FUNCTION bss_checks.t_9a77a0e94f0f1b2c5d72863b6eb28daf();

CREATE TRIGGER encrypt_salary BEFORE INSERT OR UPDATE ON tenant_golden.people FOR EACH ROW EXECUTE FUNCTION bss_checks.t_0f23fdeaab8f6602678da63713591c6d();

CREATE TRIGGER "encrypt_tax_""nr""" BEFORE INSERT OR UPDATE ON tenant_golden.people FOR EACH ROW EXECUTE FUNCTION bss_checks.t_0093e47af3899fd022caceb8f7c6a580();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.people FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
