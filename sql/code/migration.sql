-- From a document to tables: what was planned is carried out, compared with what was meant, and
-- entered into the ledger.

create or replace function bss_internal.refuse_drift(tenant bss_metadata.tenants)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _schema bss_metadata.tenant_schemas := bss_internal.schema_in_force(tenant.id);
begin
    if
        _schema.fingerprint = bss_internal.fingerprint(tenant)
        or (_schema.version is null and bss_internal.snapshot(tenant) = '{"tables": []}')
    then
        return;
    end if;
    -- ledger and catalog were read one after the other: somebody may be changing both
    perform from bss_metadata.tenants as t where t.id = tenant.id for share;
    _schema := bss_internal.schema_in_force(tenant.id);
    if _schema.fingerprint is distinct from bss_internal.fingerprint(tenant) then
        -- servers differ in how they print what they mean, so the hash only raises the question
        perform bss_internal.prove(
            tenant, coalesce(_schema.model, '{}'), bss_internal.snapshot(tenant)
        );
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
    tenant bss_metadata.tenants, steps jsonb
)
    returns bss_metadata.step []
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    -- the compiler quotes strings for this setting
    set standard_conforming_strings = on
    language plpgsql
as $$
declare
    _filled record;
    _done bss_metadata.step [] := '{}';
begin
    for _filled in
        select f.number, f.step, f.statement from bss_internal.fill(steps, tenant) as f
        -- a function may have come with another tenant
        where
            f.step ->> 'kind' <> 'create_function'
            or bss_internal.lacks_function(concat(f.step ->> 'relation', '(jsonb)'))
        order by f.number
    loop
        execute _filled.statement;
        _done := _done || row(
            _filled.step ->> 'kind', _filled.step ->> 'relation', _filled.statement,
            clock_timestamp()
        )::bss_metadata.step;
    end loop;
    return _done;
exception
    when not_null_violation or check_violation or foreign_key_violation or unique_violation then
        raise exception using
            errcode = 'SB402',
            message = format(
                'rows of table "%s" do not fit the new schema', _filled.step ->> 'relation'
            ),
            detail = format(
                'At step %s, %s, the server says: %s.',
                _filled.number, _filled.step ->> 'kind', sqlerrm
            ),
            hint = 'Correct the rows, or what the document requires; nothing has been changed.',
            schema = tenant.schema_name,
            table = _filled.step ->> 'relation';
    when lock_not_available or deadlock_detected then
        raise exception using
            errcode = 'SB403',
            message = format('table "%s" is in use', _filled.step ->> 'relation'),
            detail = format(
                'The lock for step %s, %s, was not to be had within %s.',
                _filled.number, _filled.step ->> 'kind', bss_internal.setting('apply.lock_timeout')
            ),
            hint = 'Try again when no long transaction uses it; nothing has been changed.',
            schema = tenant.schema_name,
            table = _filled.step ->> 'relation';
end
$$;
comment on function bss_internal.execute_steps(bss_metadata.tenants, jsonb) is
    'Carries out the steps of a plan for a tenant; gives them as the ledger has them.';


create or replace function bss_internal.tell_of_version(
    tenant_id uuid, initiator text, correlation_id text, details jsonb
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select
        bss_internal.audit(tenant_id, 'schema.updated', initiator, correlation_id, details),
        bss_internal.emit(
            tenant_id, 'business_store.schema.updated',
            jsonb_build_object(
                'version', details -> 'to', 'timestamp', now(),
                'initiator', coalesce(initiator, session_user)
            ),
            correlation_id
        );
end;
comment on function bss_internal.tell_of_version(uuid, text, text, jsonb) is
    'Writes into the audit log, and as an event, that a version came into force.';


create or replace function bss_internal.carry_out(
    tenant bss_metadata.tenants,
    current bss_metadata.tenant_schemas,
    plan bss_internal.plans,
    initiator text,
    correlation_id text
)
    returns integer
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _version integer := coalesce(current.version, 0) + 1;
    _steps bss_metadata.step [];
    _fingerprint text;
    _snapshot jsonb;
begin
    _steps := bss_internal.execute_steps(tenant, plan.plan -> 'steps');
    _fingerprint := bss_internal.fingerprint(tenant);
    if plan.fingerprint is distinct from _fingerprint then
        -- in one statement, so that the hash that is kept is of the catalog that is proven
        select bss_internal.fingerprint(tenant), bss_internal.snapshot(tenant)
        into _fingerprint, _snapshot;
        perform bss_internal.prove(tenant, plan.plan -> 'model', _snapshot);
        perform bss_internal.keep_plan(plan, _fingerprint);
    end if;
    insert into bss_metadata.tenant_schemas (
        tenant_id, version, schema_json, model, fingerprint, initiator, correlation_id, steps
    )
    values (
        tenant.id, _version, (plan.plan ->> 'document')::json, plan.plan -> 'model', _fingerprint,
        coalesce(carry_out.initiator, session_user), carry_out.correlation_id, _steps
    );
    if plan.plan -> 'documents' <> '[]' then
        insert into bss_metadata.document_uses (tenant_id, version, uri)
        select tenant.id, _version, d.value
        from jsonb_array_elements_text(plan.plan -> 'documents') as d;
    end if;
    if plan.plan -> 'model' @? '$.tables[*].interval' then
        perform bss_internal.maintain_tenant(tenant, true);
        -- the catalog has the partitions of today, which are in no plan
        update bss_metadata.tenant_schemas as s set fingerprint = bss_internal.fingerprint(tenant)
        where s.tenant_id = tenant.id and s.version = _version;
    end if;
    perform bss_internal.tell_of_version(
        tenant.id, initiator, correlation_id,
        jsonb_build_object('from', current.version, 'to', _version, 'steps', cardinality(_steps))
    );
    return _version;
end
$$;
comment on function bss_internal.carry_out(
    bss_metadata.tenants, bss_metadata.tenant_schemas, bss_internal.plans, text, text
) is
    'Takes a tenant to its next version: executes a plan, proves what came of it, and records it.';


create or replace function bss_internal.advance(
    tenant bss_metadata.tenants,
    current bss_metadata.tenant_schemas,
    request jsonb,
    initiator text,
    correlation_id text
)
    returns integer
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _plan bss_internal.plans;
    _version integer := current.version;
    _lock_timeout text := bss_internal.limit_lock_wait();
begin
    if current.version is not null then
        perform bss_internal.refuse_drift(tenant);
    end if;
    _plan := bss_internal.make_plan(current, request);
    if
        _plan.plan -> 'steps' <> '[]'
        or _plan.plan ->> 'document' is distinct from current.schema_json::text
    then
        _version := bss_internal.carry_out(tenant, current, _plan, initiator, correlation_id);
    end if;
    perform set_config('lock_timeout', _lock_timeout, true);
    return _version;
end
$$;
comment on function bss_internal.advance(
    bss_metadata.tenants, bss_metadata.tenant_schemas, jsonb, text, text
) is
    'Takes a tenant that is held to what a request asks for; does nothing if it is there already.';


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
begin
    perform bss_internal.require_operator();
    _tenant := bss_internal.lock_tenant(tenant);
    if _tenant.status not in ('INITIALIZING', 'ACTIVE') then
        raise exception using
            errcode = 'SB503',
            message = format('tenant "%s" is not active', _tenant.external_id),
            detail = format('Its status is %s.', _tenant.status),
            hint = 'Resume the tenant first.';
    end if;
    return bss_internal.advance(
        _tenant, bss_internal.schema_in_force(_tenant.id), request, initiator, correlation_id
    );
end
$$;
comment on function bss_internal.apply_request(text, jsonb, text, text) is
    'Takes a tenant to what a request asks for, if an operator asks and its status allows it.';


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


create or replace view bss_metadata.schema_migrations
with (security_invoker = true)
as
select
    s.tenant_id, s.version, m.position::integer as position, m.kind, m.relation, m.statement,
    m.applied_at
from bss_metadata.tenant_schemas as s
cross join lateral unnest(s.steps)
    with ordinality as m (kind, relation, statement, applied_at, position);
comment on view bss_metadata.schema_migrations is
    'Lists the steps that took a tenant to each version, in the transaction that took them.';
comment on column bss_metadata.schema_migrations.tenant_id is 'The tenant.';
comment on column bss_metadata.schema_migrations.version is 'The version that the step belongs to.';
comment on column bss_metadata.schema_migrations.position is 'The order of the step.';
comment on column bss_metadata.schema_migrations.kind is 'What kind of change it was.';
comment on column bss_metadata.schema_migrations.relation is 'The table that it was made to.';
comment on column bss_metadata.schema_migrations.statement is 'The statement as it was executed.';
comment on column bss_metadata.schema_migrations.applied_at is 'When it was executed.';


create or replace view bss.schema_versions
with (security_invoker = true)
as
select
    t.external_id as tenant, s.version, s.applied_at, s.initiator, s.correlation_id,
    cardinality(s.steps)::bigint as steps,
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
