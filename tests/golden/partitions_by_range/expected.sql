CREATE TABLE tenant_golden.events (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    event_id uuid DEFAULT gen_random_uuid() NOT NULL,
    "Occurred At" timestamp with time zone NOT NULL,
    code text,
    body text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_archived boolean DEFAULT false NOT NULL,
    archived_at timestamp with time zone,
    CONSTRAINT events_is_archived_check CHECK ((is_archived = (archived_at IS NOT NULL))),
    CONSTRAINT events_pkey PRIMARY KEY (event_id, "Occurred At"),
    CONSTRAINT events_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
) PARTITION BY RANGE ("Occurred At");

ALTER TABLE tenant_golden.events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.readings (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    reading_id bigint NOT NULL,
    value numeric,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT readings_pkey PRIMARY KEY (reading_id),
    CONSTRAINT readings_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
) PARTITION BY RANGE (reading_id);

ALTER TABLE tenant_golden.readings ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.events_default PARTITION OF tenant_golden.events DEFAULT;

ALTER TABLE tenant_golden.events_default ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.readings_default PARTITION OF tenant_golden.readings DEFAULT;

ALTER TABLE tenant_golden.readings_default ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE INDEX events_archived_at_idx ON tenant_golden.events USING btree (archived_at) WHERE is_archived;

CREATE INDEX events_body_idx ON tenant_golden.events USING btree (body);

CREATE UNIQUE INDEX "events_code_Occurred At_key" ON tenant_golden.events USING btree (code, "Occurred At") WHERE (NOT is_archived);

CREATE POLICY analytics_read ON tenant_golden.events FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.events FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.events FOR ALL TO PUBLIC USING ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))) WITH CHECK ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id)));

GRANT SELECT ON TABLE tenant_golden.events TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.events TO bss_app;

CREATE TRIGGER archive_on_delete BEFORE DELETE ON tenant_golden.events FOR EACH ROW EXECUTE FUNCTION bss_internal.archive_row();

CREATE TRIGGER archive_what_refers_to_it AFTER UPDATE ON tenant_golden.events FOR EACH ROW WHEN ((new.is_archived AND (NOT old.is_archived))) EXECUTE FUNCTION bss_internal.archive_referring_rows();

SELECT bss_internal.provide_capture('c_24f01802164f3f39cf463210d0430057', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''business_store.data.events.deleted'',
        ''events'', case when o.event_id is not null then pg_catalog.jsonb_build_object(''event_id'', o.event_id, ''Occurred At'', o."Occurred At") end,
        null
    from old_rows as o;
    if found and (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end
');

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.events REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_24f01802164f3f39cf463210d0430057();

SELECT bss_internal.provide_capture('c_20deb46587c8dbbc084a0c78c3b01c73', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        n.tenant_id, ''business_store.data.events.created'',
        ''events'', case when n.event_id is not null then pg_catalog.jsonb_build_object(''event_id'', n.event_id, ''Occurred At'', n."Occurred At") end,
        null
    from new_rows as n;
    if found and (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end
');

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.events REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_20deb46587c8dbbc084a0c78c3b01c73();

SELECT bss_internal.provide_capture('c_9d7b224686d29e3662426648260ac023', '
begin
    -- row-level security shows all rows to an operator, and none to anyone else
    perform bss_internal.require_operator();
    perform pg_catalog.pg_current_xact_id();
    execute pg_catalog.concat(''insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''''business_store.data.events.deleted'''',
        ''''events'''', case when o.event_id is not null then pg_catalog.jsonb_build_object(''''event_id'''', o.event_id, ''''Occurred At'''', o."Occurred At") end,
        null from '', tg_relid::pg_catalog.regclass, '' as o'');
    if (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end
');

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.events FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_9d7b224686d29e3662426648260ac023();

SELECT bss_internal.provide_capture('c_e62c60596942f939f93400addb545904', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        coalesce(n.tenant_id, o.tenant_id), case
            when o.tenant_id is null then ''business_store.data.events.created''
            when n.tenant_id is null then ''business_store.data.events.deleted''
            else ''business_store.data.events.updated''
        end,
        ''events'', coalesce(case when n.event_id is not null then pg_catalog.jsonb_build_object(''event_id'', n.event_id, ''Occurred At'', n."Occurred At") end, case when o.event_id is not null then pg_catalog.jsonb_build_object(''event_id'', o.event_id, ''Occurred At'', o."Occurred At") end),
        null
    from old_rows as o
    full join new_rows as n on n.event_id operator(pg_catalog.=) o.event_id and n."Occurred At" operator(pg_catalog.=) o."Occurred At"
    where pg_catalog.record_image_ne(
        row(o.tenant_id, o.event_id, o."Occurred At", o.code, o.body, o.created_at, o.is_archived, o.archived_at),
        row(n.tenant_id, n.event_id, n."Occurred At", n.code, n.body, n.created_at, n.is_archived, n.archived_at)
    );
    if found and (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end
');

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.events REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_e62c60596942f939f93400addb545904();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.events FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden.events_default FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.events_default FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.events_default FOR ALL TO PUBLIC USING ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))) WITH CHECK ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id)));

CREATE POLICY analytics_read ON tenant_golden.readings FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.readings FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.readings FOR ALL TO PUBLIC USING ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))) WITH CHECK ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id)));

GRANT SELECT ON TABLE tenant_golden.readings TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.readings TO bss_app;

SELECT bss_internal.provide_capture('c_1b7421949002b2c8ec9d746d7b212bb6', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''business_store.data.readings.deleted'',
        ''readings'', pg_catalog.to_jsonb(o.reading_id),
        null
    from old_rows as o;
    if found and (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end
');

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.readings REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_1b7421949002b2c8ec9d746d7b212bb6();

SELECT bss_internal.provide_capture('c_c0b425257403676140a8d59bb82437d6', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        n.tenant_id, ''business_store.data.readings.created'',
        ''readings'', pg_catalog.to_jsonb(n.reading_id),
        null
    from new_rows as n;
    if found and (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end
');

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.readings REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_c0b425257403676140a8d59bb82437d6();

SELECT bss_internal.provide_capture('c_f30c99491e6d51f0d880bbe940f366cb', '
begin
    -- row-level security shows all rows to an operator, and none to anyone else
    perform bss_internal.require_operator();
    perform pg_catalog.pg_current_xact_id();
    execute pg_catalog.concat(''insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''''business_store.data.readings.deleted'''',
        ''''readings'''', pg_catalog.to_jsonb(o.reading_id),
        null from '', tg_relid::pg_catalog.regclass, '' as o'');
    if (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end
');

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.readings FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_f30c99491e6d51f0d880bbe940f366cb();

SELECT bss_internal.provide_capture('c_01b486bb499ffe4b4c33fe658d5df3bc', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        coalesce(n.tenant_id, o.tenant_id), case
            when o.tenant_id is null then ''business_store.data.readings.created''
            when n.tenant_id is null then ''business_store.data.readings.deleted''
            else ''business_store.data.readings.updated''
        end,
        ''readings'', coalesce(pg_catalog.to_jsonb(n.reading_id), pg_catalog.to_jsonb(o.reading_id)),
        null
    from old_rows as o
    full join new_rows as n on n.reading_id operator(pg_catalog.=) o.reading_id
    where pg_catalog.record_image_ne(
        row(o.tenant_id, o.reading_id, o.value, o.created_at),
        row(n.tenant_id, n.reading_id, n.value, n.created_at)
    );
    if found and (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end
');

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.readings REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_01b486bb499ffe4b4c33fe658d5df3bc();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.readings FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden.readings_default FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.readings_default FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.readings_default FOR ALL TO PUBLIC USING ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))) WITH CHECK ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id)));
