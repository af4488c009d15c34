-- What must hold for everything that BSS made, whatever the catalog has been through since: looked
-- up in the catalog, by rules. What a tenant's tables are in detail is compared with its model.

create or replace function bss_internal.lint_schemas()
    returns table (schema oid, name text, is_of_tenants boolean)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select n.oid, n.nspname, t.id is not null
    from pg_namespace as n
    left join bss_metadata.tenants as t
        on t.schema_name = n.nspname and t.status <> 'DELETED' and t.isolation <> 'pool'
    where
        t.id is not null
        or n.nspname in (
            'bss', 'bss_metadata', 'bss_internal', 'bss_shared', 'bss_checks', 'bss_capture'
        );
end;
comment on function bss_internal.lint_schemas() is 'Lists the schemas of BSS and of its tenants.';


create or replace function bss_internal.lint_tables()
    returns table (lint text, object text, detail text)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    with relations as (
        select c.*, c.oid::regclass::text as name, s.name as schema_name, s.is_of_tenants
        from bss_internal.lint_schemas() as s
        join pg_class as c on c.relnamespace = s.schema
        where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
    )

    select
        'row_security_is_off' as lint, r.name as object,
        case
            when r.relrowsecurity then 'It is not forced on the owner.' else 'It is off.'
        end as detail
    from relations as r
    where
        r.relkind in ('r', 'p') and not (r.relrowsecurity and r.relforcerowsecurity)
        -- what everyone who is granted it may read whole, and what nobody is granted
        and r.schema_name <> 'bss_internal' and r.name <> 'bss_metadata.settings'
    union all
    select
        'view_with_the_rights_of_its_owner' as lint, r.name as object,
        'It lacks security_invoker.' as detail
    from relations as r
    where
        r.relkind = 'v' and r.schema_name <> 'bss_internal'
        and not coalesce(r.reloptions, '{}') && array['security_invoker=true']
    union all
    select
        'relation_that_policies_do_not_cover' as lint, r.name as object,
        format('Its kind is "%s".', r.relkind) as detail
    from relations as r
    where r.relkind in ('m', 'f')
    union all
    select
        'rule' as lint, r.name as object, format('It has the rule "%s".', w.rulename) as detail
    from relations as r
    join pg_rewrite as w on w.ev_class = r.oid
    where w.rulename <> '_RETURN'
    union all
    select
        'owner_is_another' as lint, r.name as object,
        format('It belongs to %s.', r.relowner::regrole) as detail
    from relations as r
    where
        pg_get_userbyid(r.relowner) <> 'bss_owner'
        -- the installer's own: nobody else may write what is executed
        and not (
            r.schema_name = 'bss_internal'
            and (select o.rolsuper from pg_roles as o where o.oid = r.relowner)
        );
end;
comment on function bss_internal.lint_tables() is
    'Lists tables without forced row-level security, and relations that go around it.';


create or replace function bss_internal.lint_shared()
    returns table (lint text, object text, detail text)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    with tables as (
        select c.oid, c.relowner, c.relacl
        from bss_internal.lint_schemas() as s
        join pg_class as c on c.relnamespace = s.schema
        where s.name = 'bss_shared' and c.relkind in ('r', 'p')
    )

    select
        'shared_rows_are_open' as lint, t.oid::regclass::text as object,
        format('Its policy "%s" lets through whoever is bound to no tenant.', p.polname) as detail
    from tables as t
    join pg_policy as p on p.polrelid = t.oid
    where
        p.polpermissive
        and pg_get_expr(p.polqual, p.polrelid) is distinct from
            '(( SELECT bss.current_tenant_id() AS current_tenant_id) IS NOT NULL)'
        and not p.polroles::regrole[]::text[]
            <@ array['bss_owner', 'bss_admin', 'bss_analytics']
    union all
    select
        'shared_rows_are_writable' as lint, t.oid::regclass::text as object,
        format('%s is granted to %s.', g.privilege_type, g.grantee::regrole) as detail
    from tables as t
    cross join aclexplode(t.relacl) as g
    where
        g.grantee <> t.relowner and pg_get_userbyid(g.grantee) <> 'bss_admin'
        and g.privilege_type in ('INSERT', 'UPDATE', 'DELETE');
end;
comment on function bss_internal.lint_shared() is
    'Lists shared tables that others than operators write, or others than tenants read.';


create or replace function bss_internal.lint_grants()
    returns table (lint text, object text, detail text)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    with grants as (
        select s.name as object, s.name as schema_name, n.nspowner as owner, g.*
        from bss_internal.lint_schemas() as s
        join pg_namespace as n on n.oid = s.schema
        cross join aclexplode(n.nspacl) as g
        union all
        select c.oid::regclass::text, s.name, c.relowner, g.*
        from bss_internal.lint_schemas() as s
        join pg_class as c on c.relnamespace = s.schema
        cross join aclexplode(c.relacl) as g
        union all
        select format('%s.%I', c.oid::regclass, a.attname), s.name, c.relowner, g.*
        from bss_internal.lint_schemas() as s
        join pg_class as c on c.relnamespace = s.schema
        join pg_attribute as a on a.attrelid = c.oid
        cross join aclexplode(a.attacl) as g
        union all
        select p.oid::regprocedure::text, s.name, p.proowner, g.*
        from bss_internal.lint_schemas() as s
        join pg_proc as p on p.pronamespace = s.schema
        -- where nothing was ever said, PUBLIC may execute
        cross join aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as g
    )

    select
        case
            when g.grantee = 0 then 'granted_to_everyone'
            when g.schema_name = 'bss_internal' then 'internals_are_granted'
            when g.is_grantable then 'granted_with_grant_option'
            else 'granted_more_than_rows'
        end as lint,
        g.object,
        format(
            '%s is granted to %s.', g.privilege_type,
            case g.grantee when 0 then 'everyone' else g.grantee::regrole::text end
        ) as detail
    from grants as g
    where
        g.grantee <> g.owner
        and (
            g.grantee = 0 or g.is_grantable
            -- the tables of the installer are the owner's to read
            or g.schema_name = 'bss_internal' and pg_get_userbyid(g.grantee) <> 'bss_owner'
            or g.privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN')
            or g.privilege_type = 'CREATE' and pg_get_userbyid(g.grantee) <> 'bss_owner'
        );
end;
comment on function bss_internal.lint_grants() is
    'Lists privileges that nobody but the owner should have.';


create or replace function bss_internal.lint_functions()
    returns table (lint text, object text, detail text)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    with functions as (
        select p.*, p.oid::regprocedure::text as name, o.rolsuper, o.rolname
        from bss_internal.lint_schemas() as s
        join pg_proc as p on p.pronamespace = s.schema
        join pg_roles as o on o.oid = p.proowner
    )

    select
        'definer_without_search_path' as lint, f.name as object,
        'It runs with the rights of its owner, and finds names where its caller says.' as detail
    from functions as f
    where
        f.prosecdef
        and not coalesce(f.proconfig, '{}') && array['search_path=pg_catalog, pg_temp']
        -- bound to its objects when it was created
        and f.prosqlbody is null
        -- they qualify every name: a path of their own would undo the caller's, which they set
        and f.name <> all (
            array[
                'bss.use_tenant(text)', 'bss.use_token(text)', 'bss.pre_request()',
                'bss.as_operator(text,text)', 'bss.bound_tenant_id()', 'bss_internal.hold_place()'
            ]
        )
        -- the compiler's, which qualifies every name: as long as it is what its own name says
        and not (f.pronamespace = 'bss_capture'::regnamespace and f.proname = 'c_' || md5(f.prosrc))
    union all
    select
        'definer_with_rights_of_a_superuser' as lint, f.name as object,
        format('It belongs to %s.', f.rolname) as detail
    from functions as f
    where
        f.prosecdef and f.rolsuper
        -- no role of BSS may read files; it reads the one that a superuser has named
        and f.name <> 'bss_internal.master_key_of_file()'
    union all
    select
        'leakproof' as lint, f.name as object,
        'The server would call it before it checks whose a row is.' as detail
    from functions as f
    where f.proleakproof
    union all
    select
        'context_is_not_stable' as lint, f.name as object,
        'Its answer would outlive the transaction in a plan, or be asked for again for each row.'
        as detail
    from functions as f
    where
        f.name in (
            'bss.current_tenant_id()', 'bss.bound_tenant_id()', 'bss_internal.is_operator()'
        )
        and f.provolatile <> 's'
    union all
    select
        'owner_is_another' as lint, f.name as object,
        format('It belongs to %s.', f.rolname) as detail
    from functions as f
    where f.rolname <> 'bss_owner' and not f.rolsuper;
end;
comment on function bss_internal.lint_functions() is
    'Lists functions that lend more rights than they should.';


create or replace function bss_internal.lint_roles()
    returns table (lint text, object text, detail text)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    with groups as (
        select r.*
        from pg_roles as r
        where
            r.rolname in (
                'bss_owner', 'bss_admin', 'bss_app', 'bss_tenant', 'bss_analytics',
                'bss_subscriber', 'bss_monitor'
            )
    )

    select
        'role_with_an_attribute' as lint, g.rolname as object,
        concat_ws(
            ', ',
            case when g.rolsuper then 'superuser' end, case when g.rolcanlogin then 'login' end,
            case when g.rolcreaterole then 'createrole' end,
            case when g.rolcreatedb then 'createdb' end,
            case when g.rolreplication then 'replication' end,
            case when g.rolbypassrls then 'bypassrls' end
        ) || '.' as detail
    from groups as g
    where
        g.rolsuper or g.rolcanlogin or g.rolcreaterole or g.rolcreatedb or g.rolreplication
        or g.rolbypassrls
    union all
    select
        'role_is_a_member' as lint, g.rolname as object,
        format('It is a member of %s.', m.roleid::regrole) as detail
    from groups as g
    join pg_auth_members as m on m.member = g.oid
    union all
    select
        'owner_has_members' as lint, 'bss_owner' as object,
        format('%s is one.', m.member::regrole) as detail
    from pg_auth_members as m
    where
        pg_get_userbyid(m.roleid) = 'bss_owner'
        -- whoever is a superuser needs no membership
        and not (select r.rolsuper from pg_roles as r where r.oid = m.member)
    union all
    select
        'context_can_be_set' as lint, 'backtrace_functions' as object,
        format('%s may set it.', case g.grantee when 0 then 'everyone' else r.rolname end)
        as detail
    from pg_parameter_acl as p
    cross join aclexplode(p.paracl) as g
    left join pg_roles as r on r.oid = g.grantee
    where
        p.parname = 'backtrace_functions'
        and not coalesce(r.rolsuper or r.rolname = 'bss_owner', false);
end;
comment on function bss_internal.lint_roles() is
    'Lists what the roles of BSS can, or others can through them, that they should not.';


create or replace function bss.lint()
    returns table (lint text, object text, detail text)
    stable
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    perform bss_internal.require_operator();
    return query
    select l.* from bss_internal.lint_tables() as l
    union all
    select l.* from bss_internal.lint_policies() as l
    union all
    select l.* from bss_internal.lint_shared() as l
    union all
    select l.* from bss_internal.lint_pools() as l
    union all
    select l.* from bss_internal.lint_metadata() as l
    union all
    select l.* from bss_internal.lint_grants() as l
    union all
    select l.* from bss_internal.lint_functions() as l
    union all
    select l.* from bss_internal.lint_secrets() as l
    union all
    select l.* from bss_internal.lint_roles() as l
    order by 1, 2, 3;
end
$$;
comment on function bss.lint() is
    'Lists what is not as safe as BSS made it, by rules over the catalog; nothing if all is well.';
