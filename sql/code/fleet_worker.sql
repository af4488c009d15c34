-- What a worker of a fleet migration calls, over and over. A tenant is claimed, migrated and
-- recorded in one transaction: the row that says so is locked while it is at it, and passed by
-- others. So nothing has to be cleaned up after a worker that dies.

create or replace function bss_internal.claim_member(migration bss_metadata.fleet_migrations)
    returns bss_metadata.fleet_tenants
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _member bss_metadata.fleet_tenants;
begin
    if migration.error_budget < (
        select count(*) from bss_metadata.fleet_tenants as f
        where f.fleet_migration_id = migration.id and f.state = 'failed'
    ) then
        return null;
    end if;
    -- a tenant that another worker is at counts as pending, so the next ring does not begin yet
    select f.* into _member
    from bss_metadata.fleet_tenants as f
    where
        f.fleet_migration_id = migration.id and f.state = 'pending' and f.retry_at <= now()
        and f.ring = (
            select min(p.ring) from bss_metadata.fleet_tenants as p
            where p.fleet_migration_id = migration.id and p.state = 'pending'
        )
    order by f.tenant_id
    limit 1
    for update skip locked;
    return _member;
end
$$;
comment on function bss_internal.claim_member(bss_metadata.fleet_migrations) is
    'Gives a tenant of the ring that is due, which no other worker then gets; null for none.';


create or replace function bss_internal.settle_fleet(migration bss_metadata.fleet_migrations)
    returns text
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _migration bss_metadata.fleet_migrations;
    _status text;
begin
    select
        case
            when count(*) filter (where f.state = 'failed') > migration.error_budget
                then 'stopped'
            when count(*) filter (where f.state = 'pending') = 0 then 'finished'
        end
    into _status
    from bss_metadata.fleet_tenants as f
    where f.fleet_migration_id = migration.id and f.state in ('failed', 'pending');
    if _status is null then
        return 'waiting';
    end if;
    _migration := bss_internal.hold_fleet_migration(migration.id);
    if _migration.status <> 'running' or _migration.error_budget <> migration.error_budget then
        return _migration.status;
    end if;
    perform bss_internal.set_fleet_status(_migration, '{running}', _status, migration.initiator);
    return _status;
end
$$;
comment on function bss_internal.settle_fleet(bss_metadata.fleet_migrations) is
    'Ends a fleet migration that no tenant is left of, or stops it; gives what it is then.';


create or replace function bss_internal.member_plan(
    migration bss_metadata.fleet_migrations,
    member bss_metadata.fleet_tenants,
    from_version integer
)
    returns bss_internal.plans
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    -- else somebody changed it since: it shares its plan with nobody
    _is_shared constant boolean := from_version is not distinct from member.from_version;
    _plan bss_internal.plans;
begin
    if _is_shared then
        -- the whole plan as it is in memory, so that it is unpacked once
        select p.key, p.plan #> '{}', p.fingerprint, p.kept_at, p.part into _plan
        from bss_internal.installation as i
        join bss_internal.fleet_plans as f
            on
                f.fleet_migration_id = migration.id and f.base = member.base
                and f.release = i.release
        join bss_internal.plans as p on p.key = f.plan_key;
    end if;
    if _plan.key is null then
        _plan := bss_internal.make_plan(s, bss_internal.request_of_member(t, s, v))
        from bss_internal.blueprint_version(migration.blueprint, migration.version) as v
        cross join bss_internal.schema_in_force(member.tenant_id) as s
        join bss_metadata.tenants as t on t.id = member.tenant_id;
        insert into bss_internal.fleet_plans (fleet_migration_id, base, release, plan_key)
        select migration.id, member.base, i.release, _plan.key
        from bss_internal.installation as i
        where _is_shared and pg_try_advisory_xact_lock(hashtextextended(_plan.key, 0))
        on conflict do nothing;
    end if;
    return _plan;
end
$$;
comment on function bss_internal.member_plan(
    bss_metadata.fleet_migrations, bss_metadata.fleet_tenants, integer
) is
    'Gives the plan that takes a tenant from a version, shared by those that start from the same.';


create or replace function bss_internal.record_member(
    member bss_metadata.fleet_tenants,
    state text,
    from_version integer,
    to_version integer,
    message text
)
    returns text
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    update bss_metadata.fleet_tenants as f
    set
        state = record_member.state, from_version = record_member.from_version,
        to_version = record_member.to_version, sqlstate = null,
        message = record_member.message, detail = null, updated_at = clock_timestamp()
    where f.fleet_migration_id = member.fleet_migration_id and f.tenant_id = member.tenant_id;
    return state;
end
$$;
comment on function bss_internal.record_member(
    bss_metadata.fleet_tenants, text, integer, integer, text
) is
    'Records what came of a tenant, and gives it back.';


create or replace function bss_internal.migrate_member(
    migration bss_metadata.fleet_migrations, member bss_metadata.fleet_tenants
)
    returns text
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant constant bss_metadata.tenants := bss_internal.lock_tenant(member.tenant_id);
    _current constant record := bss_internal.version_in_force(_tenant);
    _lock_timeout constant text := bss_internal.limit_lock_wait();
    _plan bss_internal.plans;
    _version integer;
begin
    if _tenant.status in ('DEACTIVATING', 'INACTIVE', 'DELETED') then
        return bss_internal.record_member(
            member, 'skipped', _current.version, null, format('its status is %s', _tenant.status)
        );
    elsif _tenant.isolation = 'pool' then
        return bss_internal.record_member(
            member, 'skipped', _current.version, null, 'it is in a pool'
        );
    elsif _tenant.blueprint is distinct from migration.blueprint then
        return bss_internal.record_member(
            member, 'skipped', _current.version, null, 'it does not follow the blueprint any more'
        );
    elsif
        (_current.blueprint, _current.blueprint_version) = (migration.blueprint, migration.version)
    then
        return bss_internal.record_member(member, 'current', _current.version, null, null);
    end if;
    _plan := bss_internal.member_plan(migration, member, _current.version);
    if _current.version is null or bss_internal.adds_columns(_plan.plan) then
        -- whether its tables were what they should be shows when they are compared
        perform bss_internal.refuse_pending(_tenant);
    else
        perform bss_internal.refuse_to_advance(_tenant, _current.fingerprint);
    end if;
    perform bss_internal.share(_plan.plan, migration.initiator, migration.correlation_id);
    _version := bss_internal.carry_out(
        _tenant, _current.version, _current.fingerprint, _plan,
        migration.initiator, migration.correlation_id, migration.version
    );
    perform set_config('lock_timeout', _lock_timeout, true);
    return bss_internal.record_member(member, 'migrated', _current.version, _version, null);
end
$$;
comment on function bss_internal.migrate_member(
    bss_metadata.fleet_migrations, bss_metadata.fleet_tenants
) is
    'Takes a tenant to the version of a fleet migration, if it still is to get there.';


create or replace function bss_internal.find_cause(
    tenant_id uuid, inout code text, inout message text, inout detail text
)
    returns record
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if code !~ '^(SB(?!402)|40|55P03)' then
        perform bss_internal.refuse_drift(bss_internal.lock_tenant(tenant_id));
    end if;
exception when sqlstate 'SB401' then
    code := sqlstate;
    get stacked diagnostics message = message_text, detail = pg_exception_detail;
end
$$;
comment on function bss_internal.find_cause(uuid, text, text, text) is
    'Gives the error that a tenant has drifted in place of one that a statement met therefore.';


create or replace function bss_internal.refuse_member(
    member bss_metadata.fleet_tenants, code text, message text, detail text
)
    returns text
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _delay constant interval := bss_internal.setting('fleet.retry_delay')::interval;
    _state constant text := case
        when code = 'SB401' then 'drifted'
        when
            code in ('SB403', '40001', '40P01', '55P03')
            and member.attempts + 1 < bss_internal.setting('fleet.attempts')::integer
            then 'pending'
        else 'failed'
    end;
begin
    update bss_metadata.fleet_tenants as f
    set
        state = _state,
        attempts = f.attempts + 1,
        retry_at = clock_timestamp()
            + least(_delay * 2 ^ f.attempts, greatest(_delay, interval '1 minute')),
        sqlstate = code,
        message = refuse_member.message,
        detail = nullif(refuse_member.detail, ''),
        updated_at = clock_timestamp()
    where f.fleet_migration_id = member.fleet_migration_id and f.tenant_id = member.tenant_id;
    return _state;
end
$$;
comment on function bss_internal.refuse_member(bss_metadata.fleet_tenants, text, text, text) is
    'Records the error that kept a tenant where it was; one that is in use is tried again later.';


create or replace function bss.migrate_next(fleet_migration bigint)
    returns table (outcome text, tenant_id uuid)
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _migration bss_metadata.fleet_migrations;
    _member bss_metadata.fleet_tenants;
    _outcome text;
    _message text;
    _detail text;
begin
    perform bss_internal.require_operator();
    select m.* into _migration
    from bss_metadata.fleet_migrations as m where m.id = fleet_migration;
    if _migration.status = 'running' then
        _member := bss_internal.claim_member(_migration);
    end if;
    if _member.tenant_id is null then
        return query
        select
            case when m.status = 'running' then bss_internal.settle_fleet(m) else m.status end,
            null::uuid
        from bss_internal.hold_fleet_migration(fleet_migration) as m;
        return;
    end if;
    begin
        _outcome := bss_internal.migrate_member(_migration, _member);
    exception when others then
        get stacked diagnostics _message = message_text, _detail = pg_exception_detail;
        select bss_internal.refuse_member(_member, c.code, c.message, c.detail) into _outcome
        from bss_internal.find_cause(_member.tenant_id, sqlstate, _message, _detail) as c;
    end;
    return query select _outcome, _member.tenant_id;
end
$$;
comment on function bss.migrate_next(bigint) is
    'Migrates one more tenant of a fleet migration; gives what came of it, or "waiting" or the '
    'status of the migration if there is none.';
