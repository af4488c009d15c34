-- What must hold for whose rows a tenant's tables have, and whom their policies give them to.

create or replace function bss_internal.lint_policies()
    returns table (lint text, object text, detail text)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    with tables as (
        select
            c.oid, format('(tenant_id = %L::uuid)', t.id) as of_tenant,
            format(
                '(( SELECT NULLIF((bss.current_tenant_id() = %L::uuid), false) '
                'AS "nullif") IS NOT NULL)', t.id
            ) as tenant_asks,
            '(tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))' as of_context,
            t.id is not null as is_of_one_tenant
        from bss_internal.lint_schemas() as s
        join pg_class as c on c.relnamespace = s.schema
        left join bss_metadata.tenants as t
            on t.schema_name = s.name and t.status <> 'DELETED' and t.isolation = 'silo'
        where s.is_of_tenants and c.relkind in ('r', 'p')
    ),

    policies as (
        select
            t.*, p.polname, p.polcmd,
            array(
                select case r.role when 0 then 'public' else r.role::regrole::text end
                from unnest(p.polroles) as r (role)
            ) as roles,
            pg_get_expr(p.polqual, p.polrelid) as using_clause,
            pg_get_expr(p.polwithcheck, p.polrelid) as check_clause
        from tables as t
        join pg_policy as p on p.polrelid = t.oid
        where p.polpermissive
    ),

    -- whose rows a policy gives to whom, in reading and in writing
    judged as (
        select
            p.oid, p.polname,
            p.polcmd = '*'
            and (
                -- in a pool, and in a silo that was made before policies named their tenant
                p.using_clause = p.of_context and p.check_clause = p.of_context
                or p.is_of_one_tenant and p.using_clause = p.tenant_asks
                and p.check_clause = format('(%s AND %s)', p.tenant_asks, p.of_tenant)
            ) as is_of_tenant,
            p.roles = array['bss_owner']
            and p.using_clause = '( SELECT bss_internal.is_operator() AS is_operator)'
            or p.roles = array['bss_analytics'] and p.polcmd = 'r' as is_of_role
        from policies as p
    )

    select
        'policy_of_another_form' as lint, j.oid::regclass::text as object,
        format('Its policy "%s" gives rows by another rule than their tenant.', j.polname) as detail
    from judged as j
    where coalesce(not (j.is_of_tenant or j.is_of_role), true)
    union all
    select
        'no_policy_of_the_tenant' as lint, t.oid::regclass::text as object,
        'No policy gives a tenant its rows, for reading and writing alike.' as detail
    from tables as t
    where not exists (select from judged as j where j.oid = t.oid and j.is_of_tenant)
    union all
    select
        'not_tied_to_its_tenant' as lint, t.oid::regclass::text as object,
        'No check keeps out the rows of others, which its tenant would see.' as detail
    from tables as t
    where
        t.is_of_one_tenant
        and not exists (
            select from pg_constraint as k
            where
                k.conrelid = t.oid and k.contype = 'c' and k.convalidated
                and pg_get_constraintdef(k.oid) = format('CHECK (%s)', t.of_tenant)
        );
end;
comment on function bss_internal.lint_policies() is
    'Lists the tables of tenants whose policies give rows by another rule than their tenant, or '
    'that may have rows of others.';
