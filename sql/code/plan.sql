-- Plans: what would take a tenant to a document, made by the compiler and kept once it is proven.

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
begin
    -- an entity is planned in the document that it becomes a part of
    if request ? 'entity' then
        _request := _request || jsonb_build_object('document', current.schema_json::text);
    end if;
    _key := bss_internal.plan_key(_request);
    select p.* into _plan from bss_internal.plans as p where p.key = _key;
    if not found then
        _plan := row(_key, bss_internal.compile('plan', _request), null, null);
        perform bss_internal.raise_diagnostics(_plan.plan -> 'diagnostics');
    end if;
    return _plan;
end
$$;
comment on function bss_internal.make_plan(bss_metadata.tenant_schemas, jsonb) is
    'Gives the plan from a schema to what a request asks for, from memory if it was proven before; '
    'one that was not has no fingerprint.';


create or replace function bss_internal.keep_plan(plan bss_internal.plans, fingerprint text)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    insert into bss_internal.plans (key, plan, fingerprint)
    values (plan.key, plan.plan, keep_plan.fingerprint)
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
comment on function bss_internal.keep_plan(bss_internal.plans, text) is
    'Keeps a plan that has been carried out and proven, and forgets the oldest.';


create or replace function bss_internal.fill(steps jsonb, tenant bss_metadata.tenants)
    returns table (number bigint, step jsonb, statement text)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select
        s.ordinality, s.value,
        format(
            s.value ->> 'statement', tenant.schema_name, tenant.id,
            (
                select n.nspname
                from pg_extension as e
                join pg_namespace as n on n.oid = e.extnamespace
                where e.extname = 'vector'
            )
        )
    from jsonb_array_elements(steps) with ordinality as s
    order by s.ordinality;
end;
comment on function bss_internal.fill(jsonb, bss_metadata.tenants) is
    'Lists the steps of a plan in their order, each with its statement as it is for a tenant.';


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
    _plan bss_internal.plans;
begin
    perform bss_internal.require_operator();
    _tenant := bss_internal.find_tenant(tenant);
    perform bss_internal.refuse_drift(_tenant);
    _current := bss_internal.schema_in_force(_tenant.id);
    _plan := bss_internal.make_plan(_current, request);
    return query
    select
        f.number::integer, f.step ->> 'kind', f.step ->> 'relation', f.statement,
        f.step ->> 'lock', (f.step ->> 'scans')::boolean, (f.step ->> 'rewrites')::boolean,
        bss_internal.estimated_rows(_tenant.schema_name, f.step ->> 'relation'),
        (f.step ->> 'reversible')::boolean,
        array(select jsonb_array_elements_text(f.step -> 'hazards'))
    from bss_internal.fill(_plan.plan -> 'steps', _tenant) as f
    order by f.number;
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
    select coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint
    from pg_class as t
    join pg_namespace as n on n.oid = t.relnamespace
    left join pg_inherits as i on i.inhparent = t.oid
    -- a table with partitions is never analyzed on its own account
    join pg_class as c on c.oid = coalesce(i.inhrelid, t.oid)
    where n.nspname = estimated_rows.schema_name and t.relname = estimated_rows.relation;
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
