-- The life of a tenant, from provisioning to the last row.

create or replace function bss_internal.schema_name(prefix text, name text)
    returns text
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
    return prefix || regexp_replace(name, '[^a-z0-9]', '_', 'g');
comment on function bss_internal.schema_name(text, text) is
    'Gives the name that the schema of a tenant or a pool should have, if nobody else has it.';


create or replace function bss_internal.enter_register(tenant bss_metadata.tenants)
    returns bss_metadata.tenants
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _schema text := tenant.schema_name;
    _tenant bss_metadata.tenants;
begin
    -- "a-b" and "a_b" would share a schema, or somebody made one: then it gets a part of the uuid
    for _attempt in 1..2 loop
        if
            tenant.isolation <> 'pool'
            and (_attempt = 2 or exists (select from pg_namespace as n where n.nspname = _schema))
        then
            _schema := _schema || '_' || left(tenant.id::text, 7);
        end if;
        insert into bss_metadata.tenants (
            id, external_id, schema_name, display_name, status, blueprint, isolation, pool_id
        )
        values (
            tenant.id, tenant.external_id, _schema, tenant.display_name,
            -- nobody sees it before all that belongs to it is there
            'ACTIVE', tenant.blueprint, tenant.isolation, tenant.pool_id
        )
        on conflict do nothing
        returning * into _tenant;
        exit when found or exists (
            select from bss_metadata.tenants as t
            where t.external_id = tenant.external_id and t.status <> 'DELETED'
        );
    end loop;
    return _tenant;
end
$$;
comment on function bss_internal.enter_register(bss_metadata.tenants) is
    'Enters a tenant into the register, under a schema name that is its own or that of its pool; '
    'gives null if its external id is taken.';


-- A tenant is named by its uuid as well as by its external id, which must not be another's uuid.
create or replace function bss_internal.id_of_new_tenant(external_id text)
    returns uuid
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if
        external_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
        and not exists (
            select from bss_metadata.tenants as t
            where
                t.id = id_of_new_tenant.external_id::uuid and t.status = 'DELETED'
                and t.external_id = id_of_new_tenant.external_id
        )
    then
        return external_id::uuid;
    end if;
    return gen_random_uuid();
end
$$;
comment on function bss_internal.id_of_new_tenant(text) is
    'Gives the uuid that is its external id, unless a dropped tenant had it; otherwise a new one.';


create or replace function bss_internal.register_tenant(
    external_id text, display_name text, blueprint text, pool bss_metadata.tenants
)
    returns bss_metadata.tenants
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants;
begin
    if external_id is null or external_id !~ '^[a-z0-9][a-z0-9._-]{0,47}$' then
        raise exception using
            errcode = 'SB602',
            message = format('external id "%s" cannot be used', left(external_id, 80)),
            detail = 'It has 1 to 48 lower-case letters, digits, dots, hyphens and underscores, and '
                'begins with a letter or a digit.',
            hint = 'Choose an id of that form; the display name may be anything.';
    end if;
    _tenant := bss_internal.enter_register(
        jsonb_populate_record(
            null::bss_metadata.tenants,
            jsonb_build_object(
                'id', bss_internal.id_of_new_tenant(external_id), 'external_id', external_id,
                'display_name', display_name, 'blueprint', blueprint, 'pool_id', pool.id,
                'isolation', case when pool.id is null then 'silo' else 'pool' end,
                'schema_name', coalesce(
                    pool.schema_name, bss_internal.schema_name('tenant_', external_id)
                )
            )
        )
    );
    if _tenant.id is null then
        raise exception using
            errcode = 'SB603',
            message = format('tenant "%s" exists already', external_id),
            detail = 'It has this external id, or it has this uuid and is named by that as well.',
            hint = 'Choose another external id, or change the tenant with bss.apply_schema().';
    end if;
    return _tenant;
end
$$;
comment on function bss_internal.register_tenant(text, text, text, bss_metadata.tenants) is
    'Enters a tenant into the register, with a schema of its own or in a pool.';


create or replace function bss_internal.check_origin(
    external_id text, document json, blueprint text, isolation text
)
    returns void
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if document is not null and blueprint is not null then
        raise exception using
            errcode = 'SB633',
            message = format(
                'tenant "%s" cannot have a document beside a blueprint', external_id
            ),
            detail = 'A tenant that follows a blueprint has no document of its own.',
            hint = 'Give a document or a blueprint.';
    end if;
    perform bss_internal.check_isolation(isolation);
    if isolation = 'pool' and blueprint is null then
        raise exception using
            errcode = 'SB654',
            message = format('tenant "%s" cannot be in a pool without a blueprint', external_id),
            detail = 'The tables of a pool are those of a blueprint.',
            hint = 'Give a blueprint; or isolation "silo".';
    end if;
end
$$;
comment on function bss_internal.check_origin(text, json, text, text) is
    'Refuses what does not go together where a tenant is provisioned.';


create or replace function bss.provision_tenant(
    external_id text,
    document json default null,
    display_name text default null,
    initiator text default null,
    correlation_id text default null,
    blueprint text default null,
    isolation text default 'silo'
)
    returns uuid
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _pool bss_metadata.tenants;
    _tenant bss_metadata.tenants;
    _version bss_metadata.blueprint_versions;
begin
    perform bss_internal.require_operator();
    perform bss_internal.check_origin(external_id, document, blueprint, isolation);
    if isolation = 'pool' then
        _pool := bss_internal.pool_of(blueprint, initiator, correlation_id);
    elsif blueprint is not null then
        _version := bss_internal.newest_version(blueprint);
    elsif document is not null then
        perform bss_internal.require_verdict(document);
    end if;
    _tenant := bss_internal.register_tenant(external_id, display_name, blueprint, _pool);
    if isolation = 'silo' then
        -- it makes the server plan everything anew: what comes before it is planned twice
        perform bss_internal.make_schema(_tenant.schema_name);
    end if;
    perform bss_internal.audit(
        _tenant.id, 'tenant.provisioned', initiator, correlation_id,
        jsonb_build_object('external_id', external_id, 'schema_name', _tenant.schema_name)
    );
    if coalesce(_version.schema_json, document) is not null then
        perform bss_internal.advance(
            _tenant, null,
            jsonb_build_object('document', coalesce(_version.schema_json, document)::text),
            initiator, correlation_id, _version.version
        );
    end if;
    perform bss_internal.audit(
        _tenant.id, 'tenant.status', initiator, correlation_id,
        jsonb_build_object('before', 'INITIALIZING', 'after', _tenant.status)
    );
    return _tenant.id;
end
$$;
comment on function bss.provision_tenant(text, json, text, text, text, text, text) is
    'Makes a tenant with the tables of a document, or of a blueprint, which it then follows: in a '
    'schema of its own, or in the pool of the blueprint.';


create or replace function bss.suspend_tenant(
    tenant text, initiator text default null, correlation_id text default null
)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    perform bss_internal.require_operator();
    perform bss_internal.set_tenant_status(
        bss_internal.lock_tenant(tenant), 'SUSPENDED', initiator, correlation_id
    );
end
$$;
comment on function bss.suspend_tenant(text, text, text) is
    'Keeps gateways from entering a tenant from their next transaction on.';


create or replace function bss.resume_tenant(
    tenant text, initiator text default null, correlation_id text default null
)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    perform bss_internal.require_operator();
    perform bss_internal.set_tenant_status(
        bss_internal.lock_tenant(tenant), 'ACTIVE', initiator, correlation_id
    );
end
$$;
comment on function bss.resume_tenant(text, text, text) is
    'Lets a tenant be entered again that was suspended, or was being deprovisioned.';


create or replace function bss.deprovision_tenant(
    tenant text,
    grace_period interval default null,
    initiator text default null,
    correlation_id text default null
)
    returns timestamptz
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _grace_period interval := coalesce(
        grace_period, bss_internal.setting('tenant.grace_period')::interval
    );
    _drop_after timestamptz;
begin
    perform bss_internal.require_operator();
    if _grace_period not between interval '0' and interval '100 years' then
        raise exception using
            errcode = 'SB610',
            message = format('grace period "%s" cannot be used', _grace_period),
            hint = 'Give a period from 0 to 100 years.';
    end if;
    _drop_after := now() + _grace_period;
    perform bss_internal.set_tenant_status(
        bss_internal.lock_tenant(tenant), 'DEACTIVATING', initiator, correlation_id,
        jsonb_build_object('drop_after', _drop_after)
    );
    return _drop_after;
end
$$;
comment on function bss.deprovision_tenant(text, interval, text, text) is
    'Closes a tenant and gives the time from which bss.drop_tenant() will drop its data.';


create or replace function bss_internal.drop_schema(tenant bss_metadata.tenants)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _lock_timeout text := bss_internal.limit_lock_wait();
begin
    execute format('drop schema %I cascade', tenant.schema_name);
    perform bss_internal.delete_affairs(tenant);
    perform set_config('lock_timeout', _lock_timeout, true);
exception when lock_not_available or deadlock_detected then
    raise exception using
        errcode = 'SB403',
        message = format('tables of tenant "%s" are in use', tenant.external_id),
        detail = format(
            'Their locks were not to be had within %s.', bss_internal.setting('apply.lock_timeout')
        ),
        hint = 'Try again when no transaction uses them; nothing has been changed.',
        schema = tenant.schema_name;
end
$$;
comment on function bss_internal.drop_schema(bss_metadata.tenants) is
    'Drops the schema of a tenant with all that is in it, or waits no longer than allowed.';


create or replace function bss.drop_tenant(
    tenant text,
    confirm_external_id text,
    initiator text default null,
    correlation_id text default null
)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants;
begin
    perform bss_internal.require_operator();
    _tenant := bss_internal.lock_tenant(tenant);
    if _tenant.external_id is distinct from confirm_external_id then
        raise exception using
            errcode = 'SB608',
            message = format(
                'name does not confirm that tenant "%s" is meant', _tenant.external_id
            ),
            hint = 'Repeat the external id as the second argument.';
    end if;
    if _tenant.drop_after is null or _tenant.drop_after > now() then
        raise exception using
            errcode = 'SB609',
            message = format('tenant "%s" cannot be dropped yet', _tenant.external_id),
            detail = case
                when _tenant.drop_after is null then format('Its status is %s.', _tenant.status)
                else format('Its grace period ends at %s.', _tenant.drop_after)
            end,
            hint = 'Call bss.deprovision_tenant() first, and wait for the end of the grace period.';
    end if;
    if _tenant.isolation = 'pool' then
        perform bss_internal.leave_pool(_tenant, initiator, correlation_id);
    else
        perform bss_internal.drop_schema(_tenant);
        perform bss_internal.drop_checks_of(_tenant, initiator, correlation_id);
    end if;
    perform bss_internal.destroy_keys(_tenant, initiator, correlation_id);
    delete from bss_metadata.logins as l where l.tenant_id = _tenant.id;
    perform bss_internal.set_tenant_status(_tenant, 'DELETED', initiator, correlation_id);
end
$$;
comment on function bss.drop_tenant(text, text, text, text) is
    'Drops all tables of a tenant whose grace period is over; the external id confirms which.';
