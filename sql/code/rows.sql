-- The rows of one tenant, in all tables of a schema: in which order they can come and go.

create or replace function bss_internal.ordered_tables(schema_name text)
    returns table (relation text, place integer)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _left text [] := array(
        select c.relname::text
        from pg_class as c
        join pg_namespace as n on n.oid = c.relnamespace
        where
            n.nspname = ordered_tables.schema_name and c.relkind in ('r', 'p')
            and not c.relispartition
        order by c.relname collate "C"
    );
    _next text [];
begin
    place := 0;
    while cardinality(_left) > 0 loop
        place := place + 1;
        select array_agg(t.name order by t.position) into _next
        from unnest(_left) with ordinality as t (name, position)
        where not exists (
            select from pg_constraint as c
            join pg_class as r on r.oid = c.confrelid
            where
                c.conrelid = format('%I.%I', ordered_tables.schema_name, t.name)::regclass
                and c.contype = 'f' and c.confrelid <> c.conrelid
                and r.relnamespace = to_regnamespace(quote_ident(ordered_tables.schema_name))
                and r.relname = any (_left)
        );
        -- tables that refer to each other in a circle have no order
        _next := coalesce(_next, _left);
        return query select t.name, place from unnest(_next) as t (name);
        _left := array(select t.name from unnest(_left) as t (name) where t.name <> all (_next));
    end loop;
end
$$;
comment on function bss_internal.ordered_tables(text) is
    'Lists the tables of a schema; those that others refer to come before these.';


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
    set constraints all deferred;
    for _relation in
        select t.relation from bss_internal.ordered_tables(tenant.schema_name) as t
        order by t.place desc, t.relation collate "C"
    loop
        execute format('delete from %I.%I where tenant_id = $1', tenant.schema_name, _relation)
        using tenant.id;
        get diagnostics _rows = row_count;
        _deleted := _deleted || jsonb_build_object(_relation, _rows);
    end loop;
    set constraints all immediate;
    set constraints bss_metadata.chain_entry deferred;
    return _deleted;
end
$$;
comment on function bss_internal.delete_rows(bss_metadata.tenants) is
    'Deletes the rows of a tenant in a pool; gives how many there were of which table.';
