-- A tenant moves from its silo to the pool of its blueprint, or out of it: in one transaction, and
-- nobody sees any of it before it commits. The rows are copied while the tenant goes on writing.
-- Then it is held off, what it has written since is made up for, both places are compared, and the
-- old one is given up.

create or replace function bss_internal.wait_until(deadline timestamptz)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select set_config(
        'lock_timeout',
        -- 0 would be for ever
        greatest(
            1, ceil(extract(epoch from deadline - clock_timestamp()) * 1000)::integer
        )::text,
        true
    );
end;
comment on function bss_internal.wait_until(timestamptz) is
    'Lets this transaction wait for the next lock until then at most.';


create or replace function bss_internal.hold_off(tenant bss_metadata.tenants)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _until constant timestamptz := clock_timestamp()
        + bss_internal.setting('move.lock_timeout')::interval;
    _relation text;
begin
    perform bss_internal.wait_until(_until);
    if tenant.isolation = 'pool' then
        perform pg_advisory_xact_lock(uuid_hash_extended(tenant.id, 0));
    else
        for _relation in select t.relation from bss_internal.tables_in(tenant.schema_name) as t loop
            perform bss_internal.wait_until(_until);
            execute format(
                'lock table %I.%I in access exclusive mode', tenant.schema_name, _relation
            );
        end loop;
        perform bss_internal.keep_shared(tenant);
    end if;
end
$$;
comment on function bss_internal.hold_off(bss_metadata.tenants) is
    'Waits for the transactions of a tenant, and lets no other begin to write.';


create or replace function bss_internal.keep_shared(tenant bss_metadata.tenants)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _relation text;
begin
    -- what the rows refer to stays, although the references are not proven where they go
    for _relation in
        select distinct r.relname
        from pg_constraint as c
        join pg_class as t on t.oid = c.conrelid
        join pg_class as r on r.oid = c.confrelid
        where
            t.relnamespace = to_regnamespace(quote_ident(tenant.schema_name))
            and r.relnamespace = to_regnamespace('bss_shared') and c.contype = 'f'
        order by r.relname
    loop
        execute format('lock table bss_shared.%I in share row exclusive mode', _relation);
    end loop;
end
$$;
comment on function bss_internal.keep_shared(bss_metadata.tenants) is
    'Keeps the shared tables that a tenant refers to as they are until the end of the transaction.';


create or replace function bss_internal.switch(
    source bss_metadata.tenants, target bss_metadata.tenants, plan jsonb, copied jsonb
)
    returns jsonb
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _since constant timestamptz := clock_timestamp();
    _moved jsonb;
    _held interval;
begin
    perform bss_internal.hold_off(source);
    update bss_metadata.tenants as t set placed_at = clock_timestamp() where t.id = source.id;
    _moved := bss_internal.make_up(source, target, copied);
    if target.isolation = 'silo' then
        perform bss_internal.complete_silo(target, plan);
        perform bss_internal.delete_rows(source);
    else
        execute format('drop schema %I cascade', source.schema_name);
        delete from bss_metadata.partitions as p where p.tenant_id = source.id;
    end if;
    perform bss_internal.regrant_logins(source, target);
    _held := clock_timestamp() - _since;
    if _held > bss_internal.setting('move.hold_time')::interval then
        raise exception using
            errcode = 'SB655',
            message = format('move of tenant "%s" takes too long', source.external_id),
            detail = format('It has been held off for %s.', _held),
            hint = 'Try again when it or others work less, or set move.hold_time. Nothing has been '
                'changed.';
    end if;
    return jsonb_build_object(
        'held_ms', round(extract(epoch from _held) * 1000), 'tables', _moved
    );
end
$$;
comment on function bss_internal.switch(
    bss_metadata.tenants, bss_metadata.tenants, jsonb, jsonb
) is
    'Holds a tenant off, makes up for what was written, and gives up where it was.';


create or replace function bss_internal.move_rows(
    source bss_metadata.tenants, target bss_metadata.tenants, plan jsonb
)
    returns jsonb
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _attempts constant integer := bss_internal.setting('move.attempts')::integer;
    _lock_timeout constant text := current_setting('lock_timeout');
    _copied constant jsonb := bss_internal.copy_rows(source, target);
    _moved jsonb;
begin
    perform bss_internal.prepare_silo(target, plan) where target.isolation = 'silo';
    for _attempt in 1.._attempts loop
        begin
            _moved := bss_internal.switch(source, target, plan, _copied);
            perform set_config('lock_timeout', _lock_timeout, true);
            return _moved;
        exception when lock_not_available or deadlock_detected then
            perform pg_sleep(random() * least(_attempt, 10) * 0.05);
        end;
    end loop;
    raise exception using
        errcode = 'SB403',
        message = format('tenant "%s" is in use', source.external_id),
        detail = format('Its transactions were not done in any of %s attempts.', _attempts),
        hint = 'Try again when no long transaction uses its tables; nothing has been changed.';
end
$$;
comment on function bss_internal.move_rows(
    bss_metadata.tenants, bss_metadata.tenants, jsonb
) is
    'Moves the rows of a tenant, as soon as its transactions let it; gives what was moved.';


create or replace function bss_internal.regrant_logins(
    source bss_metadata.tenants, target bss_metadata.tenants
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _login record;
begin
    for _login in
        select r.oid as id, r.rolname as name
        from bss_metadata.logins as l
        join pg_roles as r on r.oid = l.login
        where l.tenant_id = source.id
    loop
        perform bss_internal.hold_schema(least(source.schema_name, target.schema_name));
        perform bss_internal.hold_schema(greatest(source.schema_name, target.schema_name));
        perform bss_internal.close_schemas(_login.id);
        execute format('grant usage on schema %I to %I', target.schema_name, _login.name);
    end loop;
end
$$;
comment on function bss_internal.regrant_logins(
    bss_metadata.tenants, bss_metadata.tenants
) is
    'Gives the logins of a tenant their way into another schema, and takes that into the old one.';


create or replace function bss.move_tenant(
    tenant text,
    isolation text,
    initiator text default null,
    correlation_id text default null
)
    returns table (relation text, rows bigint, checksum numeric)
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    -- what the schema that is given up has in it is no news
    set client_min_messages = warning
    language plpgsql
as $$
declare
    _source bss_metadata.tenants;
    _target bss_metadata.tenants;
    _plan jsonb;
    _moved jsonb;
begin
    _source := bss_internal.lock_for_move(tenant);
    perform bss_internal.check_isolation(isolation);
    if _source.isolation = isolation then
        return;
    elsif isolation = 'silo' then
        perform bss_internal.settled_pool(_source.pool_id);
        _plan := bss_internal.isolating_plan(_source);
        _target := bss_internal.open_silo(_source, _plan, initiator, correlation_id);
    else
        _target := bss_internal.open_pool(_source, initiator, correlation_id);
    end if;
    _moved := bss_internal.move_rows(_source, _target, _plan);
    perform bss_internal.audit(
        _source.id, 'tenant.moved', initiator, correlation_id,
        _moved || jsonb_build_object(
            'before', _source.schema_name, 'after', _target.schema_name,
            'isolation', _target.isolation
        )
    );
    return query
    select t.relation, t.rows, t.checksum
    from jsonb_to_recordset(_moved -> 'tables')
        as t (relation text, rows bigint, checksum numeric);
end
$$;
comment on function bss.move_tenant(text, text, text, text) is
    'Moves a tenant into the pool of its blueprint, or into a schema of its own; lists how many '
    'rows both places had, and the sum of their hashes.';
