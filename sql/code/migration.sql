-- From a document to tables: what was planned is carried out, proven, and entered into the ledger.

create or replace function bss_internal.is_due(step jsonb)
    returns boolean
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return coalesce(step ->> 'mode', 'now') = 'now' and (
        step ->> 'kind' <> 'create_function'
        -- it may have come with another tenant
        or bss_internal.lacks_function(
            concat(
                step ->> 'relation',
                case when step ->> 'relation' ~ '^bss_checks\.t_' then '()' else '(jsonb)' end
            )
        )
    );
end
$$;
comment on function bss_internal.is_due(jsonb) is
    'Says whether a step is one for now, and not done already.';


create or replace function bss_internal.execute_steps(
    tenant bss_metadata.tenants, steps jsonb
)
    returns bss_metadata.step []
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    -- the compiler quotes strings for this setting, and values are converted under the others
    set standard_conforming_strings = on
    set extra_float_digits = 1
    language plpgsql
as $$
declare
    _step record;
    _done bss_metadata.step [] := '{}';
    _before constant text := bss_internal.begin_filling();
begin
    perform bss_internal.provide_captures(steps);
    for _step in
        select f.number, f.step, f.statement
        from bss_internal.fill(steps, tenant) as f
        where bss_internal.is_due(f.step)
        order by f.number
    loop
        execute _step.statement;
        _done := _done || row(
            _step.step ->> 'kind', _step.step ->> 'relation', _step.statement, clock_timestamp()
        )::bss_metadata.step;
    end loop;
    perform bss_internal.end_filling(_before);
    return _done;
exception
    when not_null_violation or check_violation or foreign_key_violation or unique_violation then
        raise exception using
            errcode = 'SB402',
            message = format(
                'rows of table "%s" do not fit the new schema', _step.step ->> 'relation'
            ),
            detail = format(
                'At step %s, %s, the server says: %s.', _step.number, _step.step ->> 'kind', sqlerrm
            ),
            hint = 'Correct the rows, or what the document requires; nothing has been changed.',
            schema = tenant.schema_name,
            table = _step.step ->> 'relation';
    when lock_not_available or deadlock_detected then
        perform bss_internal.refuse_in_use(
            tenant, _step.number, _step.step ->> 'kind', _step.step ->> 'relation'
        );
        return null;
end
$$;
comment on function bss_internal.execute_steps(bss_metadata.tenants, jsonb) is
    'Carries out the steps of a plan that are for now; gives them as the ledger has them.';


create or replace function bss_internal.carry_out(
    tenant bss_metadata.tenants,
    from_version integer,
    before text,
    plan bss_internal.plans,
    initiator text,
    correlation_id text,
    blueprint_version integer default null
)
    returns integer
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _version integer := coalesce(from_version, 0) + 1;
    _forms jsonb := bss_internal.steps_for(plan.plan -> 'steps', tenant.schema_name);
    _is_pending boolean := _forms @? '$[*] ? (@.mode <> "now")';
    _steps bss_metadata.step [];
    _model constant jsonb := plan.plan -> 'model';
    _renames constant jsonb := plan.plan -> 'renames';
    _fingerprint text;
begin
    _steps := case
        when from_version is null then bss_internal.make_tables(tenant, _forms)
        else bss_internal.execute_steps(tenant, _forms)
    end;
    perform bss_internal.follow_renames(tenant.id, _renames) where _renames <> '{}';
    _fingerprint := case
        -- with steps to come, the tables are not what the plan leads to: the last one proves it
        when _is_pending then bss_internal.fingerprint(tenant)
        else bss_internal.prove_plan(tenant, plan, before)
    end;
    insert into bss_metadata.tenant_schemas (
        tenant_id, version, schema_json, model, fingerprint, initiator, correlation_id, steps,
        renames, blueprint, blueprint_version
    )
    values (
        tenant.id, _version, (plan.plan ->> 'document')::json, _model, _fingerprint,
        coalesce(carry_out.initiator, session_user), carry_out.correlation_id, _steps, _renames,
        case when carry_out.blueprint_version is not null then tenant.blueprint end,
        carry_out.blueprint_version
    );
    perform bss_internal.record_uses(tenant.id, _version, plan.plan);
    perform bss_internal.record_pending(tenant, _version, _forms) where _is_pending;
    if _model @? '$.tables[*].interval' then
        perform bss_internal.make_first_partitions(tenant, _version);
    end if;
    perform bss_internal.audit(
        tenant.id, 'schema.updated', initiator, correlation_id,
        jsonb_build_object('from', from_version, 'to', _version, 'steps', cardinality(_steps))
    );
    return _version;
end
$$;
comment on function bss_internal.carry_out(
    bss_metadata.tenants, integer, text, bss_internal.plans, text, text, integer
) is
    'Takes a tenant from a version and its fingerprint to the next, or to one of its blueprint: '
    'executes a plan, proves what came of it, and records it.';


create or replace function bss_internal.advance(
    tenant bss_metadata.tenants,
    current bss_metadata.tenant_schemas,
    request jsonb,
    initiator text,
    correlation_id text,
    blueprint_version integer default null
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
        perform bss_internal.refuse_to_advance(tenant, current.fingerprint);
    end if;
    _plan := bss_internal.make_plan(current, bss_internal.request_of(tenant, request));
    if
        _plan.plan -> 'steps' <> '[]'
        or _plan.plan ->> 'document' is distinct from current.schema_json::text
        or (
            blueprint_version is not null
            and (current.blueprint, current.blueprint_version)
                is distinct from (tenant.blueprint, blueprint_version)
        )
    then
        perform bss_internal.share(_plan.plan, initiator, correlation_id);
        _version := bss_internal.carry_out(
            tenant, current.version, current.fingerprint, _plan, initiator, correlation_id,
            blueprint_version
        );
    end if;
    perform set_config('lock_timeout', _lock_timeout, true);
    return _version;
end
$$;
comment on function bss_internal.advance(
    bss_metadata.tenants, bss_metadata.tenant_schemas, jsonb, text, text, integer
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
    _tenant bss_metadata.tenants := bss_internal.lock_for_change(tenant);
begin
    perform bss_internal.refuse_follower(_tenant);
    perform bss_internal.require_verdict(
        coalesce(request ->> 'document', request ->> 'entity')::json
    );
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
    join bss_metadata.tenants as t on s.tenant_id = coalesce(t.pool_id, t.id)
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
