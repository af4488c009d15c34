-- Pools: how they are made, how tenants leave them, and what there is to see of them.

create or replace function bss_internal.check_isolation(isolation text)
    returns void
    immutable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if (isolation in ('silo', 'pool')) is not true then
        raise exception using
            errcode = 'SB654',
            message = format('isolation "%s" does not exist', left(coalesce(isolation, ''), 80)),
            hint = 'It is "silo", a schema of the tenant''s own, or "pool", tables that it shares.';
    end if;
end
$$;
comment on function bss_internal.check_isolation(text) is
    'Refuses an isolation that there is not.';


create or replace function bss_internal.make_schema(schema_name text)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    execute format('create schema %I authorization bss_owner', schema_name);
    execute format('grant usage on schema %I to bss_admin, bss_app, bss_analytics', schema_name);
end
$$;
comment on function bss_internal.make_schema(text) is
    'Makes a schema for tables of tenants, which everyone may enter who acts for many of them.';


create or replace function bss_internal.make_pool(
    blueprint text, initiator text, correlation_id text
)
    returns bss_metadata.tenants
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _version bss_metadata.blueprint_versions := bss_internal.newest_version(blueprint);
    _pool bss_metadata.tenants := bss_internal.enter_register(
        jsonb_populate_record(
            null::bss_metadata.tenants,
            jsonb_build_object(
                'id', gen_random_uuid(), 'external_id', 'pool:' || blueprint,
                'schema_name', bss_internal.schema_name('pool_', blueprint),
                'blueprint', blueprint, 'isolation', 'host'
            )
        )
    );
begin
    -- null if another transaction has made it meanwhile
    if _pool.id is not null then
        perform bss_internal.make_schema(_pool.schema_name);
        perform bss_internal.audit(
            _pool.id, 'pool.made', initiator, correlation_id,
            jsonb_build_object('blueprint', blueprint, 'schema_name', _pool.schema_name)
        );
        -- its tenants read the ledger: who is the first of them is not for the others
        perform bss_internal.advance(
            _pool, null, jsonb_build_object('document', _version.schema_json::text),
            null, null, _version.version
        );
    end if;
    return _pool;
end
$$;
comment on function bss_internal.make_pool(text, text, text) is
    'Makes the pool of a blueprint, with the tables of its newest version.';


create or replace function bss_internal.pool_of(
    blueprint text, initiator text, correlation_id text
)
    returns bss_metadata.tenants
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _pool bss_metadata.tenants;
begin
    for _attempt in 1..2 loop
        -- who drops the pool waits for the tenant that is about to be in it
        select t.* into _pool
        from bss_metadata.tenants as t
        where t.external_id = 'pool:' || pool_of.blueprint and t.status <> 'DELETED'
        for key share;
        exit when found;
        _pool := bss_internal.make_pool(blueprint, initiator, correlation_id);
        exit when _pool.id is not null;
    end loop;
    return _pool;
end
$$;
comment on function bss_internal.pool_of(text, text, text) is
    'Gives the pool of a blueprint, and makes it if there is none.';


create or replace function bss_internal.leave_pool(
    tenant bss_metadata.tenants, initiator text, correlation_id text
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _lock_timeout text := bss_internal.limit_lock_wait();
    _login regrole;
    _deleted jsonb;
begin
    perform pg_advisory_xact_lock(uuid_hash_extended(tenant.id, 0));
    _deleted := bss_internal.delete_rows(tenant);
    perform bss_internal.delete_affairs(tenant);
    for _login in select l.login from bss_metadata.logins as l where l.tenant_id = tenant.id loop
        perform bss_internal.close_schemas(_login);
    end loop;
    perform bss_internal.audit(
        tenant.id, 'rows.deleted', initiator, correlation_id,
        jsonb_build_object('schema_name', tenant.schema_name, 'deleted', _deleted)
    );
    perform set_config('lock_timeout', _lock_timeout, true);
exception when lock_not_available or deadlock_detected then
    raise exception using
        errcode = 'SB403',
        message = format('rows of tenant "%s" are in use', tenant.external_id),
        detail = format(
            'Their locks were not to be had within %s.', bss_internal.setting('apply.lock_timeout')
        ),
        hint = 'Try again when no transaction uses them; nothing has been changed.',
        schema = tenant.schema_name;
end
$$;
comment on function bss_internal.leave_pool(bss_metadata.tenants, text, text) is
    'Deletes the rows of a tenant from its pool, and takes its logins their way there.';


create or replace function bss_internal.refuse_inhabited(pool bss_metadata.tenants)
    returns void
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenants bigint := (
        select count(*) from bss_metadata.tenants as t
        where t.pool_id = pool.id and t.status <> 'DELETED'
    );
begin
    if _tenants > 0 then
        raise exception using
            errcode = 'SB657',
            message = format('pool "%s" has tenants', pool.external_id),
            detail = format('There are %s.', _tenants),
            hint = 'Move or drop them first; see bss.tenants.';
    end if;
end
$$;
comment on function bss_internal.refuse_inhabited(bss_metadata.tenants) is
    'Refuses to go on if a pool has a tenant.';


create or replace function bss.drop_pool(
    blueprint text, initiator text default null, correlation_id text default null
)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _pool bss_metadata.tenants;
    _lock_timeout text;
begin
    perform bss_internal.require_operator();
    _lock_timeout := bss_internal.limit_lock_wait();
    -- for update: nobody is to be provisioned in it
    select t.* into _pool
    from bss_metadata.tenants as t
    where t.external_id = 'pool:' || drop_pool.blueprint and t.status <> 'DELETED'
    for update;
    if not found then
        raise exception using
            errcode = 'SB601',
            message = format('blueprint "%s" has no pool', left(blueprint, 80)),
            hint = 'The pools are listed in bss.pools.';
    end if;
    perform set_config('lock_timeout', _lock_timeout, true);
    perform bss_internal.refuse_inhabited(_pool);
    perform bss_internal.drop_schema(_pool);
    perform bss_internal.drop_checks_of(_pool, initiator, correlation_id);
    update bss_metadata.tenants as t set status = 'DELETED', updated_at = now()
    where t.id = _pool.id;
    perform bss_internal.audit(
        _pool.id, 'pool.dropped', initiator, correlation_id,
        jsonb_build_object('blueprint', blueprint)
    );
exception when lock_not_available or deadlock_detected then
    raise exception using
        errcode = 'SB403',
        message = format('pool "pool:%s" is in use', blueprint),
        detail = 'Another transaction provisions a tenant in it, migrates it or drops it.',
        hint = 'Try again when that has ended; nothing has been changed.';
end
$$;
comment on function bss.drop_pool(text, text, text) is
    'Drops the tables of a pool that has no tenant any more.';


create or replace view bss.pools
with (security_invoker = true)
as
select
    t.external_id as pool, t.blueprint, s.version, s.blueprint_version, t.schema_name,
    (
        select count(*) from bss_metadata.tenants as m
        where m.pool_id = t.id and m.status <> 'DELETED'
    ) as tenants,
    t.created_at
from bss_metadata.tenants as t
left join lateral (
    select v.version, v.blueprint_version
    from bss_metadata.tenant_schemas as v
    where v.tenant_id = t.id
    order by v.version desc
    limit 1
) as s on true
where t.isolation = 'host' and t.status <> 'DELETED';
comment on view bss.pools is 'Lists the tables that many tenants of a blueprint are in.';
comment on column bss.pools.pool is 'By which name functions take it that take a tenant''s tables.';
comment on column bss.pools.blueprint is 'The blueprint that it has the tables of.';
comment on column bss.pools.version is 'The version of its tables.';
comment on column bss.pools.blueprint_version is 'The version of the blueprint.';
comment on column bss.pools.schema_name is 'The schema that holds its tables.';
comment on column bss.pools.tenants is 'How many tenants are in it.';
comment on column bss.pools.created_at is 'When it was made.';
