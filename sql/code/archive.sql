-- Archived rows, and the one way in which they are really deleted.

create or replace function bss_internal.unreferenced(relation regclass)
    returns text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select coalesce(string_agg(k.condition, ''), '')
    from (
        select
            format(
                ' and not exists (select from %s as r where %s%s)',
                c.conrelid::regclass,
                string_agg(
                    format('t.%I operator(%s) r.%I', p.attname, e.equals::regoper, f.attname),
                    ' and '
                ),
                -- a row may refer to itself
                case
                    when c.conrelid = c.confrelid
                        then ' and (r.tableoid, r.ctid) <> (t.tableoid, t.ctid)'
                end
            ) as condition
        from pg_trigger as t
        join pg_constraint as c on c.oid = t.tgconstraint and c.confrelid = t.tgrelid
        cross join
            lateral unnest(c.confkey, c.conkey, c.conpfeqop) as e (own, other, equals)
        join pg_attribute as p on p.attrelid = c.confrelid and p.attnum = e.own
        join pg_attribute as f on f.attrelid = c.conrelid and f.attnum = e.other
        where t.tgrelid = unreferenced.relation and t.tgtype & 8 <> 0
        group by c.oid
    ) as k;
end;
comment on function bss_internal.unreferenced(regclass) is
    'Gives the condition, on the rows t of a table, that no row refers to them.';


create or replace function bss_internal.purge_rows(tenant bss_metadata.tenants, before timestamptz)
    returns table (relation text, purged bigint)
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _table record;
    _in_pass bigint;
    _rows bigint;
begin
    -- what a row is referred to by may be purged before it: until there is nothing more to purge
    loop
        _in_pass := 0;
        for _table in
            select c.oid::regclass as name, c.relname
            from pg_class as c
            join pg_namespace as n on n.oid = c.relnamespace
            join pg_trigger as t on t.tgrelid = c.oid and t.tgparentid = 0
            where n.nspname = tenant.schema_name and t.tgname = 'archive_on_delete'
            order by c.relname collate "C"
        loop
            execute format(
                'delete from %s as t '
                'where t.tenant_id = $1 and t.is_archived and t.archived_at < $2%s',
                _table.name, bss_internal.unreferenced(_table.name)
            )
            using tenant.id, before;
            get diagnostics _rows = row_count;
            if _rows > 0 then
                return query select _table.relname::text, _rows;
            end if;
            _in_pass := _in_pass + _rows;
        end loop;
        exit when _in_pass = 0;
    end loop;
end
$$;
comment on function bss_internal.purge_rows(bss_metadata.tenants, timestamptz) is
    'Deletes what of a tenant was archived before a time and is not referred to, in passes.';


create or replace function bss.purge_archived(
    tenant text,
    older_than interval,
    initiator text default null,
    correlation_id text default null
)
    returns table (relation text, purged bigint)
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants;
    _purged jsonb;
    _lock_timeout text := bss_internal.limit_lock_wait();
begin
    perform bss_internal.require_operator();
    if older_than is null or older_than < interval '0' then
        raise exception using
            errcode = 'SB821',
            message = format('age "%s" cannot be used', older_than),
            hint = 'Give the time that rows stay in the archive, from 0 up.';
    end if;
    _tenant := bss_internal.lock_tenant(tenant);
    perform bss_internal.refuse_pool(_tenant);
    select coalesce(jsonb_object_agg(p.relation, p.purged), '{}') into _purged
    from (
        select s.relation, sum(s.purged) as purged
        from bss_internal.purge_rows(_tenant, now() - older_than) as s
        group by s.relation
    ) as p;
    perform bss_internal.audit(
        _tenant.id, 'rows.purged', initiator, correlation_id,
        jsonb_build_object('older_than', older_than, 'purged', _purged)
    );
    perform set_config('lock_timeout', _lock_timeout, true);
    return query
    select e.key, e.value::bigint from jsonb_each_text(_purged) as e order by e.key collate "C";
exception when lock_not_available or deadlock_detected then
    raise exception using
        errcode = 'SB403',
        message = format('rows of tenant "%s" are in use', tenant),
        detail = format(
            'Their locks were not to be had within %s.', bss_internal.setting('apply.lock_timeout')
        ),
        hint = 'Try again when no transaction uses them; nothing has been changed.',
        schema = _tenant.schema_name;
end
$$;
comment on function bss.purge_archived(text, interval, text, text) is
    'Deletes the rows of a tenant that were archived so long ago, if nothing refers to them any '
    'more; lists how many of which table.';
