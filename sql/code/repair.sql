-- Repair: from what the catalog has to what the model in force says, without asking why it is so.

create or replace function bss_internal.make_repair(
    tenant bss_metadata.tenants, droppable text[]
)
    returns jsonb
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _others jsonb := bss_internal.snapshot_others(tenant.schema_name);
    _of_others jsonb := bss_internal.other_steps(tenant, _others, droppable);
    _answer jsonb := bss_internal.compile(
        'repair',
        jsonb_build_object(
            'model', coalesce((bss_internal.schema_in_force(tenant.id)).model, '{}'),
            'snapshot', bss_internal.snapshot(tenant),
            'others', jsonb_path_query_array(_others, '$[*].name'),
            'drop', to_jsonb(droppable)
        )
    );
begin
    perform bss_internal.raise_diagnostics(_answer -> 'diagnostics');
    if not bss_internal.owns_schema(tenant) then
        return jsonb_build_object(
            'steps', '[]'::jsonb, 'left', _of_others -> 'left', 'unknown', '[]'::jsonb
        );
    end if;
    return _answer || jsonb_build_object(
        'steps', (_of_others -> 'first') || (_answer -> 'steps') || (_of_others -> 'last'),
        'left', (_answer -> 'left') || (_of_others -> 'left')
    );
end
$$;
comment on function bss_internal.make_repair(bss_metadata.tenants, text[]) is
    'Asks for what undoes the drift of a tenant, as {steps, left, unknown}.';


create or replace function bss_internal.refuse_unknown(tenant bss_metadata.tenants, unknown jsonb)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if unknown <> '[]' then
        raise exception using
            errcode = 'SB426',
            message = format('"%s" is not to be dropped', left(unknown ->> 0, 200)),
            detail = format(
                'Nothing of that name in the schema of tenant "%s" is beyond its model.',
                tenant.external_id
            ),
            hint = 'Name a table, an object or table.column as bss.plan_repair() names it.',
            schema = tenant.schema_name;
    end if;
end
$$;
comment on function bss_internal.refuse_unknown(bss_metadata.tenants, jsonb) is
    'Refuses names that are not those of anything that could be.';


create or replace function bss.plan_repair(tenant text, drop text[] default '{}')
    returns table (
        step integer, kind text, relation text, object text, statement text, lock text,
        scans boolean, rewrites boolean, estimated_rows bigint, reversible boolean, hazards text[],
        reason text, hint text
    )
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    -- compiling the query takes ten times as long as the query
    set jit = off
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants;
    _repair jsonb;
begin
    perform bss_internal.require_operator();
    _tenant := bss_internal.hold_tenant(plan_repair.tenant);
    perform bss_internal.refuse_pending(_tenant);
    _repair := bss_internal.make_repair(_tenant, plan_repair.drop);
    perform bss_internal.refuse_unknown(_tenant, _repair -> 'unknown');
    return query
    select
        f.number::integer, f.step ->> 'kind', f.step ->> 'relation', null::text, f.statement,
        f.step ->> 'lock', (f.step ->> 'scans')::boolean, (f.step ->> 'rewrites')::boolean,
        e.rows, (f.step ->> 'reversible')::boolean,
        array(select jsonb_array_elements_text(f.step -> 'hazards')), f.step ->> 'reason',
        null::text
    from bss_internal.fill(_repair -> 'steps', _tenant) as f
    cross join lateral bss_internal.estimated_size(
        _tenant.schema_name, f.step ->> 'relation'
    ) as e
    union all
    select
        null, 'left', l.relation, l.object, null, null, null, null, null, null, null, l.reason,
        l.hint
    from jsonb_to_recordset(_repair -> 'left')
        as l (relation text, object text, reason text, hint text)
    order by 1;
end
$$;
comment on function bss.plan_repair(text, text[]) is
    'Lists the steps that would undo the drift of a tenant, then what they would leave, and why. '
    'Changes nothing.';


create or replace function bss_internal.mend(tenant bss_metadata.tenants, droppable text[])
    returns table (done bss_metadata.step[], remaining jsonb)
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _repair jsonb := bss_internal.make_repair(tenant, droppable);
begin
    perform bss_internal.refuse_unknown(tenant, _repair -> 'unknown');
    done := '{}';
    -- what is wrong may hide something else; each round mends what the one before has uncovered
    for _round in 1..8 loop
        exit when _repair -> 'steps' = '[]';
        done := done || bss_internal.execute_steps(tenant, _repair -> 'steps');
        _repair := bss_internal.make_repair(tenant, droppable);
    end loop;
    perform bss_internal.maintain_tenant(tenant, true);
    remaining := _repair -> 'left';
    return next;
exception
    when
        insufficient_privilege or dependent_objects_still_exist or feature_not_supported
        or duplicate_object or duplicate_table or undefined_object
        or wrong_object_type or invalid_table_definition
    then
        raise exception using
            errcode = 'SB427',
            message = format('tables of tenant "%s" cannot be repaired', tenant.external_id),
            detail = format('The server says: %s.', sqlerrm),
            hint = 'Undo that by hand, or name what stands in the way in the argument drop; '
                'nothing has been changed.',
            schema = tenant.schema_name;
end
$$;
comment on function bss_internal.mend(bss_metadata.tenants, text[]) is
    'Undoes the drift of a tenant that is held; gives the steps, and what they have left.';


create or replace function bss_internal.prove_repair(tenant bss_metadata.tenants, remaining jsonb)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _schema bss_metadata.tenant_schemas := bss_internal.schema_in_force(tenant.id);
    _difference record;
begin
    if not bss_internal.owns_schema(tenant) then
        return;
    end if;
    select d.relation, d.object into _difference
    from bss_internal.differences(tenant, _schema.model) as d
    where not remaining @> jsonb_build_array(jsonb_build_object('relation', d.relation))
    limit 1;
    if found then
        raise exception using
            errcode = 'SB427',
            message = format('tables of tenant "%s" cannot be repaired', tenant.external_id),
            detail = format(
                '%s.%s differs from the model after all steps.',
                _difference.relation, _difference.object
            ),
            hint = 'This is a bug in BSS. Please report it with what bss.drift() says.',
            schema = tenant.schema_name;
    end if;
    if remaining = '[]' then
        -- the same tables may be in other words in the catalog
        update bss_metadata.tenant_schemas as s set fingerprint = bss_internal.fingerprint(tenant)
        where s.tenant_id = tenant.id and s.version = _schema.version;
    end if;
end
$$;
comment on function bss_internal.prove_repair(bss_metadata.tenants, jsonb) is
    'Compares the catalog with the model in force, and refuses any difference but in relations '
    'that were left.';


create or replace function bss.repair(
    tenant text,
    drop text[] default '{}',
    initiator text default null,
    correlation_id text default null
)
    returns table (relation text, object text, reason text, hint text)
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants;
    _lock_timeout text;
    _mended record;
begin
    perform bss_internal.require_operator();
    _tenant := bss_internal.lock_tenant(repair.tenant);
    perform bss_internal.refuse_deleted(_tenant);
    perform bss_internal.refuse_pooled(_tenant);
    perform bss_internal.refuse_pending(_tenant);
    _lock_timeout := bss_internal.limit_lock_wait();
    select m.done, m.remaining into _mended from bss_internal.mend(_tenant, repair.drop) as m;
    perform set_config('lock_timeout', _lock_timeout, true);
    perform bss_internal.prove_repair(_tenant, _mended.remaining);
    if cardinality(_mended.done) > 0 then
        perform bss_internal.audit(
            _tenant.id, 'schema.repaired', initiator, correlation_id,
            jsonb_build_object(
                'version', (bss_internal.schema_in_force(_tenant.id)).version,
                'dropped', to_jsonb(repair.drop),
                'steps', (select jsonb_agg(s.statement) from unnest(_mended.done) as s),
                'left', _mended.remaining
            )
        );
    end if;
    return query
    select l.relation, l.object, l.reason, l.hint
    from jsonb_to_recordset(_mended.remaining)
        as l (relation text, object text, reason text, hint text);
end
$$;
comment on function bss.repair(text, text[], text, text) is
    'Makes a tenant''s schema what its model says again, in one transaction; drops only what is '
    'named. Lists what is left, and why.';
