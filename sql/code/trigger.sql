-- What runs when a tenant's rows are written, with the rights of whoever writes them.

-- What a migration writes is no update of the record, nor is what changes nothing. Rows are
-- compared by their bytes, since not every type has an operator for equality.
create or replace function bss_internal.set_updated_at()
    returns trigger
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if new *<> old and current_setting('backtrace_functions') <> 'filling_of_bss' then
        new.updated_at := now();
    end if;
    return new;
end
$$;
comment on function bss_internal.set_updated_at() is
    'Keeps updated_at at the last transaction that changed the record.';


-- Rows are really deleted by bss_owner alone, as which bss.purge_archived() acts. For anyone else
-- the row is updated in the whole table, since nobody may write to a partition of it.
create or replace function bss_internal.archive_row()
    returns trigger
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _table constant regclass := coalesce(pg_partition_root(tg_relid), tg_relid);
begin
    if current_user = 'bss_owner' then
        return old;
    end if;
    execute concat(
        format('update %s as t set is_archived = true, archived_at = now()', _table),
        ' where t.tableoid = $1 and t.ctid = $2 and not t.is_archived',
        -- says nothing new, but spares the planner the other partitions
        (
            select format(' and t.%1$I = $3.%1$I', a.attname)
            from pg_partitioned_table as p
            join pg_attribute as a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
            where p.partrelid = _table
        )
    )
    using tg_relid, old.ctid, old;
    return null;
end
$$;
comment on function bss_internal.archive_row() is
    'Archives the row that should be deleted, and keeps it from being deleted.';


-- Of the two triggers that a reference has on the table that it refers to, one is for deletes.
create or replace function bss_internal.archive_referring_rows()
    returns trigger
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _key record;
    _rows bigint;
begin
    for _key in
        select
            c.conname as name, c.confdeltype in ('a', 'r') as restricts,
            format(
                case
                    when c.confdeltype = 'c' then 'delete from %1$s as r where %2$s%3$s'
                    when c.confdeltype in ('n', 'd') then 'update %1$s as r set %4$s where %2$s%3$s'
                    else 'select from %1$s as r where %2$s%3$s limit 1'
                end,
                c.conrelid::regclass,
                string_agg(
                    format('$1.%I operator(%s) r.%I', p.attname, k.op::regoper, f.attname), ' and '
                ),
                case when count(a.oid) > 0 then ' and not r.is_archived' end,
                string_agg(
                    format(
                        case c.confdeltype when 'd' then '%I = default' else '%I = null' end,
                        f.attname
                    ), ', '
                ) filter (where k.other = any (coalesce(c.confdelsetcols, c.conkey)))
            ) as statement
        from pg_trigger as t
        join pg_constraint as c on c.oid = t.tgconstraint and c.confrelid = t.tgrelid
        left join pg_trigger as a on a.tgrelid = c.conrelid and a.tgname = 'archive_on_delete'
        cross join lateral unnest(c.confkey, c.conkey, c.conpfeqop) as k (own, other, op)
        join pg_attribute as p on p.attrelid = c.confrelid and p.attnum = k.own
        join pg_attribute as f on f.attrelid = c.conrelid and f.attnum = k.other
        where t.tgrelid = coalesce(pg_partition_root(tg_relid), tg_relid) and t.tgtype & 8 <> 0
        group by c.oid
    loop
        execute _key.statement using new;
        get diagnostics _rows = row_count;
        if _rows > 0 and _key.restricts then
            raise exception using
                errcode = 'SB820', constraint = _key.name,
                message = format('row of table "%s" is referred to', tg_table_name),
                hint = 'Delete what refers to it first.';
        end if;
    end loop;
    return null;
end
$$;
comment on function bss_internal.archive_referring_rows() is
    'Does to the rows that refer to an archived row what deleting it would do to them.';


-- The lock says that the tenant stays where it is until the end of the transaction; the look says
-- that it is here. A transaction with a snapshot of its own sees where the tenant was when it took
-- that, but cannot lock a row that somebody has changed since. It does not pin a search_path, which
-- takes longer than what it does: every name and every operator is written with its schema.
create or replace function bss_internal.hold_place()
    returns trigger
    volatile
    security definer
    language plpgsql
as $$
declare
    _tenant_id constant pg_catalog.uuid := bss.current_tenant_id();
begin
    -- whoever acts for no tenant writes no row either
    if _tenant_id is not null then
        perform pg_catalog.pg_advisory_xact_lock_shared(
            pg_catalog.uuid_hash_extended(_tenant_id, 0)
        );
        if
            pg_catalog.current_setting('transaction_isolation')
            operator(pg_catalog.<>) 'read committed'
        then
            perform from bss_metadata.tenants as t
            where t.id operator(pg_catalog.=) _tenant_id
            -- whoever holds it is not done, and waits for this transaction
            for share skip locked;
        end if;
        perform from bss_metadata.tenants as t
        where t.id operator(pg_catalog.=) _tenant_id
            and t.schema_name operator(pg_catalog.=) tg_table_schema;
        if not found then
            raise exception using
                errcode = 'SB652',
                message = pg_catalog.format('tenant is not in pool "%s"', tg_table_schema),
                detail = 'It has been moved, or never was there.',
                hint = 'Try the transaction again, from where it enters the tenant.',
                schema = tg_table_schema,
                table = tg_table_name;
        end if;
    end if;
    return null;
end
$$;
comment on function bss_internal.hold_place() is
    'Keeps a tenant in its pool while it writes there, and others out of it.';
