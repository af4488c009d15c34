-- What must hold for the tables that many tenants are in, beside what holds for all.

create or replace function bss_internal.lint_pools()
    returns table (lint text, object text, detail text)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    with tables as (
        select c.oid, c.relispartition
        from bss_metadata.tenants as t
        join pg_namespace as n on n.nspname = t.schema_name
        join pg_class as c on c.relnamespace = n.oid
        where t.isolation = 'host' and t.status <> 'DELETED' and c.relkind in ('r', 'p')
    )

    select
        'key_across_tenants' as lint, i.indexrelid::regclass::text as object,
        'It tells a tenant which values others have.' as detail
    from tables as t
    join pg_index as i on i.indrelid = t.oid
    left join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    where (i.indisunique or i.indisexclusion) and a.attname is distinct from 'tenant_id'
    union all
    select
        'reference_across_tenants' as lint, format('%s.%I', t.oid::regclass, c.conname) as object,
        'It lets a tenant refer to what others have.' as detail
    from tables as t
    join pg_constraint as c on c.conrelid = t.oid and c.contype = 'f'
    join pg_attribute as a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    join pg_attribute as b on b.attrelid = c.confrelid and b.attnum = c.confkey[1]
    where
        c.confrelid in (select o.oid from tables as o)
        and (a.attname, b.attname) <> ('tenant_id', 'tenant_id')
    union all
    select
        'pool_open_to_others' as lint, t.oid::regclass::text as object,
        'No trigger keeps tenants out that are not in the pool.' as detail
    from tables as t
    where
        not t.relispartition
        and not exists (
            select from pg_trigger as g
            where
                g.tgrelid = t.oid and g.tgfoid = 'bss_internal.hold_place()'::regprocedure
                and g.tgenabled in ('O', 'A') and g.tgtype & 28 = 28
        );
end;
comment on function bss_internal.lint_pools() is
    'Lists what makes the tenants of a pool meet, or lets others into it.';
