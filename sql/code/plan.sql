-- Plans: what would take a tenant to a document, made by the compiler and kept once it is proven.

-- In PL/pgSQL, because that keeps its plan: every change of a tenant asks for it.
create or replace function bss_internal.schema_in_force(tenant_id uuid)
    returns bss_metadata.tenant_schemas
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _schema bss_metadata.tenant_schemas;
begin
    select s.* into _schema
    from bss_metadata.tenant_schemas as s
    -- found first and by itself, so that the server reads the last version alone
    where s.tenant_id = (
        select coalesce(t.pool_id, t.id) from bss_metadata.tenants as t
        where t.id = schema_in_force.tenant_id
    )
    order by s.version desc
    limit 1;
    return _schema;
end
$$;
comment on function bss_internal.schema_in_force(uuid) is
    'Gives the version that a tenant is at, or its pool.';


create or replace function bss_internal.version_in_force(
    tenant bss_metadata.tenants,
    out version integer,
    out fingerprint text,
    out blueprint text,
    out blueprint_version integer
)
    returns record
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    select s.version, s.fingerprint, s.blueprint, s.blueprint_version
    into version, fingerprint, blueprint, blueprint_version
    from bss_metadata.tenant_schemas as s
    where s.tenant_id = coalesce(tenant.pool_id, tenant.id)
    order by s.version desc
    limit 1;
end
$$;
comment on function bss_internal.version_in_force(bss_metadata.tenants) is
    'Says which version a tenant is at, or its pool, without what is long about it.';


create or replace function bss_internal.request_of(tenant bss_metadata.tenants, request jsonb)
    returns jsonb
    immutable parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
    return case tenant.isolation
        when 'host' then request || '{"isolation": "pool"}' else request
    end;
comment on function bss_internal.request_of(bss_metadata.tenants, jsonb) is
    'Gives a request for a plan, which for a pool says that it is one.';


-- In PL/pgSQL, because that keeps its plan: every change of a tenant asks for it.
create or replace function bss_internal.plan_key(request jsonb)
    returns text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return (
        select encode(
            sha256(
                convert_to(
                    concat_ws(E'\n', i.release, bss_internal.limits(), plan_key.request),
                    'UTF8'
                )
            ),
            'hex'
        )
        from bss_internal.installation as i
    );
end
$$;
comment on function bss_internal.plan_key(jsonb) is
    'Gives the hash of everything that a plan follows from.';


create or replace function bss_internal.make_plan(
    current bss_metadata.tenant_schemas, request jsonb
)
    returns bss_internal.plans
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _request jsonb := request || jsonb_build_object('base', current.model);
    _key text;
    _plan bss_internal.plans;
    _answer jsonb;
begin
    -- an entity is planned in the document that it becomes a part of, and that drops nothing itself
    if request ?| array['entity', 'drop'] then
        _request := _request || jsonb_build_object('document', current.schema_json::text);
    end if;
    _key := bss_internal.plan_key(_request);
    -- the whole plan as it is in memory, so that it is unpacked once
    select p.key, p.plan #> '{}', p.fingerprint, p.kept_at, p.part into _plan
    from bss_internal.plans as p where p.key = _key;
    if not found then
        _answer := bss_internal.compile('plan', _request);
        perform bss_internal.raise_diagnostics(_answer -> 'diagnostics');
        _answer := _answer || jsonb_build_object(
            'snapshot', bss_internal.snapshot_hash(_answer -> 'snapshot')
        );
        _plan := row(_key, _answer, null, null, null);
    end if;
    return _plan;
end
$$;
comment on function bss_internal.make_plan(bss_metadata.tenant_schemas, jsonb) is
    'Gives the plan from a schema to what a request asks for, from memory if it is kept; one that '
    'was not proven has no fingerprint.';


create or replace function bss_internal.keep_plan(
    plan bss_internal.plans, fingerprint text, part text
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    -- whoever comes to keep the same at the same time need not wait for it
    insert into bss_internal.plans (key, plan, fingerprint, part)
    select plan.key, plan.plan, keep_plan.fingerprint, keep_plan.part
    where pg_try_advisory_xact_lock(hashtextextended(plan.key, 0))
    on conflict (key) do update set fingerprint = excluded.fingerprint, part = excluded.part
    where excluded.fingerprint is not null;

    delete from bss_internal.plans as p
    where p.key in (
        select o.key
        from bss_internal.plans as o
        order by o.kept_at desc
        offset bss_internal.setting('plan.cache_entries')::bigint
        for update skip locked
    );
end;
comment on function bss_internal.keep_plan(bss_internal.plans, text, text) is
    'Keeps a plan, with the fingerprints that it was proven to lead to, and forgets the oldest.';


-- In PL/pgSQL, because that keeps its plan: it is called for every tenant that is migrated.
create or replace function bss_internal.fill(steps jsonb, tenant bss_metadata.tenants)
    returns table (number bigint, step jsonb, statement text)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return query
    select
        s.ordinality, s.value,
        format(
            s.value ->> 'statement', tenant.schema_name, tenant.id,
            (
                select n.nspname
                from pg_extension as e
                join pg_namespace as n on n.oid = e.extnamespace
                where e.extname = 'vector'
            ),
            s.value ->> 'partition', s.value ->> 'partition_index'
        )
    from jsonb_array_elements(steps) with ordinality as s
    order by s.ordinality;
end
$$;
comment on function bss_internal.fill(jsonb, bss_metadata.tenants) is
    'Lists the steps of a plan in their order, each with its statement as it is for a tenant.';


create or replace function bss_internal.plan_request(tenant text, request jsonb)
    returns table (
        step integer, kind text, relation text, statement text, lock text, blocks text[],
        scans boolean, rewrites boolean, estimated_rows bigint, estimated_bytes bigint,
        reversible boolean, hazards text[], reason text, mode text
    )
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants;
    _current bss_metadata.tenant_schemas;
    _plan bss_internal.plans;
    _shared_steps jsonb;
begin
    perform bss_internal.require_operator();
    _tenant := bss_internal.find_tenant(tenant);
    perform bss_internal.refuse_pooled(_tenant);
    perform bss_internal.refuse_drift(_tenant);
    _current := bss_internal.schema_in_force(_tenant.id);
    _plan := bss_internal.make_plan(_current, bss_internal.request_of(_tenant, request));
    _shared_steps := coalesce(
        bss_internal.plan_sharing(
            bss_internal.shared_in_force(), _plan.plan -> 'declared'
        ) -> 'steps',
        '[]'
    );
    return query
    select * from bss_internal.shown_steps(_shared_steps, bss_internal.shared_tenant())
    union all
    select
        jsonb_array_length(_shared_steps) + s.step, s.kind, s.relation, s.statement, s.lock,
        s.blocks, s.scans, s.rewrites, s.estimated_rows, s.estimated_bytes, s.reversible,
        s.hazards, s.reason, s.mode
    from bss_internal.shown_steps(
        bss_internal.steps_for(_plan.plan -> 'steps', _tenant.schema_name), _tenant
    ) as s
    order by 1;
end
$$;
comment on function bss_internal.plan_request(text, jsonb) is
    'Lists the steps that would take a tenant to what a request asks for.';


create or replace function bss_internal.shown_steps(steps jsonb, tenant bss_metadata.tenants)
    returns table (
        step integer, kind text, relation text, statement text, lock text, blocks text[],
        scans boolean, rewrites boolean, estimated_rows bigint, estimated_bytes bigint,
        reversible boolean, hazards text[], reason text, mode text
    )
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    -- the planner cannot tell how few steps there are, and compiling takes fifty times as long
    set jit = off
    language sql
begin atomic
    select
        f.number::integer, f.step ->> 'kind', f.step ->> 'relation', f.statement,
        f.step ->> 'lock', array(select jsonb_array_elements_text(f.step -> 'blocks')),
        (f.step ->> 'scans')::boolean, (f.step ->> 'rewrites')::boolean, e.rows, e.bytes,
        (f.step ->> 'reversible')::boolean,
        array(select jsonb_array_elements_text(f.step -> 'hazards')),
        bss_internal.shown_reason(tenant.schema_name, f.step), coalesce(f.step ->> 'mode', 'now')
    from bss_internal.fill(shown_steps.steps, tenant) as f
    cross join lateral bss_internal.estimated_size(tenant.schema_name, f.step ->> 'origin') as e
    order by f.number;
end;
comment on function bss_internal.shown_steps(jsonb, bss_metadata.tenants) is
    'Lists the steps of a plan for a tenant, with what each locks and risks.';


create or replace function bss.plan_schema(tenant text, document json)
    returns table (
        step integer, kind text, relation text, statement text, lock text, blocks text[],
        scans boolean, rewrites boolean, estimated_rows bigint, estimated_bytes bigint,
        reversible boolean, hazards text[], reason text, mode text
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
        step integer, kind text, relation text, statement text, lock text, blocks text[],
        scans boolean, rewrites boolean, estimated_rows bigint, estimated_bytes bigint,
        reversible boolean, hazards text[], reason text, mode text
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
