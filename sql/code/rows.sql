-- All rows of one tenant, wherever they are. Whoever writes them here writes all that there are, or
-- what is somewhere else already: no reference is to be proven, and nothing is to be archived or
-- told to anyone. So no trigger fires, the server's own among them.

create or replace function bss_internal.tables_in(schema_name text)
    returns table (relation text)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select c.relname::text
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where
        n.nspname = tables_in.schema_name and c.relkind in ('r', 'p') and not c.relispartition
    order by c.relname collate "C";
end;
comment on function bss_internal.tables_in(text) is
    'Lists the tables of a schema, without partitions.';


create or replace function bss_internal.silence(is_silent boolean)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select set_config(
        'session_replication_role', case when is_silent then 'replica' else 'origin' end, true
    );
end;
comment on function bss_internal.silence(boolean) is
    'Keeps triggers from firing in this transaction, or lets them again.';


create or replace function bss_internal.delete_rows(tenant bss_metadata.tenants)
    returns jsonb
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _relation text;
    _rows bigint;
    _deleted jsonb := '{}';
begin
    perform bss_internal.silence(true);
    for _relation in select t.relation from bss_internal.tables_in(tenant.schema_name) as t loop
        execute format('delete from %I.%I where tenant_id = $1', tenant.schema_name, _relation)
        using tenant.id;
        get diagnostics _rows = row_count;
        _deleted := _deleted || jsonb_build_object(_relation, _rows);
    end loop;
    perform bss_internal.silence(false);
    return _deleted;
end
$$;
comment on function bss_internal.delete_rows(bss_metadata.tenants) is
    'Deletes the rows of a tenant in a pool; gives how many there were of which table.';


create or replace function bss_internal.delete_affairs(tenant bss_metadata.tenants)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    delete from bss_metadata.partitions as p where p.tenant_id = tenant.id;
    delete from bss_metadata.pending_steps as p where p.tenant_id = tenant.id;
    delete from bss_metadata.quarantined_values as q where q.tenant_id = tenant.id;
    delete from bss_metadata.tasks as t where t.tenant_id = tenant.id;
    delete from bss_metadata.calls as c where c.tenant_id = tenant.id;
end
$$;
comment on function bss_internal.delete_affairs(bss_metadata.tenants) is
    'Deletes what is kept beside the rows of a tenant, or of a pool: nothing of it makes sense '
    'without them.';
