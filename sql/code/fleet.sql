-- Fleet migrations: starting one, what an operator does to it, and what there is to see of it.

create or replace function bss_internal.hold_fleet_migration(id bigint)
    returns bss_metadata.fleet_migrations
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _migration bss_metadata.fleet_migrations;
begin
    select m.* into _migration
    from bss_metadata.fleet_migrations as m where m.id = hold_fleet_migration.id
    for no key update;
    if not found then
        raise exception using
            errcode = 'SB637',
            message = format('fleet migration %s does not exist', coalesce(id::text, 'null')),
            hint = 'See bss.fleet_migrations.';
    end if;
    return _migration;
end
$$;
comment on function bss_internal.hold_fleet_migration(bigint) is
    'Gives a fleet migration, and keeps others from changing what it is about to become.';


create or replace function bss_internal.set_fleet_status(
    migration bss_metadata.fleet_migrations, allowed text[], status text, initiator text
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if migration.status <> all (allowed) then
        raise exception using
            errcode = 'SB638',
            message = format(
                'fleet migration %s cannot become %s', migration.id, set_fleet_status.status
            ),
            detail = format('It is %s.', migration.status),
            hint = format('It can if it is %s.', array_to_string(allowed, ' or '));
    end if;
    update bss_metadata.fleet_migrations as m
    set
        status = set_fleet_status.status,
        ended_at = case when set_fleet_status.status in ('finished', 'canceled') then now() end
    where m.id = migration.id;
    perform bss_internal.audit(
        null, 'fleet.' || set_fleet_status.status, initiator, migration.correlation_id,
        jsonb_build_object(
            'fleet_migration', migration.id, 'blueprint', migration.blueprint,
            'version', migration.version
        )
    );
exception when unique_violation then
    raise exception using
        errcode = 'SB636',
        message = format('a fleet migration of blueprint "%s" goes on', migration.blueprint),
        detail = 'One can be under way at a time.',
        hint = 'Let it finish, or call bss.cancel_fleet_migration().';
end
$$;
comment on function bss_internal.set_fleet_status(
    bss_metadata.fleet_migrations, text[], text, text
) is
    'Takes a fleet migration that is held from one of some statuses to another, and records it.';


create or replace function bss_internal.enter_members(
    migration bss_metadata.fleet_migrations, canary text[], canary_percent numeric, waves integer
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _stranger text;
begin
    insert into bss_metadata.fleet_tenants (
        fleet_migration_id, tenant_id, ring, state, base, from_version, message
    )
    select migration.id, m.tenant_id, m.ring, m.state, m.base, m.from_version, m.message
    from bss_internal.fleet_members(
        bss_internal.blueprint_version(migration.blueprint, migration.version),
        canary, canary_percent, waves
    ) as m;
    select c.name into _stranger
    from unnest(canary) as c (name)
    where not exists (
        select from bss_metadata.tenants as t
        where
            t.external_id = c.name and t.blueprint = migration.blueprint and t.status <> 'DELETED'
            and t.isolation <> 'pool'
    )
    order by c.name
    limit 1;
    if found then
        raise exception using
            errcode = 'SB640',
            message = format('tenant "%s" cannot be a canary', left(coalesce(_stranger, ''), 80)),
            detail = format(
                'It does not follow blueprint "%s", or does so in its pool.', migration.blueprint
            ),
            hint = 'Name tenants that follow it by their external id, see bss.tenants; or the '
                'pool, see bss.pools.';
    end if;
end
$$;
comment on function bss_internal.enter_members(
    bss_metadata.fleet_migrations, text[], numeric, integer
) is
    'Enters the tenants that follow a blueprint into a fleet migration.';


create or replace function bss.start_fleet_migration(
    blueprint text,
    version integer default null,
    canary text[] default null,
    canary_percent numeric default 0,
    waves integer default 1,
    error_budget integer default 0,
    initiator text default null,
    correlation_id text default null
)
    returns bigint
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _goal bss_metadata.blueprint_versions;
    _migration bss_metadata.fleet_migrations;
begin
    perform bss_internal.require_operator();
    perform bss_internal.check_rings(canary, canary_percent, waves);
    _goal := bss_internal.blueprint_version(blueprint, version);
    insert into bss_metadata.fleet_migrations (
        blueprint, version, error_budget, initiator, correlation_id
    )
    values (
        _goal.blueprint, _goal.version, greatest(start_fleet_migration.error_budget, 0),
        coalesce(start_fleet_migration.initiator, session_user),
        start_fleet_migration.correlation_id
    )
    on conflict do nothing
    returning * into _migration;
    if not found then
        raise exception using
            errcode = 'SB636',
            message = format('a fleet migration of blueprint "%s" goes on', blueprint),
            detail = 'One can be under way at a time.',
            hint = 'Let it finish, or call bss.cancel_fleet_migration().';
    end if;
    perform bss_internal.enter_members(_migration, canary, canary_percent, waves);
    perform bss_internal.set_fleet_status(_migration, '{running}', 'running', initiator);
    return _migration.id;
end
$$;
comment on function bss.start_fleet_migration(
    text, integer, text[], numeric, integer, integer, text, text
) is
    'Starts to take all tenants that follow a blueprint to a version; bss.migrate_next() does it.';


create or replace function bss.pause_fleet_migration(
    fleet_migration bigint, initiator text default null
)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    perform bss_internal.require_operator();
    perform bss_internal.set_fleet_status(
        bss_internal.hold_fleet_migration(fleet_migration), '{running}', 'paused', initiator
    );
end
$$;
comment on function bss.pause_fleet_migration(bigint, text) is
    'Lets no other tenant begin; those that are being migrated are finished.';


create or replace function bss.resume_fleet_migration(
    fleet_migration bigint, error_budget integer default null, initiator text default null
)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    perform bss_internal.require_operator();
    perform bss_internal.set_fleet_status(
        bss_internal.hold_fleet_migration(fleet_migration), '{paused,stopped}', 'running', initiator
    );
    update bss_metadata.fleet_migrations as m
    set error_budget = greatest(coalesce(resume_fleet_migration.error_budget, m.error_budget), 0)
    where m.id = fleet_migration;
end
$$;
comment on function bss.resume_fleet_migration(bigint, integer, text) is
    'Lets a fleet migration go on that is paused, or stopped, then with a larger error budget.';


create or replace function bss.retry_fleet_migration(
    fleet_migration bigint, initiator text default null
)
    returns integer
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenants integer;
begin
    perform bss_internal.require_operator();
    perform bss_internal.set_fleet_status(
        bss_internal.hold_fleet_migration(fleet_migration),
        '{running,paused,stopped,finished}', 'running', initiator
    );
    update bss_metadata.fleet_tenants as f
    set
        state = 'pending', ring = coalesce(f.ring, 0), attempts = 0, retry_at = '-infinity',
        sqlstate = null, message = null, detail = null, updated_at = now()
    where
        f.fleet_migration_id = fleet_migration and f.state in ('drifted', 'failed', 'skipped');
    get diagnostics _tenants = row_count;
    return _tenants;
end
$$;
comment on function bss.retry_fleet_migration(bigint, text) is
    'Tries all tenants again that failed, had drifted or were left out; gives their number.';


create or replace function bss.cancel_fleet_migration(
    fleet_migration bigint, initiator text default null
)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    perform bss_internal.require_operator();
    perform bss_internal.set_fleet_status(
        bss_internal.hold_fleet_migration(fleet_migration),
        '{running,paused,stopped}', 'canceled', initiator
    );
end
$$;
comment on function bss.cancel_fleet_migration(bigint, text) is
    'Ends a fleet migration; the tenants that it has not reached stay where they are.';


create or replace view bss.fleet_tenants
with (security_invoker = true)
as
select
    f.fleet_migration_id as fleet_migration, m.blueprint, m.version, t.external_id as tenant,
    f.ring, f.state, f.from_version, f.to_version, f.attempts,
    nullif(f.retry_at, '-infinity') as retry_at, f.sqlstate, f.message, f.detail, f.updated_at,
    f.tenant_id,
    (
        select count(*)
        from bss_metadata.pending_steps as p
        where
            p.tenant_id = f.tenant_id and p.version = f.to_version and p.finished_at is null
    ) as pending_steps
from bss_metadata.fleet_tenants as f
join bss_metadata.fleet_migrations as m on m.id = f.fleet_migration_id
join bss_metadata.tenants as t on t.id = f.tenant_id;
comment on view bss.fleet_tenants is 'Says what came of every tenant of every fleet migration.';
comment on column bss.fleet_tenants.fleet_migration is 'The migration.';
comment on column bss.fleet_tenants.blueprint is 'The blueprint.';
comment on column bss.fleet_tenants.version is 'The version of the blueprint that it leads to.';
comment on column bss.fleet_tenants.tenant is 'The external id of the tenant.';
comment on column bss.fleet_tenants.ring is
    'The tenants of a ring begin when those before it are done; 0 is the canary.';
comment on column bss.fleet_tenants.state is
    'What came of it; "current" is a tenant that was at the version before.';
comment on column bss.fleet_tenants.from_version is 'The version of its document before.';
comment on column bss.fleet_tenants.to_version is
    'The version of its document that the migration made.';
comment on column bss.fleet_tenants.attempts is 'How often its tables were in use.';
comment on column bss.fleet_tenants.retry_at is 'When it is tried again.';
comment on column bss.fleet_tenants.sqlstate is 'The code of the error.';
comment on column bss.fleet_tenants.message is 'The error, or why it was left out.';
comment on column bss.fleet_tenants.detail is 'The DETAIL of the error.';
comment on column bss.fleet_tenants.updated_at is 'When this last changed.';
comment on column bss.fleet_tenants.tenant_id is 'The tenant.';
comment on column bss.fleet_tenants.pending_steps is
    'The steps that the version has left for later, since tables are large.';


create or replace view bss.fleet_rings
with (security_invoker = true)
as
select
    f.fleet_migration, f.ring, count(*) as tenants,
    count(*) filter (where f.state = 'pending') as pending,
    count(*) filter (where f.state = 'migrated') as migrated,
    count(*) filter (where f.state = 'current') as current,
    count(*) filter (where f.state = 'drifted') as drifted,
    count(*) filter (where f.state = 'failed') as failed,
    count(*) filter (where f.state = 'skipped') as skipped,
    count(*) filter (where f.pending_steps > 0) as unfinished
from bss.fleet_tenants as f
group by f.fleet_migration, f.ring;
comment on view bss.fleet_rings is 'Counts the tenants of fleet migrations by what came of them.';
comment on column bss.fleet_rings.fleet_migration is 'The migration.';
comment on column bss.fleet_rings.ring is 'The ring; null for tenants with nothing to do.';
comment on column bss.fleet_rings.tenants is 'All tenants of the ring.';
comment on column bss.fleet_rings.pending is 'Those that are not done.';
comment on column bss.fleet_rings.migrated is 'Those that were taken to the version.';
comment on column bss.fleet_rings.current is 'Those that were at the version before.';
comment on column bss.fleet_rings.drifted is 'Those whose tables are not what their schema says.';
comment on column bss.fleet_rings.failed is 'Those that an error kept where they were.';
comment on column bss.fleet_rings.skipped is 'Those that were left out, with the reason.';
comment on column bss.fleet_rings.unfinished is
    'Those that were taken to the version, which has left steps for later.';


create or replace view bss.fleet_migrations
with (security_invoker = true)
as
select
    m.id, m.blueprint, m.version, m.status, m.error_budget, m.initiator, m.correlation_id,
    m.started_at, m.ended_at
from bss_metadata.fleet_migrations as m;
comment on view bss.fleet_migrations is
    'Lists the migrations of all tenants that follow a blueprint.';
comment on column bss.fleet_migrations.id is 'The identity of the migration.';
comment on column bss.fleet_migrations.blueprint is 'The blueprint.';
comment on column bss.fleet_migrations.version is 'The version that it leads to.';
comment on column bss.fleet_migrations.status is
    'Whether it goes on; it is stopped when more tenants have failed than the budget allows.';
comment on column bss.fleet_migrations.error_budget is
    'How many tenants may fail before no other is begun.';
comment on column bss.fleet_migrations.initiator is 'Who asked for it.';
comment on column bss.fleet_migrations.correlation_id is 'The request that it belongs to.';
comment on column bss.fleet_migrations.started_at is 'When it was started.';
comment on column bss.fleet_migrations.ended_at is 'When no tenant was left, or it was canceled.';
