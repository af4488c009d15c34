CREATE FUNCTION bss_checks.t_636aaaa8d17648e9f661d4cce68b1d02()
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
    if tg_op = ''UPDATE'' and new.new operator(bss.===) old.new and new."order" = old."order" then
        return new;
    end if;
    _value := bss_internal.given_secret(new.tenant_id, new.new);
    select case
        when (new = ANY (ARRAY[''a''::text, ''b''::text])) is false then ''words_new_enum_check''
    end
    into _violated
    from (select _value::text as new) as v;
    if _violated is not null then
        perform bss_internal.refuse_secret(
            tg_table_schema, tg_table_name, _violated
        );
    end if;
    new.new := bss_internal.seal_secret(new.tenant_id, ''words.new'', new."order", _value);
    return new;
end';

REVOKE EXECUTE ON FUNCTION bss_checks.t_636aaaa8d17648e9f661d4cce68b1d02() FROM bss_admin, bss_app, bss_tenant;

CREATE FUNCTION bss_checks.t_8fd147b8c431aa0355ddd343f0a1e576()
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
    if tg_op = ''UPDATE'' and new._value operator(bss.===) old._value and ''''::text = ''''::text and new._value_digest = old._value_digest then
        return new;
    end if;
    _value := bss_internal.given_secret(new.tenant_id, new._value);
    _value := bss_internal.typed_secret(_value, ''boolean'');
    new._value := bss_internal.seal_secret(new.tenant_id, ''moments._value'', ''''::text, _value);
    new._value_digest := bss_internal.digest_of_secret(new.tenant_id, ''moments._value'', _value);
    return new;
end';

REVOKE EXECUTE ON FUNCTION bss_checks.t_8fd147b8c431aa0355ddd343f0a1e576() FROM bss_admin, bss_app, bss_tenant;

CREATE FUNCTION bss_checks.t_bf95da3556e0a1a1f44ad204ccaaac51()
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
    if tg_op = ''UPDATE'' and new.finding operator(bss.===) old.finding and (((new.day)::text || ''/''::text) || (new.place)::text) = (((old.day)::text || ''/''::text) || (old.place)::text) then
        return new;
    end if;
    _value := bss_internal.given_secret(new.tenant_id, new.finding);
    new.finding := bss_internal.seal_secret(new.tenant_id, ''visits.finding'', (((new.day)::text || ''/''::text) || (new.place)::text), _value);
    return new;
end';

REVOKE EXECUTE ON FUNCTION bss_checks.t_bf95da3556e0a1a1f44ad204ccaaac51() FROM bss_admin, bss_app, bss_tenant;

CREATE TABLE tenant_golden.visits (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    day bigint NOT NULL,
    place uuid DEFAULT gen_random_uuid() NOT NULL,
    finding bss.secret,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT visits_finding_encrypted_check CHECK (bss_checks.is_secret_of(finding, 'visits.finding'::text, (((day)::text || '/'::text) || (place)::text))),
    CONSTRAINT visits_pkey PRIMARY KEY (day, place),
    CONSTRAINT visits_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.visits ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.words (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    "order" text NOT NULL,
    new bss.secret,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_archived boolean DEFAULT false NOT NULL,
    archived_at timestamp with time zone,
    CONSTRAINT words_is_archived_check CHECK ((is_archived = (archived_at IS NOT NULL))),
    CONSTRAINT words_new_encrypted_check CHECK (bss_checks.is_secret_of(new, 'words.new'::text, "order")),
    CONSTRAINT words_pkey PRIMARY KEY ("order"),
    CONSTRAINT words_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.words ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.moments (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    org bigint,
    _value bss.secret,
    _value_digest bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT moments__value_encrypted_check CHECK (bss_checks.is_secret_of(_value, 'moments._value'::text, ''::text)),
    CONSTRAINT moments_org__value_key UNIQUE (org, _value_digest),
    CONSTRAINT moments_pkey PRIMARY KEY (at),
    CONSTRAINT moments_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.moments ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN tenant_golden.moments._value_digest IS 'Keyed hashes of the values of _value';

CREATE INDEX words_archived_at_idx ON tenant_golden.words USING btree (archived_at) WHERE is_archived;

CREATE POLICY analytics_read ON tenant_golden.visits FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.visits FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.visits FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.visits TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.visits TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.visits TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.visits TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.visits REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_051853e7e5d60f33d5800738ddf89afe();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.visits REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_124c40d22353e5457f13f4881566df91();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.visits FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_a99dad14c5a97385b3dfcc9242c1d40a();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.visits REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_ead91130fe03a02e85f4fb6fae8e2a92();

CREATE TRIGGER encrypt_finding BEFORE INSERT OR UPDATE ON tenant_golden.visits FOR EACH ROW EXECUTE FUNCTION bss_checks.t_bf95da3556e0a1a1f44ad204ccaaac51();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.visits FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden.words FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.words FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.words FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.words TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.words TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.words TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.words TO bss_tenant;

CREATE TRIGGER archive_on_delete BEFORE DELETE ON tenant_golden.words FOR EACH ROW EXECUTE FUNCTION bss_internal.archive_row();

CREATE TRIGGER archive_what_refers_to_it AFTER UPDATE ON tenant_golden.words FOR EACH ROW WHEN ((new.is_archived AND (NOT old.is_archived))) EXECUTE FUNCTION bss_internal.archive_referring_rows();

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.words REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_b0179f7115a9024f9ea6532edf1f1a41();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.words REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_1411a33cce46d23c07068ec425075610();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.words FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_c213b0ef76c18e21129198953bb0e48a();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.words REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_bdca4785a0923100d235dd427c16a1f8();

CREATE TRIGGER encrypt_new BEFORE INSERT OR UPDATE ON tenant_golden.words FOR EACH ROW EXECUTE FUNCTION bss_checks.t_636aaaa8d17648e9f661d4cce68b1d02();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.words FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden.moments FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.moments FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.moments FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.moments TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.moments TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.moments TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.moments TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.moments REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_427802f54d30e26ae7b5f077afecd81f();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.moments REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_c8c2a664dbbda8294bc79d712a0e8633();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.moments FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_78c9b0323cc3f12f7ff13f54a9d26e47();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.moments REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_2fdb5c92e3568af84e3a6f4eb8365b52();

CREATE TRIGGER encrypt__value BEFORE INSERT OR UPDATE ON tenant_golden.moments FOR EACH ROW EXECUTE FUNCTION bss_checks.t_8fd147b8c431aa0355ddd343f0a1e576();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.moments FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
