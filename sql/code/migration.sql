-- From a document to tables: planned by the compiler, carried out here, and compared afterwards
-- with what was meant.

create or replace function bss_internal.schema_in_force(tenant_id uuid)
    returns bss_metadata.tenant_schemas
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select s.*
    from bss_metadata.tenant_schemas as s
    where s.tenant_id = schema_in_force.tenant_id
    order by s.version desc
    limit 1;
end;
comment on function bss_internal.schema_in_force(uuid) is 'Gives the version that a tenant is at.';


create or replace function bss_internal.plan_key(request jsonb)
    returns text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select encode(
        sha256(
            convert_to(
                concat_ws(E'\n', i.release, bss_internal.limits(), plan_key.request),
                'UTF8'
            )
        ),
        'hex'
    )
    from bss_internal.installation as i;
end;
comment on function bss_internal.plan_key(jsonb) is
    'Gives the hash of everything that a plan follows from.';


create or replace function bss_internal.make_plan(
    current bss_metadata.tenant_schemas, request jsonb
)
    returns jsonb
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _request jsonb := request || jsonb_build_object('base', current.model);
    _key text;
    _plan jsonb;
    _fingerprint text;
begin
    -- an entity is planned in the document that it becomes a part of
    if request ? 'entity' then
        _request := _request || jsonb_build_object('document', current.schema_json::text);
    end if;
    _key := bss_internal.plan_key(_request);
    select p.plan, p.fingerprint into _plan, _fingerprint
    from bss_internal.plans as p where p.key = _key;
    if not found then
        _plan := bss_internal.compile('plan', _request);
        perform bss_internal.raise_diagnostics(_plan -> 'diagnostics');
    end if;
    return _plan || jsonb_build_object('key', _key, 'fingerprint', _fingerprint);
end
$$;
comment on function bss_internal.make_plan(bss_metadata.tenant_schemas, jsonb) is
    'Gives the plan from a schema to what a request asks for, from memory if it was proven before.';


create or replace function bss_internal.keep_plan(plan jsonb, fingerprint text)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    insert into bss_internal.plans (key, plan, fingerprint)
    values (plan ->> 'key', keep_plan.plan - 'key' - 'fingerprint', keep_plan.fingerprint)
    on conflict do nothing;

    delete from bss_internal.plans as p
    where p.key in (
        select o.key
        from bss_internal.plans as o
        order by o.kept_at desc
        offset bss_internal.setting('plan.cache_entries')::bigint
        for update skip locked
    );
end;
comment on function bss_internal.keep_plan(jsonb, text) is
    'Keeps a plan that has been carried out and proven, and forgets the oldest.';


create or replace function bss_internal.fill(statement text, tenant bss_metadata.tenants)
    returns text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select format(
        fill.statement, tenant.schema_name, tenant.id,
        (
            select n.nspname
            from pg_extension as e
            join pg_namespace as n on n.oid = e.extnamespace
            where e.extname = 'vector'
        )
    );
end;
comment on function bss_internal.fill(text, bss_metadata.tenants) is
    'Makes a statement of a plan into one for a tenant.';


create or replace function bss_internal.plan_request(tenant text, request jsonb)
    returns table (
        step integer, kind text, relation text, statement text, lock text, scans boolean,
        rewrites boolean, estimated_rows bigint, reversible boolean, hazards text[]
    )
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants;
    _current bss_metadata.tenant_schemas;
    _plan jsonb;
begin
    perform bss_internal.require_operator();
    _tenant := bss_internal.find_tenant(tenant);
    perform bss_internal.refuse_drift(_tenant);
    _current := bss_internal.schema_in_force(_tenant.id);
    _plan := bss_internal.make_plan(_current, request);
    return query
    select
        s.ordinality::integer, s.value ->> 'kind', s.value ->> 'relation',
        bss_internal.fill(s.value ->> 'statement', _tenant), s.value ->> 'lock',
        (s.value ->> 'scans')::boolean, (s.value ->> 'rewrites')::boolean,
        bss_internal.estimated_rows(_tenant.schema_name, s.value ->> 'relation'),
        (s.value ->> 'reversible')::boolean,
        array(select jsonb_array_elements_text(s.value -> 'hazards'))
    from jsonb_array_elements(_plan -> 'steps') with ordinality as s
    order by s.ordinality;
end
$$;
comment on function bss_internal.plan_request(text, jsonb) is
    'Lists the steps that would take a tenant to what a request asks for.';


create or replace function bss_internal.estimated_rows(schema_name text, relation text)
    returns bigint
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    -- -1 is a table that has never been analyzed; a table that is not there yet has no rows
    select coalesce(max(greatest(c.reltuples, 0)), 0)::bigint
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname = estimated_rows.schema_name and c.relname = estimated_rows.relation;
end;
comment on function bss_internal.estimated_rows(text, text) is
    'Gives the number of rows that the planner believes a table to have.';


create or replace function bss.plan_schema(tenant text, document json)
    returns table (
        step integer, kind text, relation text, statement text, lock text, scans boolean,
        rewrites boolean, estimated_rows bigint, reversible boolean, hazards text[]
    )
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select p.*
    from bss_internal.plan_request(
        plan_schema.tenant, jsonb_build_object('document', plan_schema.document::text)
    ) as p;
end;
comment on function bss.plan_schema(text, json) is
    'Lists the steps that would take a tenant to a document, with what each locks and risks. '
    'Changes nothing.';


create or replace function bss.plan_entity(tenant text, entity json)
    returns table (
        step integer, kind text, relation text, statement text, lock text, scans boolean,
        rewrites boolean, estimated_rows bigint, reversible boolean, hazards text[]
    )
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select p.*
    from bss_internal.plan_request(
        plan_entity.tenant, jsonb_build_object('entity', plan_entity.entity::text)
    ) as p;
end;
comment on function bss.plan_entity(text, json) is
    'Lists the steps that bss.apply_entity() would take with one entity. Changes nothing.';


create or replace function bss_internal.refuse_drift(tenant bss_metadata.tenants)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _schema bss_metadata.tenant_schemas := bss_internal.schema_in_force(tenant.id);
    _snapshot jsonb := bss_internal.snapshot(tenant);
begin
    if _schema.fingerprint is distinct from bss_internal.fingerprint(_snapshot) then
        -- servers differ in how they print what they mean, so the hash only raises the question
        perform bss_internal.prove(tenant, coalesce(_schema.model, '{}'), _snapshot);
    end if;
end
$$;
comment on function bss_internal.refuse_drift(bss_metadata.tenants) is
    'Refuses to go on if somebody changed the tables of a tenant behind the ledger.';


create or replace function bss_internal.prove(
    tenant bss_metadata.tenants, model jsonb, snapshot jsonb
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _answer jsonb := bss_internal.compile(
        'compare', jsonb_build_object('model', model, 'snapshot', snapshot)
    );
    _differences jsonb := _answer -> 'differences';
begin
    perform bss_internal.raise_diagnostics(_answer -> 'diagnostics');
    if _differences = '[]' then
        return;
    end if;
    raise exception using
        errcode = 'SB401',
        message = format(
            'tables of tenant "%s" are not what its schema says', tenant.external_id
        ),
        detail = (
            select string_agg(
                format(
                    '%s.%s: found %s, should be %s.', d.value ->> 'relation', d.value ->> 'object',
                    coalesce(d.value ->> 'found', 'nothing'),
                    coalesce(d.value ->> 'meant', 'nothing')
                ),
                E'\n' order by d.ordinality
            )
            from jsonb_array_elements(_differences) with ordinality as d
            where d.ordinality <= 20
        ),
        hint = 'Somebody changed them by hand. Undo that, or put it into the document.',
        schema = tenant.schema_name,
        table = _differences #>> '{0,relation}';
end
$$;
comment on function bss_internal.prove(bss_metadata.tenants, jsonb, jsonb) is
    'Compares what the catalog has with what a model says, and refuses any difference.';


create or replace function bss_internal.execute_steps(
    tenant bss_metadata.tenants, version integer, steps jsonb
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    -- the compiler quotes strings for this setting
    set standard_conforming_strings = on
    language plpgsql
as $$
declare
    _step record;
    _statement text;
begin
    for _step in
        select s.ordinality, s.value from jsonb_array_elements(steps) with ordinality as s
        order by s.ordinality
    loop
        _statement := bss_internal.fill(_step.value ->> 'statement', tenant);
        execute _statement;
        insert into bss_metadata.schema_migrations (
            tenant_id, version, position, kind, relation, statement
        )
        values (
            tenant.id, execute_steps.version, _step.ordinality, _step.value ->> 'kind',
            _step.value ->> 'relation', _statement
        );
    end loop;
exception
    when not_null_violation or check_violation or foreign_key_violation or unique_violation then
        raise exception using
            errcode = 'SB402',
            message = format(
                'rows of table "%s" do not fit the new schema', _step.value ->> 'relation'
            ),
            detail = format(
                'At step %s, %s, the server says: %s.',
                _step.ordinality, _step.value ->> 'kind', sqlerrm
            ),
            hint = 'Correct the rows, or what the document requires; nothing has been changed.',
            schema = tenant.schema_name,
            table = _step.value ->> 'relation';
    when lock_not_available or deadlock_detected then
        raise exception using
            errcode = 'SB403',
            message = format('table "%s" is in use', _step.value ->> 'relation'),
            detail = format(
                'The lock for step %s, %s, was not to be had within %s.',
                _step.ordinality, _step.value ->> 'kind', bss_internal.setting('apply.lock_timeout')
            ),
            hint = 'Try again when no long transaction uses it; nothing has been changed.',
            schema = tenant.schema_name,
            table = _step.value ->> 'relation';
end
$$;
comment on function bss_internal.execute_steps(bss_metadata.tenants, integer, jsonb) is
    'Carries out the steps of a plan for a tenant, and enters each into the ledger.';


create or replace function bss_internal.apply_request(
    tenant text, request jsonb, initiator text, correlation_id text
)
    returns integer
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants;
    _current bss_metadata.tenant_schemas;
    _plan jsonb;
    _fingerprint text;
    _snapshot jsonb;
    _lock_timeout text := current_setting('lock_timeout');
begin
    perform bss_internal.require_operator();
    perform set_config('lock_timeout', bss_internal.setting('apply.lock_timeout'), true);
    _tenant := bss_internal.lock_tenant(tenant);
    if _tenant.status not in ('INITIALIZING', 'ACTIVE') then
        raise exception using
            errcode = 'SB503',
            message = format('tenant "%s" is not active', _tenant.external_id),
            detail = format('Its status is %s.', _tenant.status),
            hint = 'Resume the tenant first.';
    end if;
    _current := bss_internal.schema_in_force(_tenant.id);
    if _current.version is not null then
        perform bss_internal.refuse_drift(_tenant);
    end if;
    _plan := bss_internal.make_plan(_current, request);
    if _plan -> 'steps' = '[]' and _plan ->> 'document' = _current.schema_json::text then
        perform set_config('lock_timeout', _lock_timeout, true);
        return _current.version;
    end if;

    insert into bss_metadata.tenant_schemas (
        tenant_id, version, schema_json, model, fingerprint, initiator, correlation_id
    )
    values (
        _tenant.id, coalesce(_current.version, 0) + 1, (_plan ->> 'document')::json,
        _plan -> 'model', '', coalesce(apply_request.initiator, session_user),
        apply_request.correlation_id
    );
    perform bss_internal.execute_steps(
        _tenant, coalesce(_current.version, 0) + 1, _plan -> 'steps'
    );
    _snapshot := bss_internal.snapshot(_tenant);
    _fingerprint := bss_internal.fingerprint(_snapshot);
    if _plan ->> 'fingerprint' is distinct from _fingerprint then
        perform bss_internal.prove(_tenant, _plan -> 'model', _snapshot);
        perform bss_internal.keep_plan(_plan, _fingerprint);
    end if;
    update bss_metadata.tenant_schemas as s set fingerprint = _fingerprint
    where s.tenant_id = _tenant.id and s.version = coalesce(_current.version, 0) + 1;
    perform bss_internal.audit(
        _tenant.id, 'schema.updated', initiator, correlation_id,
        jsonb_build_object(
            'from', _current.version, 'to', coalesce(_current.version, 0) + 1,
            'steps', jsonb_array_length(_plan -> 'steps')
        )
    );
    perform set_config('lock_timeout', _lock_timeout, true);
    return coalesce(_current.version, 0) + 1;
end
$$;
comment on function bss_internal.apply_request(text, jsonb, text, text) is
    'Takes a tenant to what a request asks for: plans, executes, proves and records it.';


create or replace function bss.apply_schema(
    tenant text, document json, initiator text default null, correlation_id text default null
)
    returns integer
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select bss_internal.apply_request(
        apply_schema.tenant, jsonb_build_object('document', apply_schema.document::text),
        apply_schema.initiator, apply_schema.correlation_id
    );
end;
comment on function bss.apply_schema(text, json, text, text) is
    'Takes a tenant to a document, in one transaction; gives the version that it is then at.';


create or replace function bss.apply_entity(
    tenant text, entity json, initiator text default null, correlation_id text default null
)
    returns integer
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select bss_internal.apply_request(
        apply_entity.tenant, jsonb_build_object('entity', apply_entity.entity::text),
        apply_entity.initiator, apply_entity.correlation_id
    );
end;
comment on function bss.apply_entity(text, json, text, text) is
    'Adds one entity to a tenant''s model, or replaces it; gives the version that it is then at.';


create or replace function bss.schema(tenant text, version integer default null)
    returns json
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _document json;
begin
    select s.schema_json into _document
    from bss_metadata.tenant_schemas as s
    join bss_metadata.tenants as t on t.id = s.tenant_id
    where
        (t.external_id = schema.tenant or t.id::text = schema.tenant)
        and (schema.version is null or s.version = schema.version)
    order by t.status = 'DELETED', s.version desc
    limit 1;
    if not found then
        raise exception using
            errcode = 'SB607',
            message = format('tenant "%s" has no such schema', left(tenant, 80)),
            hint = 'The versions that you may see are listed in bss.schema_versions.';
    end if;
    return _document;
end
$$;
comment on function bss.schema(text, integer) is
    'Gives the document of a tenant: that of a version, or the one in force.';


create or replace view bss.schema_versions
with (security_invoker = true)
as
select
    t.external_id as tenant, s.version, s.applied_at, s.initiator, s.correlation_id,
    (
        select count(*) from bss_metadata.schema_migrations as m
        where m.tenant_id = s.tenant_id and m.version = s.version
    ) as steps,
    s.fingerprint, s.tenant_id
from bss_metadata.tenant_schemas as s
join bss_metadata.tenants as t on t.id = s.tenant_id;
comment on view bss.schema_versions is 'Lists the versions of the documents of tenants.';
comment on column bss.schema_versions.tenant is 'The external id of the tenant.';
comment on column bss.schema_versions.version is 'Counts from 1 for each tenant.';
comment on column bss.schema_versions.applied_at is 'When it was applied.';
comment on column bss.schema_versions.initiator is 'Who asked for it.';
comment on column bss.schema_versions.correlation_id is 'The request that it belongs to.';
comment on column bss.schema_versions.steps is 'How many steps it took.';
comment on column bss.schema_versions.fingerprint is 'The hash of the catalog that it gave.';
comment on column bss.schema_versions.tenant_id is 'The tenant.';
