-- What a fleet migration would do to whom: its members, their rings, and the plans they share.

create or replace function bss_internal.check_rings(
    canary text[], canary_percent numeric, waves integer
)
    returns void
    immutable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if (canary_percent between 0 and 100 and waves between 1 and 1000) is not true then
        raise exception using
            errcode = 'SB639',
            message = 'rings cannot be made',
            detail = 'The percentage is from 0 to 100, the number of waves from 1 to 1000.',
            hint = 'Give other numbers.';
    end if;
end
$$;
comment on function bss_internal.check_rings(text[], numeric, integer) is
    'Refuses a percentage or a number of waves that no rings can be made of.';


create or replace function bss_internal.renames_on_the_way(
    tenant_id uuid, blueprint_version integer, goal bss_metadata.blueprint_versions
)
    returns jsonb
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _first constant integer := least(blueprint_version, goal.version) + 1;
    _last constant integer := greatest(blueprint_version, goal.version);
    _was_there integer;
    _renames jsonb;
begin
    -- what the document says of the version before it is enough, or there is none
    if blueprint_version is null or goal.version - blueprint_version in (0, 1) then
        return '{}';
    elsif goal.version < _last then
        select max(s.version) into _was_there
        from bss_metadata.tenant_schemas as s
        where
            s.tenant_id = renames_on_the_way.tenant_id
            and s.blueprint = goal.blueprint and s.blueprint_version = goal.version;
    end if;
    if _was_there is not null then
        return jsonb_build_object('undo', bss_internal.renames_since(tenant_id, _was_there));
    end if;
    select coalesce(jsonb_agg(v.renames order by v.version), '[]') into _renames
    from bss_metadata.blueprint_versions as v
    where
        v.blueprint = goal.blueprint and v.version between _first and _last
        and v.renames <> '{}';
    return jsonb_build_object(
        case when goal.version < _last then 'undo' else 'passed' end, _renames
    );
end
$$;
comment on function bss_internal.renames_on_the_way(
    uuid, integer, bss_metadata.blueprint_versions
) is
    'Gives what a request is to say of renames, for a tenant that goes back to a version of its '
    'blueprint, or passes some over.';


create or replace function bss_internal.request_of_member(
    tenant bss_metadata.tenants,
    current bss_metadata.tenant_schemas,
    goal bss_metadata.blueprint_versions
)
    returns jsonb
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return bss_internal.request_of(
        tenant,
        jsonb_build_object('document', goal.schema_json::text)
        || bss_internal.renames_on_the_way(
            tenant.id,
            case current.blueprint when goal.blueprint then current.blueprint_version end, goal
        )
    );
end
$$;
comment on function bss_internal.request_of_member(
    bss_metadata.tenants, bss_metadata.tenant_schemas, bss_metadata.blueprint_versions
) is
    'Gives the request for the plan that takes a tenant to a version of its blueprint.';


create or replace function bss_internal.fleet_members(
    goal bss_metadata.blueprint_versions, canary text[], canary_percent numeric, waves integer
)
    returns table (
        tenant_id uuid, tenant text, schema_name text, ring integer, state text, base text,
        from_version integer, blueprint_version integer, message text
    )
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    with follower as (
        select
            t.id, t.external_id, t.schema_name, s.version,
            case s.blueprint when t.blueprint then s.blueprint_version end as blueprint_version,
            case
                when t.status in ('DEACTIVATING', 'INACTIVE') then 'skipped'
                when s.blueprint = goal.blueprint and s.blueprint_version = goal.version
                    then 'current'
                else 'pending'
            end as state,
            format('its status is %s', t.status) as reason,
            -- of two catalogs with the same fingerprint and document, the models are the same
            concat_ws(
                ' ', s.fingerprint, s.blueprint, s.blueprint_version,
                case when s.blueprint is null
                    then encode(sha256(convert_to(s.schema_json::text, 'UTF8')), 'hex')
                end,
                -- who goes back may have come there in another way
                nullif(
                    bss_internal.renames_on_the_way(
                        t.id,
                        case s.blueprint when goal.blueprint then s.blueprint_version end, goal
                    ),
                    '{}'
                )
            ) as base
        from bss_metadata.tenants as t
        left join lateral (
            select
                v.version, v.fingerprint, v.blueprint, v.blueprint_version, v.schema_json
            from bss_metadata.tenant_schemas as v
            where v.tenant_id = t.id
            order by v.version desc
            limit 1
        ) as s on true
        where
            t.blueprint = goal.blueprint and t.status <> 'DELETED'
            -- those in a pool come along with it
            and t.isolation <> 'pool'
    ),
    shuffled as (
        select
            f.id, coalesce(f.external_id = any (canary), false) as is_canary,
            row_number() over (order by hashtextextended(f.id::text, 0), f.id) as place,
            count(*) over () as total
        from follower as f
        where f.state = 'pending'
    ),
    canaries as (
        select
            s.id, s.place,
            s.is_canary or s.place <= ceil(s.total * canary_percent / 100) as is_first
        from shuffled as s
    ),
    placed as (
        select
            c.id,
            case
                when c.is_first then 0
                else ntile(waves) over (partition by c.is_first order by c.place)
            end as ring
        from canaries as c
    )
    select
        f.id, f.external_id, f.schema_name, p.ring, f.state, f.base, f.version,
        f.blueprint_version,
        case f.state when 'skipped' then f.reason end
    from follower as f
    left join placed as p on p.id = f.id;
end;
comment on function bss_internal.fleet_members(
    bss_metadata.blueprint_versions, text[], numeric, integer
) is
    'Lists the tenants that follow a blueprint: which are to get to a version, in which ring.';


create or replace function bss_internal.plan_extent(schema_name text, steps jsonb)
    returns table (estimated_rows bigint, bytes bigint)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select
        coalesce(sum(e.rows), 0)::bigint as estimated_rows,
        coalesce(sum(pg_total_relation_size(r.relation_id)), 0)::bigint as bytes
    from (
        select distinct
            s.value ->> 'origin' as relation,
            to_regclass(format('%I.%I', schema_name, s.value ->> 'origin')) as relation_id
        from jsonb_array_elements(steps) as s
    ) as r
    cross join lateral bss_internal.estimated_size(schema_name, r.relation) as e;
end;
comment on function bss_internal.plan_extent(text, jsonb) is
    'Gives the rows and the bytes of the tables that a plan changes, as they are now.';


create or replace function bss_internal.preview_member(
    goal bss_metadata.blueprint_versions, tenant_id uuid
)
    returns table (
        outcome text, steps integer, hazards text[], estimated_rows bigint, bytes bigint,
        sqlstate text, message text
    )
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants;
    _current bss_metadata.tenant_schemas := bss_internal.schema_in_force(tenant_id);
    _plan bss_internal.plans;
    _steps jsonb;
begin
    select t.* into _tenant from bss_metadata.tenants as t where t.id = preview_member.tenant_id;
    perform bss_internal.refuse_pending(_tenant);
    perform bss_internal.refuse_drift(_tenant);
    _plan := bss_internal.make_plan(
        _current, bss_internal.request_of_member(_tenant, _current, goal)
    );
    if _plan.fingerprint is null then
        perform bss_internal.keep_plan(_plan, null, null); -- for the next tenant
    end if;
    _steps := bss_internal.steps_for(_plan.plan -> 'steps', _tenant.schema_name);
    return query
    select
        'pending', jsonb_array_length(_steps),
        array(
            select distinct h.value
            from jsonb_array_elements(_steps) as s
            cross join lateral jsonb_array_elements_text(s.value -> 'hazards') as h
            order by h.value
        ),
        e.estimated_rows, e.bytes, null, null
    from bss_internal.plan_extent(_tenant.schema_name, _steps) as e;
exception when others then
    return query
    select
        case sqlstate when 'SB401' then 'drifted' else 'failed' end, null::integer, null::text[],
        null::bigint, null::bigint, sqlstate, sqlerrm;
end
$$;
comment on function bss_internal.preview_member(bss_metadata.blueprint_versions, uuid) is
    'Says what would come of a tenant before its statements are executed.';


create or replace function bss.plan_fleet(
    blueprint text,
    version integer default null,
    canary text[] default null,
    canary_percent numeric default 0,
    waves integer default 1
)
    returns table (
        tenant text, ring integer, outcome text, plan bigint, from_version integer, steps integer,
        hazards text[], estimated_rows bigint, bytes bigint, sqlstate text, message text
    )
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _goal bss_metadata.blueprint_versions;
begin
    perform bss_internal.require_operator();
    perform bss_internal.check_rings(canary, canary_percent, waves);
    _goal := bss_internal.blueprint_version(blueprint, version);
    return query
    with member as materialized (
        select m.* from bss_internal.fleet_members(_goal, canary, canary_percent, waves) as m
    ),
    preview as (
        select m.tenant_id, p.*
        from member as m
        cross join lateral bss_internal.preview_member(_goal, m.tenant_id) as p
        where m.state = 'pending'
    )
    select
        m.tenant, m.ring, coalesce(p.outcome, m.state),
        case p.outcome
            when 'pending' then dense_rank() over (order by p.outcome <> 'pending', m.base)
        end,
        m.blueprint_version, p.steps, p.hazards, p.estimated_rows, p.bytes, p.sqlstate,
        coalesce(p.message, m.message)
    from member as m
    left join preview as p on p.tenant_id = m.tenant_id
    order by m.ring, m.tenant;
end
$$;
comment on function bss.plan_fleet(text, integer, text[], numeric, integer) is
    'Says what a fleet migration to a version of a blueprint would do to whom. Changes nothing.';
