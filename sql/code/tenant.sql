-- Tenants: finding one, and the states of its life.

create or replace function bss_internal.find_tenant(tenant text)
    returns bss_metadata.tenants
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants;
begin
    select t.* into _tenant
    from bss_metadata.tenants as t
    where t.external_id = find_tenant.tenant and t.status <> 'DELETED';
    if not found and tenant ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
        select t.* into _tenant from bss_metadata.tenants as t where t.id = tenant::uuid;
    end if;
    if _tenant.id is null then
        raise exception using
            errcode = 'SB601',
            message = format('tenant "%s" does not exist', left(tenant, 80)),
            hint = 'A tenant is named by its external id or its uuid; see bss.tenants.';
    end if;
    return _tenant;
end
$$;
comment on function bss_internal.find_tenant(text) is
    'Gives the tenant of an external id or a uuid; refuses if there is none.';


create or replace function bss_internal.refuse_pool(tenant bss_metadata.tenants)
    returns void
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if tenant.isolation = 'host' then
        raise exception using
            errcode = 'SB650',
            message = format('"%s" is no tenant', tenant.external_id),
            detail = format('It is the pool of blueprint "%s".', tenant.blueprint),
            hint = 'Name one of its tenants: those in bss.tenants that are in a pool.';
    end if;
end
$$;
comment on function bss_internal.refuse_pool(bss_metadata.tenants) is
    'Refuses a pool where a tenant is meant.';


create or replace function bss_internal.refuse_pooled(tenant bss_metadata.tenants)
    returns void
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if tenant.isolation = 'pool' then
        raise exception using
            errcode = 'SB651',
            message = format('tenant "%s" has no tables of its own', tenant.external_id),
            detail = format(
                'Its rows are in the pool of blueprint "%s", whose tables are those of many '
                'tenants.', tenant.blueprint
            ),
            hint = format(
                'Take the tenant out of it with bss.move_tenant(); or name the pool, "pool:%s".',
                tenant.blueprint
            );
    end if;
end
$$;
comment on function bss_internal.refuse_pooled(bss_metadata.tenants) is
    'Refuses a tenant in a pool where tables of its own are meant.';


create or replace function bss_internal.limit_lock_wait()
    returns text
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _before text := current_setting('lock_timeout');
begin
    perform set_config(
        'lock_timeout', bss_internal.setting_milliseconds('apply.lock_timeout')::text, true
    );
    return _before;
end
$$;
comment on function bss_internal.limit_lock_wait() is
    'Bounds how long locks are waited for; gives the bound that was in force, to be set again.';


create or replace function bss_internal.lock_tenant(tenant_id uuid)
    returns bss_metadata.tenants
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants;
    _lock_timeout text := bss_internal.limit_lock_wait();
begin
    -- whoever changes a tenant holds its row: provisioning, migrating and dropping take turns
    select t.* into _tenant
    from bss_metadata.tenants as t where t.id = lock_tenant.tenant_id
    -- not for update: rows that refer to the tenant may be written meanwhile
    for no key update;
    perform set_config('lock_timeout', _lock_timeout, true);
    return _tenant;
exception when lock_not_available or deadlock_detected then
    raise exception using
        errcode = 'SB403',
        message = format(
            'tenant "%s" is in use',
            (select t.external_id from bss_metadata.tenants as t where t.id = lock_tenant.tenant_id)
        ),
        detail = 'Another transaction provisions, migrates or drops it.',
        hint = 'Try again when that has ended; nothing has been changed.';
end
$$;
comment on function bss_internal.lock_tenant(uuid) is
    'Gives a tenant and keeps others from changing it until the end of the transaction.';


create or replace function bss_internal.lock_tenant(tenant text)
    returns bss_metadata.tenants
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return bss_internal.lock_tenant((bss_internal.find_tenant(tenant)).id);
end
$$;
comment on function bss_internal.lock_tenant(text) is
    'Holds the tenant of an external id or a uuid.';


create or replace function bss_internal.require_operator()
    returns void
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    -- not only a privilege: row-level security is forced on the owner of the tables, and hides
    -- rows from it unless it acts for an operator. A foreign key would be declared valid unseen.
    if not bss_internal.is_operator() then
        raise exception using
            errcode = 'SB505',
            message = 'login may not operate tenants',
            detail = 'Only a login that is a member of bss_admin may.',
            hint = 'Ask an operator to do it, or to grant bss_admin to the login.';
    end if;
end
$$;
comment on function bss_internal.require_operator() is
    'Refuses to go on unless the login that opened this session may operate tenants.';


create or replace function bss_internal.require_status(
    tenant bss_metadata.tenants, statuses text[]
)
    returns void
    immutable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if tenant.status <> all (statuses) then
        raise exception using
            errcode = 'SB503',
            message = format('tenant "%s" is not active', tenant.external_id),
            detail = format('Its status is %s.', tenant.status),
            hint = 'Resume the tenant first.';
    end if;
end
$$;
comment on function bss_internal.require_status(bss_metadata.tenants, text[]) is
    'Refuses a tenant whose status is another.';


create or replace function bss_internal.lock_for_change(tenant text)
    returns bss_metadata.tenants
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
    perform bss_internal.refuse_pooled(_tenant);
    perform bss_internal.require_status(_tenant, '{ACTIVE}');
    return _tenant;
end
$$;
comment on function bss_internal.lock_for_change(text) is
    'Gives a tenant whose tables an operator may change, and keeps others from doing so.';


create or replace function bss_internal.set_tenant_status(
    tenant bss_metadata.tenants,
    status text,
    initiator text,
    correlation_id text default null,
    details jsonb default '{}'
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _allowed constant jsonb := '{
        "ACTIVE": ["SUSPENDED", "DEACTIVATING"],
        "SUSPENDED": ["ACTIVE", "DEACTIVATING"],
        "DEACTIVATING": ["ACTIVE", "DELETED"],
        "INACTIVE": ["ACTIVE", "DELETED"],
        "DELETED": []
    }';
    _following text;
begin
    perform bss_internal.refuse_pool(tenant);
    if not _allowed -> tenant.status ? set_tenant_status.status then
        select string_agg(e.value, ' or ') into _following
        from jsonb_array_elements_text(_allowed -> tenant.status) as e;
        raise exception using
            errcode = 'SB606',
            message = format(
                'tenant "%s" cannot become %s', tenant.external_id, set_tenant_status.status
            ),
            detail = format('Its status is %s.', tenant.status),
            hint = format('What can follow is %s.', coalesce(_following, 'nothing'));
    end if;
    update bss_metadata.tenants as t
    set
        status = set_tenant_status.status,
        drop_after = (details ->> 'drop_after')::timestamptz,
        updated_at = now()
    where t.id = tenant.id;
    update bss_metadata.logins as l set is_open = (set_tenant_status.status = 'ACTIVE')
    where l.tenant_id = tenant.id;
    perform bss_internal.audit(
        tenant.id, 'tenant.status', initiator, correlation_id,
        details || jsonb_build_object('before', tenant.status, 'after', set_tenant_status.status)
    );
end
$$;
comment on function bss_internal.set_tenant_status(bss_metadata.tenants, text, text, text, jsonb) is
    'Takes a tenant to another status, if that can follow, and records it.';


create or replace view bss.tenants
with (security_invoker = true)
as
select
    t.external_id, t.id, t.schema_name, t.display_name, t.status,
    (
        select max(s.version) from bss_metadata.tenant_schemas as s
        where s.tenant_id = coalesce(t.pool_id, t.id)
    ) as schema_version,
    t.config, t.created_at, t.updated_at, t.drop_after, t.blueprint,
    (
        select s.blueprint_version from bss_metadata.tenant_schemas as s
        where s.tenant_id = coalesce(t.pool_id, t.id) order by s.version desc limit 1
    ) as blueprint_version,
    t.isolation
from bss_metadata.tenants as t
where t.isolation <> 'host';
comment on view bss.tenants is 'Lists the tenants that the reader may see.';
comment on column bss.tenants.external_id is 'The name that people and gateways use.';
comment on column bss.tenants.id is 'The identity that rows and policies use.';
comment on column bss.tenants.schema_name is 'The schema that holds its tables.';
comment on column bss.tenants.display_name is 'What to call it on a screen.';
comment on column bss.tenants.status is 'Where it stands in its life.';
comment on column bss.tenants.schema_version is
    'The version of its document, or of that of its pool; null for none.';
comment on column bss.tenants.config is 'What its provider keeps about it.';
comment on column bss.tenants.created_at is 'When it was provisioned.';
comment on column bss.tenants.updated_at is 'When it last changed.';
comment on column bss.tenants.drop_after is 'When its data may be dropped.';
comment on column bss.tenants.blueprint is 'The blueprint that it follows; null for none.';
comment on column bss.tenants.blueprint_version is
    'The version of a blueprint that its document is from; null for one of its own.';
comment on column bss.tenants.isolation is
    '"silo": it has a schema of its own; "pool": its rows are in tables of a pool.';
