-- Undo: forward to an older document, with everything that was kept, and, as a verb of its own, the
-- end of what has been out of the schema for long enough.

create or replace function bss_internal.renames_of_pool(
    blueprint text, version_before integer, version_after integer
)
    returns table (version integer, renames jsonb)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select p.version, p.renames
    from (
        -- by whatever way it went from the one to the other, and however often
        select f.tenant_id, f.version as first, l.version as last
        from bss_metadata.tenants as h
        cross join lateral (
            select max(s.version) as version
            from bss_metadata.tenant_schemas as s
            where s.tenant_id = h.id and s.blueprint_version = version_after
        ) as l
        join bss_metadata.tenant_schemas as f
            on f.tenant_id = h.id and f.blueprint_version = version_before and f.version < l.version
        where h.isolation = 'host' and h.blueprint = renames_of_pool.blueprint
        order by h.created_at desc, f.version desc
        limit 1
    ) as w
    join bss_metadata.tenant_schemas as p
        on p.tenant_id = w.tenant_id and p.version > w.first and p.version <= w.last;
end;
comment on function bss_internal.renames_of_pool(text, integer, integer) is
    'Lists what the pool of a blueprint renamed on its way from one version of it to another.';


create or replace function bss_internal.renames_since(tenant_id uuid, version integer)
    returns jsonb
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    with ledger as (
        select
            s.version, s.renames, s.blueprint, s.blueprint_version as version_after,
            case lag(s.blueprint) over entries
                when s.blueprint then lag(s.blueprint_version) over entries
            end as version_before
        from bss_metadata.tenant_schemas as s
        where s.tenant_id = renames_since.tenant_id
        window entries as (order by s.version)
    )

    select coalesce(jsonb_agg(r.renames order by r.version, r.place), '[]')
    from (
        select l.version as version, 0 as place, l.renames as renames
        from ledger as l
        union all
        -- it was in the pool meanwhile, or the pool renamed as little on the same way
        select l.version as version, p.version as place, p.renames as renames
        from ledger as l
        cross join lateral bss_internal.renames_of_pool(
            l.blueprint, l.version_before, l.version_after
        ) as p
        where l.renames = '{}' and l.version_before <> l.version_after
    ) as r
    where r.version > renames_since.version and r.renames <> '{}';
end;
comment on function bss_internal.renames_since(uuid, integer) is
    'Lists what the versions renamed that a tenant has been at since one, in a pool as well.';


create or replace function bss_internal.rollback_request(
    tenant bss_metadata.tenants, version integer
)
    returns jsonb
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
    where s.tenant_id = tenant.id and s.version = rollback_request.version;
    if not found then
        raise exception using
            errcode = 'SB406',
            message = format(
                'tenant "%s" was never at version %s', tenant.external_id,
                coalesce(rollback_request.version::text, 'null')
            ),
            detail = (
                select format('It is at version %s.', coalesce(max(s.version)::text, 'none'))
                from bss_metadata.tenant_schemas as s where s.tenant_id = tenant.id
            ),
            hint = 'The versions are listed in bss.schema_versions.';
    end if;
    return jsonb_build_object(
        'document', _document::text,
        'undo', bss_internal.renames_since(tenant.id, version)
    );
end
$$;
comment on function bss_internal.rollback_request(bss_metadata.tenants, integer) is
    'Gives the request for a plan that leads back to the document of a version.';


create or replace function bss.plan_rollback(tenant text, version integer)
    returns table (
        step integer, kind text, relation text, statement text, lock text, blocks text [],
        scans boolean, rewrites boolean, estimated_rows bigint, estimated_bytes bigint,
        reversible boolean, hazards text [], reason text, mode text
    )
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    perform bss_internal.require_operator();
    return query
    select p.*
    from bss_internal.plan_request(
        plan_rollback.tenant,
        bss_internal.rollback_request(
            bss_internal.find_tenant(plan_rollback.tenant), plan_rollback.version
        )
    ) as p;
end
$$;
comment on function bss.plan_rollback(text, integer) is
    'Lists the steps that bss.rollback_schema() would take. Changes nothing.';


create or replace function bss.rollback_schema(
    tenant text, version integer, initiator text default null, correlation_id text default null
)
    returns integer
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants;
    _current bss_metadata.tenant_schemas;
    _version integer;
begin
    _tenant := bss_internal.lock_for_change(tenant);
    perform bss_internal.refuse_follower(_tenant);
    _current := bss_internal.schema_in_force(_tenant.id);
    _version := bss_internal.advance(
        _tenant, _current, bss_internal.rollback_request(_tenant, version), initiator,
        correlation_id
    );
    if _version > _current.version then
        perform bss_internal.audit(
            _tenant.id, 'schema.rolled_back', initiator, correlation_id,
            jsonb_build_object(
                'from', _current.version, 'to', _version, 'document_of', rollback_schema.version
            )
        );
    end if;
    return _version;
end
$$;
comment on function bss.rollback_schema(text, integer, text, text) is
    'Takes a tenant to the document of an older version; all data stay, renames are taken back. '
    'Gives the version that it is then at.';


create or replace function bss_internal.deprecated_parts(tenant_id uuid)
    returns table (relation text, column_name text, type text, since integer)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    with part as (
        select
            s.version, t.value ->> 'name' as relation, null as column_name, 'table' as type,
            t.value as part
        from bss_metadata.tenant_schemas as s
        cross join lateral jsonb_array_elements(s.model -> 'tables') as t
        where s.tenant_id = deprecated_parts.tenant_id
        union all
        select
            s.version, t.value ->> 'name' as relation, c.value ->> 'name' as column_name,
            c.value ->> 'type' as type, c.value as part
        from bss_metadata.tenant_schemas as s
        cross join lateral jsonb_array_elements(s.model -> 'tables') as t
        cross join lateral jsonb_array_elements(t.value -> 'columns') as c
        where s.tenant_id = deprecated_parts.tenant_id
        union all
        select
            s.version, p.value ->> 'name' as relation, null as column_name, 'partition' as type,
            p.value as part
        from bss_metadata.tenant_schemas as s
        cross join lateral jsonb_array_elements(s.model -> 'tables') as t
        cross join lateral jsonb_array_elements(t.value -> 'partitions') as p
        where s.tenant_id = deprecated_parts.tenant_id
    ),
    -- versions have no gaps: those that follow each other have the same distance from their rank
    run as (
        select
            p.relation, p.column_name, p.type, p.version,
            p.version - row_number() over (
                partition by p.relation, p.column_name, p.type order by p.version
            ) as distance
        from part as p
        where p.part ? 'deprecated'
    )
    select r.relation, r.column_name, r.type, min(r.version)
    from run as r
    group by r.relation, r.column_name, r.type, r.distance
    having max(r.version) = (
        select max(s.version) from bss_metadata.tenant_schemas as s
        where s.tenant_id = deprecated_parts.tenant_id
    );
end;
comment on function bss_internal.deprecated_parts(uuid) is
    'Lists what a tenant''s schema no longer has and its tables still do, with the version since '
    'which that has been so without a break.';


create or replace function bss.deprecated(tenant text)
    returns table (
        relation text, column_name text, type text, deprecated_since timestamptz, version integer
    )
    stable
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants;
begin
    perform bss_internal.require_operator();
    _tenant := bss_internal.find_tenant(tenant);
    perform bss_internal.refuse_pooled(_tenant);
    return query
    select d.relation, d.column_name, d.type, s.applied_at, d.since
    from bss_internal.deprecated_parts(_tenant.id) as d
    join bss_metadata.tenant_schemas as s on s.tenant_id = _tenant.id and s.version = d.since
    order by d.relation, d.column_name nulls first;
end
$$;
comment on function bss.deprecated(text) is
    'Lists the columns, tables and partitions that a tenant''s schema no longer has, with when and '
    'in which version they went.';


create or replace function bss_internal.with_counts(tenant bss_metadata.tenants, parts jsonb)
    returns jsonb
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _part jsonb;
    _rows bigint;
    _counted jsonb := '[]';
begin
    for _part in select p.value from jsonb_array_elements(parts) as p loop
        -- what is counted is what is dropped: nobody may write in between
        execute format(
            'lock table %I.%I in access exclusive mode', tenant.schema_name, _part ->> 'relation'
        );
        execute format(
            'select count(%s) from %I.%I', coalesce(quote_ident(_part ->> 'column_name'), '*'),
            tenant.schema_name, _part ->> 'relation'
        )
        into _rows;
        _counted := _counted || (_part || jsonb_build_object('row_count', _rows));
    end loop;
    return _counted;
exception when lock_not_available or deadlock_detected then
    raise exception using
        errcode = 'SB403',
        message = format('table "%s" is in use', _part ->> 'relation'),
        detail = format(
            'The lock to drop what it has was not to be had within %s.',
            bss_internal.setting('apply.lock_timeout')
        ),
        hint = 'Try again when no long transaction uses it; nothing has been changed.',
        schema = tenant.schema_name,
        table = _part ->> 'relation';
end
$$;
comment on function bss_internal.with_counts(bss_metadata.tenants, jsonb) is
    'Locks the tables of what is to be dropped, and says of each part how many rows have it.';


create or replace function bss_internal.drop_parts(
    tenant bss_metadata.tenants, parts jsonb, initiator text, correlation_id text
)
    returns jsonb
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _current bss_metadata.tenant_schemas := bss_internal.schema_in_force(tenant.id);
    _lock_timeout text := bss_internal.limit_lock_wait();
    _dropped jsonb := bss_internal.with_counts(tenant, parts);
    _version integer;
begin
    perform set_config('lock_timeout', _lock_timeout, true);
    _version := bss_internal.advance(
        tenant, _current, jsonb_build_object('drop', parts), initiator, correlation_id,
        -- it is at the same version of its blueprint as before
        case _current.blueprint when tenant.blueprint then _current.blueprint_version end
    );
    insert into bss_metadata.document_uses (tenant_id, version, uri)
    select u.tenant_id, _version, u.uri
    from bss_metadata.document_uses as u
    where u.tenant_id = tenant.id and u.version = _current.version;
    insert into bss_metadata.shared_uses (tenant_id, version, name, shared_version)
    select u.tenant_id, _version, u.name, u.shared_version
    from bss_metadata.shared_uses as u
    where u.tenant_id = tenant.id and u.version = _current.version;
    delete from bss_metadata.partitions as p
    using jsonb_to_recordset(parts) as d (relation text, type text)
    where p.tenant_id = tenant.id and p.relation = d.relation and d.type = 'table';
    perform bss_internal.audit(
        tenant.id, 'schema.deprecated_dropped', initiator, correlation_id,
        jsonb_build_object('version', _version, 'dropped', _dropped)
    );
    return _dropped;
end
$$;
comment on function bss_internal.drop_parts(bss_metadata.tenants, jsonb, text, text) is
    'Drops columns, tables and partitions in a version of its own, and records what they were.';


create or replace function bss.drop_deprecated(
    tenant text, older_than interval, initiator text default null, correlation_id text default null
)
    returns table (
        relation text, column_name text, type text, deprecated_since timestamptz, row_count bigint
    )
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants := bss_internal.lock_for_change(tenant);
    _parts jsonb;
begin
    if older_than is null or older_than < '0'::interval then
        raise exception using
            errcode = 'SB407',
            message = format('period "%s" cannot be waited for', coalesce(older_than::text, 'null')),
            hint = 'Say for how long what is dropped must have been out of the schema: ''90 days''.';
    end if;
    with old as (
        select d.* from bss.deprecated(_tenant.id::text) as d
        where d.deprecated_since <= now() - older_than
    )
    select jsonb_agg(to_jsonb(o)) into _parts
    from old as o
    where
        o.column_name is null
        or not exists (select from old as t where t.relation = o.relation and t.type = 'table');
    if _parts is not null then
        return query
        select d.*
        from jsonb_to_recordset(
            bss_internal.drop_parts(_tenant, _parts, initiator, correlation_id)
        ) as d (
            relation text, column_name text, type text, deprecated_since timestamptz,
            row_count bigint
        );
    end if;
end
$$;
comment on function bss.drop_deprecated(text, interval, text, text) is
    'Drops what has been out of a tenant''s schema for longer than a period, with its data, and '
    'lists it; the audit log keeps the list.';
