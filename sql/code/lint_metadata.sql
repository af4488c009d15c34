-- What must hold for what BSS keeps about tenants; bss.lint() asks.

create or replace function bss_internal.lint_metadata()
    returns table (lint text, object text, detail text)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    with tables as (
        select c.oid, c.relname, a.attname as tenant
        from pg_class as c
        join pg_attribute as a on
            a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            and a.attname = case c.relname when 'tenants' then 'id' else 'tenant_id' end
        where c.relnamespace = 'bss_metadata'::regnamespace and c.relkind in ('r', 'p')
    ),

    policies as (
        select
            t.oid, t.relname, p.polname, p.polcmd,
            regexp_replace(pg_get_expr(p.polqual, p.polrelid), '\s+', ' ', 'g') as using_clause,
            '(tenant_id = ( SELECT t.pool_id FROM bss_metadata.tenants t WHERE '
            '(t.id = ( SELECT bss.current_tenant_id() AS current_tenant_id))))' as its_pool,
            format('(%s = ( SELECT bss.current_tenant_id() AS current_tenant_id))', t.tenant)
                as its_tenant
        from tables as t
        join pg_policy as p on p.polrelid = t.oid
        where
            p.polpermissive
            and not p.polroles::regrole[]::text[]
            <@ array['bss_owner', 'bss_admin', 'bss_analytics', 'bss_monitor']
    )

    select
        'records_are_open' as lint, p.oid::regclass::text as object,
        format(
            'Its policy "%s" gives others than operators more than to read what is about '
            'their tenant.', p.polname
        ) as detail
    from policies as p
    where
        p.polcmd <> 'r'
        or p.using_clause is distinct from case
            -- the versions of a pool are those of its tenants
            when p.relname = 'tenant_schemas' and p.polname = 'pool_read' then p.its_pool
            else p.its_tenant
        end
    union all
    select
        'records_are_writable' as lint, t.oid::regclass::text as object,
        format('%s is granted to %s.', g.privilege_type, g.grantee::regrole) as detail
    from tables as t
    join pg_class as c on c.oid = t.oid
    cross join aclexplode(c.relacl) as g
    where
        g.grantee <> c.relowner
        and g.privilege_type in ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE');
end;
comment on function bss_internal.lint_metadata() is
    'Lists what others than operators see or change of what is kept about tenants.';
