-- The partitions of ranges. Rows that no range takes are in the default partition, so that none is
-- ever refused; when a range is made for them, they are moved.

create or replace function bss_internal.protect_partition(
    schema_name text, relation oid, name text
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _policy record;
begin
    execute format(
        'alter table %I.%I enable row level security, force row level security',
        schema_name, name
    );
    for _policy in
        select
            p.polname as name, pg_get_expr(p.polqual, p.polrelid) as visible,
            ' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')' as checked,
            case p.polcmd
                when 'r' then 'select' when 'a' then 'insert'
                when 'w' then 'update' when 'd' then 'delete' else 'all'
            end as command,
            (
                select coalesce(string_agg(quote_ident(r.rolname), ', '), 'public')
                from pg_roles as r where r.oid = any (p.polroles)
            ) as roles
        from pg_policy as p where p.polrelid = protect_partition.relation
    loop
        execute format(
            'create policy %I on %I.%I for %s to %s using (%s)%s',
            _policy.name, schema_name, protect_partition.name, _policy.command, _policy.roles,
            _policy.visible, _policy.checked
        );
    end loop;
end
$$;
comment on function bss_internal.protect_partition(text, oid, text) is
    'Gives a partition the row-level security and the policies of its table.';


create or replace function bss_internal.copy_policies(schema_name text, relation text)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _relation constant regclass := to_regclass(format('%I.%I', schema_name, relation));
    _partition record;
    _policy name;
begin
    for _partition in
        select c.oid, c.relname as name
        from pg_inherits as i
        join pg_class as c on c.oid = i.inhrelid
        where i.inhparent = _relation
        order by c.relname
    loop
        for _policy in select p.polname from pg_policy as p where p.polrelid = _partition.oid loop
            execute format('drop policy %I on %s', _policy, _partition.oid::regclass);
        end loop;
        perform bss_internal.protect_partition(schema_name, _relation, _partition.name);
    end loop;
end
$$;
comment on function bss_internal.copy_policies(text, text) is
    'Makes the policies of the partitions of a table what those of the table are.';


create or replace function bss_internal.move_rows(
    range_table bss_internal.range_tables, name text, lower text, upper text
)
    returns bigint
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _columns record;
    _rows bigint;
begin
    for _columns in
        select string_agg(quote_ident(a.attname), ', ') as list
        from pg_attribute as a
        where
            a.attrelid = range_table.relation_id and a.attnum > 0 and not a.attisdropped
            and a.attgenerated = ''
    loop
        execute format(
            'with moved as (delete from %1$I.%2$I where %3$I >= %4$L and %3$I < %5$L returning %6$s) '
            'insert into %1$I.%7$I (%6$s) select %6$s from moved',
            range_table.schema_name, range_table.default_partition, range_table.key, lower, upper,
            _columns.list, name
        );
        get diagnostics _rows = row_count;
    end loop;
    return _rows;
end
$$;
comment on function bss_internal.move_rows(bss_internal.range_tables, text, text, text) is
    'Moves the rows of a range from the default partition to its own, and gives their number.';


-- The default partition is detached while rows leave it: no trigger of the table mistakes their
-- move for a change, and the server refuses it where other rows refer to them.
create or replace function bss_internal.make_range(
    range_table bss_internal.range_tables, name text, lower text, upper text
)
    returns bigint
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    set datestyle = 'ISO, MDY'
    set timezone = 'UTC'
    language plpgsql
as $$
declare
    _rows bigint;
    _has_rows boolean;
begin
    execute format(
        'select exists (select from %1$I.%2$I as t where t.%3$I >= %4$L and t.%3$I < %5$L)',
        range_table.schema_name, range_table.default_partition, range_table.key, lower, upper
    )
    into _has_rows;
    if _has_rows then
        execute format(
            'alter table %1$I.%2$I detach partition %1$I.%3$I',
            range_table.schema_name, range_table.relation, range_table.default_partition
        );
    end if;
    execute format(
        'create table %1$I.%2$I partition of %1$I.%3$I for values from (%4$L) to (%5$L)',
        range_table.schema_name, name, range_table.relation, lower, upper
    );
    perform bss_internal.protect_partition(
        range_table.schema_name, range_table.relation_id, name
    );
    if _has_rows then
        _rows := bss_internal.move_rows(range_table, name, lower, upper);
        execute format(
            'alter table %1$I.%2$I attach partition %1$I.%3$I default',
            range_table.schema_name, range_table.relation, range_table.default_partition
        );
    end if;
    insert into bss_metadata.partitions (tenant_id, relation, name, lower, upper, bound)
    select
        range_table.tenant_id, range_table.relation, make_range.name, make_range.lower,
        make_range.upper, pg_get_expr(c.relpartbound, c.oid)
    from pg_class as c
    join pg_inherits as i on i.inhrelid = c.oid
    where i.inhparent = range_table.relation_id and c.relname = make_range.name;
    return coalesce(_rows, 0);
end
$$;
comment on function bss_internal.make_range(bss_internal.range_tables, text, text, text) is
    'Makes the partition of a range, moves its rows there, and gives their number.';


create or replace function bss_internal.maintain_range(range_table bss_internal.range_tables)
    returns table (partition text, action text, moved bigint)
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _range record;
begin
    for _step in -1..bss_internal.setting('partition.ahead')::integer loop
        for _range in
            select w.lower, w.upper from bss_internal.wanted_ranges(range_table, _step) as w
        loop
            continue when not bss_internal.range_is_free(range_table, _range.lower, _range.upper);
            partition := bss_internal.range_name(range_table, _range.lower);
            moved := 0;
            if
                (select count(*) from pg_inherits as i where i.inhparent = range_table.relation_id)
                >= bss_internal.setting('limit.partitions')::integer
            then
                action := 'limit reached';
                return next;
                return;
            end if;
            begin
                moved := bss_internal.make_range(
                    range_table, partition, _range.lower, _range.upper
                );
                action := 'made';
            exception when foreign_key_violation then
                action := 'rows are referred to';
            end;
            return next;
        end loop;
    end loop;
end
$$;
comment on function bss_internal.maintain_range(bss_internal.range_tables) is
    'Makes the partitions of a table that its rows need, and those that they will need next.';


create or replace function bss_internal.maintain_tenant(
    tenant bss_metadata.tenants, is_for_new_tables boolean
)
    returns table (relation text, partition text, action text, moved bigint)
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select r.relation, m.partition, m.action, m.moved
    from bss_internal.range_tables as r
    cross join lateral bss_internal.maintain_range(r) as m
    where
        r.tenant_id = tenant.id
        and not (
            is_for_new_tables
            and exists (
                select from bss_metadata.partitions as p
                where p.tenant_id = r.tenant_id and p.relation = r.relation
            )
        );
end;
comment on function bss_internal.maintain_tenant(bss_metadata.tenants, boolean) is
    'Makes the partitions that a tenant''s tables need: all of them, or those without any.';


create or replace function bss_internal.maintain_locked(
    tenant text, initiator text, correlation_id text
)
    returns table (relation text, partition text, action text, moved bigint)
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants;
    _lock_timeout text := bss_internal.limit_lock_wait();
    _made jsonb;
begin
    _tenant := bss_internal.lock_tenant(tenant);
    if bss_internal.has_pending(_tenant.id) then
        return query select null::text, null::text, 'migration is pending'::text, 0::bigint;
        return;
    end if;
    select jsonb_agg(m) into _made from bss_internal.maintain_tenant(_tenant, false) as m;
    perform set_config('lock_timeout', _lock_timeout, true);
    if _made is not null then
        perform bss_internal.audit(
            _tenant.id, 'partitions.maintained', initiator, correlation_id,
            jsonb_build_object('partitions', _made)
        );
    end if;
    return query
    select m.*
    from jsonb_to_recordset(_made) as m (relation text, partition text, action text, moved bigint);
exception when lock_not_available or deadlock_detected or sqlstate 'SB403' then
    return query select null::text, null::text, 'in use'::text, 0::bigint;
end
$$;
comment on function bss_internal.maintain_locked(text, text, text) is
    'Makes the partitions that a tenant''s tables need, unless somebody uses them.';


create or replace function bss.maintain_partitions(
    tenant text default null, initiator text default null, correlation_id text default null
)
    returns table (
        tenant_name text, relation text, partition text, action text, moved bigint
    )
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    perform bss_internal.require_operator();
    if maintain_partitions.tenant is not null then
        perform bss_internal.find_tenant(maintain_partitions.tenant);
    end if;
    return query
    select t.tenant, m.relation, m.partition, m.action, m.moved
    from (
        select distinct r.tenant, r.tenant_id from bss_internal.range_tables as r
    ) as t
    cross join
        lateral bss_internal.maintain_locked(t.tenant_id::text, initiator, correlation_id) as m
    where
        maintain_partitions.tenant is null
        or maintain_partitions.tenant in (t.tenant, t.tenant_id::text)
    order by t.tenant, m.relation, m.partition;
end
$$;
comment on function bss.maintain_partitions(text, text, text) is
    'Makes the partitions that the rows of a tenant, or of all tenants, need now and next; lists '
    'what it did.';


create or replace function bss_internal.make_first_partitions(
    tenant bss_metadata.tenants, version integer
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    perform bss_internal.maintain_tenant(tenant, true);
    -- the catalog has the partitions of today, which are in no plan
    update bss_metadata.tenant_schemas as s set fingerprint = bss_internal.fingerprint(tenant)
    where s.tenant_id = tenant.id and s.version = make_first_partitions.version;
end
$$;
comment on function bss_internal.make_first_partitions(bss_metadata.tenants, integer) is
    'Makes the partitions that the new tables of a version need, and records what there is then.';


create or replace function bss_internal.follow_renames(tenant_id uuid, renames jsonb)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    update bss_metadata.partitions as p set relation = r.value ->> 1
    from jsonb_array_elements(renames -> 'tables') as r
    where p.tenant_id = follow_renames.tenant_id and p.relation = r.value ->> 0;
end;
comment on function bss_internal.follow_renames(uuid, jsonb) is
    'Enters the new names of tables whose partitions are listed by their old ones.';
