-- What of BSS is in the catalog, with a checksum each: what `bss verify` compares.

create or replace view bss_internal.catalog_objects
as
with
own_schema as (
    select n.oid, n.nspname, n.nspowner, n.nspacl
    from pg_catalog.pg_namespace as n
    where n.nspname in ('bss', 'bss_metadata', 'bss_internal', 'bss_shared')
),
object (kind, identity, definition) as (
    select
        'schema', s.nspname::text,
        pg_catalog.concat_ws('|', s.nspowner::pg_catalog.regrole, s.nspacl)
    from own_schema as s
    union all
    select
        'function', p.oid::pg_catalog.regprocedure::text,
        pg_catalog.concat_ws(
            '|', p.proowner::pg_catalog.regrole, l.lanname, p.prokind, p.provolatile, p.proisstrict,
            p.prosecdef, p.proparallel, p.proleakproof, p.proretset,
            pg_catalog.format_type(p.prorettype, null),
            pg_catalog.pg_get_function_arguments(p.oid), p.proconfig,
            coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc), p.proacl,
            pg_catalog.obj_description(p.oid, 'pg_proc')
        )
    from pg_catalog.pg_proc as p
    join own_schema as s on s.oid = p.pronamespace
    join pg_catalog.pg_language as l on l.oid = p.prolang
    union all
    select
        case c.relkind when 'v' then 'view' when 'r' then 'table' else c.relkind::text end,
        c.oid::pg_catalog.regclass::text,
        pg_catalog.concat_ws(
            '|', c.relowner::pg_catalog.regrole, c.relrowsecurity, c.relforcerowsecurity,
            c.reloptions, c.relacl, pg_catalog.obj_description(c.oid, 'pg_class'),
            case when c.relkind = 'v' then pg_catalog.pg_get_viewdef(c.oid) end
        )
    from pg_catalog.pg_class as c
    join own_schema as s on s.oid = c.relnamespace
    where c.relkind in ('r', 'v', 'm', 'S', 'p', 'f')
    union all
    select
        'column',
        pg_catalog.format('%s.%I', a.attrelid::pg_catalog.regclass, a.attname),
        pg_catalog.concat_ws(
            '|', pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
            a.attgenerated, a.attacl, pg_catalog.pg_get_expr(d.adbin, d.adrelid),
            pg_catalog.col_description(a.attrelid, a.attnum)
        )
    from pg_catalog.pg_attribute as a
    join pg_catalog.pg_class as c on c.oid = a.attrelid
    join own_schema as s on s.oid = c.relnamespace
    left join pg_catalog.pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where c.relkind in ('r', 'v', 'p', 'm', 'f') and a.attnum > 0 and not a.attisdropped
    union all
    select
        'index', i.indexrelid::pg_catalog.regclass::text,
        pg_catalog.concat_ws('|', pg_catalog.pg_get_indexdef(i.indexrelid), i.indisvalid)
    from pg_catalog.pg_index as i
    join pg_catalog.pg_class as c on c.oid = i.indrelid
    join own_schema as s on s.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'm')
    union all
    select
        'constraint',
        pg_catalog.format('%s.%I', k.conrelid::pg_catalog.regclass, k.conname),
        pg_catalog.concat_ws('|', pg_catalog.pg_get_constraintdef(k.oid), k.convalidated)
    from pg_catalog.pg_constraint as k
    join own_schema as s on s.oid = k.connamespace
    where k.conrelid <> 0
    union all
    select
        'policy', pg_catalog.format('%s.%I', p.polrelid::pg_catalog.regclass, p.polname),
        pg_catalog.concat_ws(
            '|', p.polcmd, p.polpermissive,
            (
                select pg_catalog.array_agg(r.rolname order by r.rolname)
                from pg_catalog.pg_roles as r where r.oid = any (p.polroles)
            ),
            pg_catalog.pg_get_expr(p.polqual, p.polrelid),
            pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)
        )
    from pg_catalog.pg_policy as p
    join pg_catalog.pg_class as c on c.oid = p.polrelid
    join own_schema as s on s.oid = c.relnamespace
    union all
    select
        'trigger', pg_catalog.format('%s.%I', t.tgrelid::pg_catalog.regclass, t.tgname),
        pg_catalog.concat_ws('|', pg_catalog.pg_get_triggerdef(t.oid), t.tgenabled)
    from pg_catalog.pg_trigger as t
    join pg_catalog.pg_class as c on c.oid = t.tgrelid
    join own_schema as s on s.oid = c.relnamespace
    where not t.tgisinternal
    union all
    select
        'role', r.rolname::text,
        pg_catalog.concat_ws(
            '|', r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin,
            r.rolreplication, r.rolbypassrls
        )
    from pg_catalog.pg_roles as r
    where r.rolname in (
        'bss_owner', 'bss_admin', 'bss_app', 'bss_tenant', 'bss_analytics', 'bss_subscriber',
        'bss_monitor'
    )
    union all
    select
        'privilege', 'create on the database for bss_owner',
        pg_catalog.has_database_privilege('bss_owner', pg_catalog.current_database(), 'create')::text
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
