-- What of BSS is in the catalog, with a checksum each: what `bss verify` compares.
--
-- Every column of every branch has an alias: the server prints a view that has none differently
-- once it has been dumped and restored, and the view is an object of its own.

create or replace view bss_internal.catalog_objects
as
with
own_schema as (
    select n.oid, n.nspname, n.nspowner, n.nspacl
    from pg_catalog.pg_namespace as n
    where n.nspname in (
        'bss', 'bss_metadata', 'bss_internal', 'bss_shared', 'bss_checks', 'bss_watch'
    )
),
own_role as (
    select r.oid, r.rolname
    from pg_catalog.pg_roles as r
    where r.rolname in (
        'bss_owner', 'bss_admin', 'bss_app', 'bss_tenant', 'bss_analytics', 'bss_subscriber',
        'bss_monitor'
    )
),
relation as (
    select
        c.oid, c.oid::pg_catalog.regclass::text as name, c.relkind, c.relowner, c.relacl,
        c.relpersistence, c.relrowsecurity, c.relforcerowsecurity, c.reloptions
    from pg_catalog.pg_class as c
    join own_schema as s on s.oid = c.relnamespace
    where
        c.relkind in ('r', 'v', 'm', 'S', 'p', 'f')
        -- partitions come and go; they are where nobody has access
        and not c.relispartition
        -- shared tables come and go with documents, and are compared with those
        and (s.nspname <> 'bss_shared' or c.relkind not in ('r', 'p'))
),
routine as (
    select
        p.oid, p.proowner, p.prolang, p.prokind, p.provolatile, p.proisstrict, p.prosecdef,
        p.proparallel, p.proleakproof, p.proretset, p.prorettype, p.proconfig, p.prosrc, p.proacl
    from pg_catalog.pg_proc as p
    join own_schema as s on s.oid = p.pronamespace
    -- tenants' checks come and go with their documents, and are compared with those
    where s.nspname <> 'bss_checks' or p.proname !~ '^[tv]_[0-9a-f]{32}$'
),
acl as (
    select
        'schema'::text as kind, s.nspname::text as identity,
        coalesce(s.nspacl, pg_catalog.acldefault('n', s.nspowner)) as items
    from own_schema as s
    union all
    select
        'function'::text as kind, p.oid::pg_catalog.regprocedure::text as identity,
        coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner)) as items
    from routine as p
    union all
    select
        'relation'::text as kind, r.name as identity,
        coalesce(
            r.relacl,
            case r.relkind
                when 'S' then pg_catalog.acldefault('s', r.relowner)
                else pg_catalog.acldefault('r', r.relowner)
            end
        ) as items
    from relation as r
    union all
    select
        'column'::text as kind, pg_catalog.format('%s.%I', r.name, a.attname) as identity,
        a.attacl as items
    from pg_catalog.pg_attribute as a
    join relation as r on r.oid = a.attrelid
    where a.attacl is not null and not a.attisdropped
),
object as (
    select
        'schema'::text as kind, s.nspname::text as identity,
        s.nspowner::pg_catalog.regrole::text as definition
    from own_schema as s
    union all
    select
        'function'::text as kind, p.oid::pg_catalog.regprocedure::text as identity,
        pg_catalog.concat_ws(
            '|', p.proowner::pg_catalog.regrole, l.lanname, p.prokind, p.provolatile, p.proisstrict,
            p.prosecdef, p.proparallel, p.proleakproof, p.proretset,
            pg_catalog.format_type(p.prorettype, null),
            pg_catalog.pg_get_function_arguments(p.oid), p.proconfig,
            coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc),
            pg_catalog.obj_description(p.oid, 'pg_proc')
        ) as definition
    from routine as p
    join pg_catalog.pg_language as l on l.oid = p.prolang
    union all
    select
        case r.relkind when 'v' then 'view' when 'r' then 'table' else r.relkind::text end as kind,
        r.name as identity,
        pg_catalog.concat_ws(
            '|', r.relowner::pg_catalog.regrole, r.relpersistence, r.relrowsecurity,
            r.relforcerowsecurity,
            r.reloptions, pg_catalog.obj_description(r.oid, 'pg_class'),
            case when r.relkind = 'v' then pg_catalog.pg_get_viewdef(r.oid) end
        ) as definition
    from relation as r
    union all
    select
        case r.relkind when 'v' then 'view column' else 'column' end as kind,
        pg_catalog.format('%s.%I', r.name, a.attname) as identity,
        pg_catalog.concat_ws(
            '|', pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
            a.attgenerated, pg_catalog.pg_get_expr(d.adbin, d.adrelid),
            pg_catalog.col_description(a.attrelid, a.attnum)
        ) as definition
    from pg_catalog.pg_attribute as a
    join relation as r on r.oid = a.attrelid
    left join pg_catalog.pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where r.relkind <> 'S' and a.attnum > 0 and not a.attisdropped
    union all
    select
        'index'::text as kind, i.indexrelid::pg_catalog.regclass::text as identity,
        pg_catalog.concat_ws(
            '|', pg_catalog.pg_get_indexdef(i.indexrelid), i.indisvalid
        ) as definition
    from pg_catalog.pg_index as i
    join relation as r on r.oid = i.indrelid
    union all
    select
        'constraint'::text as kind, pg_catalog.format('%s.%I', r.name, k.conname) as identity,
        pg_catalog.concat_ws(
            '|', pg_catalog.pg_get_constraintdef(k.oid), k.convalidated
        ) as definition
    from pg_catalog.pg_constraint as k
    join relation as r on r.oid = k.conrelid
    union all
    select
        'policy'::text as kind, pg_catalog.format('%s.%I', r.name, p.polname) as identity,
        pg_catalog.concat_ws(
            '|', p.polcmd, p.polpermissive,
            (
                select pg_catalog.array_agg(o.rolname order by o.rolname)
                from pg_catalog.pg_roles as o where o.oid = any (p.polroles)
            ),
            pg_catalog.pg_get_expr(p.polqual, p.polrelid),
            pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)
        ) as definition
    from pg_catalog.pg_policy as p
    join relation as r on r.oid = p.polrelid
    union all
    select
        'trigger'::text as kind, pg_catalog.format('%s.%I', r.name, t.tgname) as identity,
        pg_catalog.concat_ws(
            '|', pg_catalog.pg_get_triggerdef(t.oid), t.tgenabled
        ) as definition
    from pg_catalog.pg_trigger as t
    join relation as r on r.oid = t.tgrelid
    where not t.tgisinternal
    union all
    select
        'event trigger'::text as kind, e.evtname::text as identity,
        pg_catalog.concat_ws(
            '|', e.evtowner::pg_catalog.regrole, e.evtevent,
            e.evtfoid::pg_catalog.regprocedure, e.evtenabled, e.evttags
        ) as definition
    from pg_catalog.pg_event_trigger as e
    join routine as p on p.oid = e.evtfoid
    union all
    -- one row for each grantee: the order of the items in an acl is an accident of history
    select
        'grant'::text as kind,
        pg_catalog.format(
            'on %s %s to %s', a.kind, a.identity,
            case g.grantee when 0 then 'public' else g.grantee::pg_catalog.regrole::text end
        ) as identity,
        pg_catalog.string_agg(
            pg_catalog.concat_ws(
                ' ', g.privilege_type, g.is_grantable, g.grantor::pg_catalog.regrole
            ),
            '|' order by g.privilege_type, g.is_grantable, g.grantor::pg_catalog.regrole::text
        ) as definition
    from acl as a
    cross join
        pg_catalog.aclexplode(a.items) as g (grantor, grantee, privilege_type, is_grantable)
    group by a.kind, a.identity, g.grantee
    union all
    select
        'grant'::text as kind, 'create on the database to bss_owner'::text as identity,
        pg_catalog.has_database_privilege(
            'bss_owner', pg_catalog.current_database(), 'create'
        )::text as definition
    union all
    select
        'grant'::text as kind,
        pg_catalog.format(
            'on parameter %s to %s', p.parname, g.grantee::pg_catalog.regrole
        ) as identity,
        pg_catalog.concat_ws(' ', g.privilege_type, g.is_grantable) as definition
    from pg_catalog.pg_parameter_acl as p
    cross join
        pg_catalog.aclexplode(p.paracl) as g (grantor, grantee, privilege_type, is_grantable)
    where p.parname = 'backtrace_functions' and g.grantee <> g.grantor
    union all
    select
        'rule'::text as kind, pg_catalog.format('%s.%I', r.name, w.rulename) as identity,
        pg_catalog.pg_get_ruledef(w.oid) as definition
    from pg_catalog.pg_rewrite as w
    join relation as r on r.oid = w.ev_class
    where w.rulename <> '_RETURN'
    union all
    select
        'inheritance'::text as kind,
        pg_catalog.format(
            '%s of %s', h.inhrelid::pg_catalog.regclass, h.inhparent::pg_catalog.regclass
        ) as identity,
        h.inhseqno::text as definition
    from pg_catalog.pg_inherits as h
    where
        exists (select from relation as r where r.oid in (h.inhrelid, h.inhparent))
        and not (select c.relispartition from pg_catalog.pg_class as c where c.oid = h.inhrelid)
    union all
    -- whose rights the owner of everything shares, and what else a group of ours is a member of
    select
        'membership'::text as kind,
        pg_catalog.format(
            '%s in %s', m.member::pg_catalog.regrole, m.roleid::pg_catalog.regrole
        ) as identity,
        m.admin_option::text as definition
    from pg_catalog.pg_auth_members as m
    join own_role as o on o.oid in (m.roleid, m.member)
    where o.oid = m.member or o.rolname = 'bss_owner'
    union all
    select
        'default privileges'::text as kind,
        pg_catalog.format(
            'of %s in %s for %s', a.defaclrole::pg_catalog.regrole, s.nspname, a.defaclobjtype
        ) as identity,
        a.defaclacl::text as definition
    from pg_catalog.pg_default_acl as a
    left join own_schema as s on s.oid = a.defaclnamespace
    where
        s.oid is not null
        or (a.defaclnamespace = 0 and a.defaclrole::pg_catalog.regrole::text = 'bss_owner')
    union all
    select
        'role setting'::text as kind, pg_catalog.format('%s', o.rolname) as identity,
        c.setconfig::text as definition
    from pg_catalog.pg_db_role_setting as c
    join own_role as o on o.oid = c.setrole
    union all
    select
        'role'::text as kind, r.rolname::text as identity,
        pg_catalog.concat_ws(
            '|', r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin,
            r.rolreplication, r.rolbypassrls
        ) as definition
    from pg_catalog.pg_roles as r
    join own_role as o on o.oid = r.oid
)
select
    o.kind, o.identity,
    pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(o.definition, 'UTF8')), 'hex')
        as checksum
from object as o;
comment on view bss_internal.catalog_objects is
    'Shows every object of BSS in the catalog with a checksum of its definition.';
comment on column bss_internal.catalog_objects.kind is 'The kind of the object.';
comment on column bss_internal.catalog_objects.identity is 'The name of the object in its kind.';
comment on column bss_internal.catalog_objects.checksum is
    'The sha256 of what the catalog says of it.';
