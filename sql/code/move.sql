-- A tenant moves from its silo to the pool of its blueprint, or out of it: in one transaction, and
-- nobody sees any of it before it commits. The rows are copied while the tenant goes on writing.
-- Then it is held off, what it has written since is made up for, both places are compared, and the
-- old one is given up.

create or replace function bss_internal.move_statements(source text, target text)
    returns table (
        relation text, copies text, removes text, adds text, sums_source text, sums_target text
    )
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    with part as (
        select
            r.relation, format('%I.%I', move_statements.target, r.relation) as here,
            format('%I.%I', move_statements.source, r.relation) as there,
            string_agg(format('%I', a.attname), ', ' order by a.attname) as names,
            string_agg(format('s.%I', a.attname), ', ' order by a.attname) as found,
            -- as text, unless equal values of the type are the same in every respect
            string_agg(
                format(
                    case
                        when
                            a.atttypid::regtype::text in (
                                'uuid', 'text', 'bigint', 'integer', 'boolean', 'date',
                                'timestamp with time zone'
                            )
                            then 's.%I'
                        else 's.%I::text'
                    end, a.attname
                ),
                ', ' order by a.attname
            ) as summed,
            string_agg(format('s.%1$I = t.%1$I', a.attname), ' and ')
                filter (where a.attnum = any (k.indkey)) as is_same
        from bss_internal.tables_in(move_statements.source) as r
        join pg_attribute as a
            on
                a.attrelid = to_regclass(format('%I.%I', move_statements.source, r.relation))
                and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
        join pg_index as k on k.indrelid = a.attrelid and k.indisprimary
        group by r.relation
    )

    select
        p.relation,
        format(
            'insert into %s (%s) select %s from %s as s where s.tenant_id = $1',
            p.here, p.names, p.found, p.there
        ),
        -- whoever wrote a row that the copy has otherwise was not done before the horizon, $2
        format(
            'delete from %s as t where t.tenant_id = $1 and not exists ('
            'select from %s as s where s.tenant_id = $1 and %s and age(s.xmin) > age($2))',
            p.here, p.there, p.is_same
        ),
        format(
            'insert into %s (%s) select %s from %s as s '
            'where s.tenant_id = $1 and age(s.xmin) <= age($2)',
            p.here, p.names, p.found, p.there
        ),
        format(
            'select count(*), coalesce(sum(hash_record_extended(row(%s), 0)), 0) as sum '
            'from %s as s where s.tenant_id = $1',
            p.summed, p.there
        ),
        format(
            'select count(*), coalesce(sum(hash_record_extended(row(%s), 0)), 0) as sum '
            'from %s as s where s.tenant_id = $1',
            p.summed, p.here
        )
    from part as p;
end;
comment on function bss_internal.move_statements(text, text) is
    'Gives the statements that move the rows of a tenant, $1, between two schemas with the same '
    'tables.';


create or replace function bss_internal.copy_rows(
    source bss_metadata.tenants, target bss_metadata.tenants
)
    returns xid
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _horizon constant xid := pg_snapshot_xmin(pg_current_snapshot())::xid;
    _table record;
begin
    perform bss_internal.silence(true);
    for _table in
        select m.copies
        from bss_internal.move_statements(source.schema_name, target.schema_name) as m
    loop
        execute _table.copies using source.id;
    end loop;
    perform bss_internal.silence(false);
    return _horizon;
end
$$;
comment on function bss_internal.copy_rows(bss_metadata.tenants, bss_metadata.tenants) is
    'Copies the rows of a tenant; gives the transaction from which on there may be others.';


create or replace function bss_internal.hold_off(tenant bss_metadata.tenants)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _relation text;
begin
    perform set_config(
        'lock_timeout', bss_internal.setting_milliseconds('move.lock_timeout')::text, true
    );
    if tenant.isolation = 'pool' then
        perform pg_advisory_xact_lock(uuid_hash_extended(tenant.id, 0));
    else
        for _relation in select t.relation from bss_internal.tables_in(tenant.schema_name) as t loop
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


create or replace function bss_internal.make_up(
    source bss_metadata.tenants, target bss_metadata.tenants, horizon xid
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _table record;
begin
    perform bss_internal.silence(true);
    for _table in
        select m.removes, m.adds
        from bss_internal.move_statements(source.schema_name, target.schema_name) as m
    loop
        execute _table.removes using source.id, horizon;
        execute _table.adds using source.id, horizon;
    end loop;
    perform bss_internal.silence(false);
end
$$;
comment on function bss_internal.make_up(bss_metadata.tenants, bss_metadata.tenants, xid) is
    'Makes up for what a tenant has written since its rows were copied.';


create or replace function bss_internal.compare_rows(
    source bss_metadata.tenants, target bss_metadata.tenants
)
    returns jsonb
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _table record;
    _there record;
    _here record;
    _moved jsonb := '[]';
begin
    for _table in
        select m.relation, m.sums_source, m.sums_target
        from bss_internal.move_statements(source.schema_name, target.schema_name) as m
    loop
        execute _table.sums_source into _there using source.id;
        execute _table.sums_target into _here using source.id;
        if _there is distinct from _here then
            raise exception using
                errcode = 'SB656',
                message = format('rows of table "%s" are not moved as they are', _table.relation),
                detail = format('There are %s, and %s were moved.', _there.count, _here.count),
                hint = 'Somebody has triggers or rules on the tables: see bss.drift() and '
                    'bss.lint(). Nothing has been changed.',
                schema = target.schema_name, table = _table.relation;
        end if;
        _moved := _moved || jsonb_build_object(
            'relation', _table.relation, 'rows', _here.count, 'checksum', _here.sum
        );
    end loop;
    return _moved;
end
$$;
comment on function bss_internal.compare_rows(bss_metadata.tenants, bss_metadata.tenants) is
    'Refuses to go on if the rows of a tenant differ in two places; gives their number and the sum '
    'of their hashes, by table.';


create or replace function bss_internal.switch(
    source bss_metadata.tenants, target bss_metadata.tenants, plan jsonb, horizon xid
)
    returns jsonb
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _since timestamptz;
    _moved jsonb;
    _held interval;
begin
    perform bss_internal.hold_off(source);
    _since := clock_timestamp();
    update bss_metadata.tenants as t set placed_at = _since where t.id = source.id;
    perform bss_internal.make_up(source, target, horizon);
    _moved := bss_internal.compare_rows(source, target);
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
            detail = format('It would have been held off for %s.', _held),
            hint = 'Try again when it writes less, or set move.hold_time. Nothing has been changed.';
    end if;
    return jsonb_build_object(
        'held_ms', round(extract(epoch from _held) * 1000), 'tables', _moved
    );
end
$$;
comment on function bss_internal.switch(
    bss_metadata.tenants, bss_metadata.tenants, jsonb, xid
) is
    'Holds a tenant off, makes up for what was written, compares, and gives up where it was.';


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
    _horizon constant xid := bss_internal.copy_rows(source, target);
    _moved jsonb;
begin
    perform bss_internal.prepare_silo(target, plan) where target.isolation = 'silo';
    for _attempt in 1.._attempts loop
        begin
            _moved := bss_internal.switch(source, target, plan, _horizon);
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
