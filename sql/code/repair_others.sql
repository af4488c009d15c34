-- What a repair does about a schema itself, and about what it has besides tables.

create or replace function bss_internal.owns_schema(tenant bss_metadata.tenants)
    returns boolean
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select not exists (
        select from pg_namespace as n
        where n.nspname = tenant.schema_name and pg_get_userbyid(n.nspowner) <> 'bss_owner'
    );
end;
comment on function bss_internal.owns_schema(bss_metadata.tenants) is
    'Says whether nothing of a tenant''s schema is beyond the reach of bss_owner.';


create or replace function bss_internal.schema_steps(tenant bss_metadata.tenants)
    returns table (kind text, statement text, reason text, hint text)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select
        'create_schema' as kind, 'CREATE SCHEMA %1$I AUTHORIZATION bss_owner' as statement,
        null as reason, null as hint
    where not exists (select from pg_namespace as n where n.nspname = tenant.schema_name)
    union all
    select
        'revoke' as kind,
        format(
            'REVOKE ALL ON SCHEMA %%1$I FROM %s CASCADE',
            replace(
                string_agg(distinct quote_ident(coalesce(r.rolname, 'public')), ', '), '%', '%%'
            )
        ) as statement,
        null as reason, null as hint
    from pg_namespace as n
    cross join lateral aclexplode(n.nspacl) as a
    left join pg_roles as r on r.oid = a.grantee
    where
        n.nspname = tenant.schema_name and a.grantee <> n.nspowner
        and pg_get_userbyid(n.nspowner) = 'bss_owner'
    having count(*) > 0
    union all
    select
        'grant' as kind,
        format(
            'GRANT USAGE ON SCHEMA %%1$I TO %s',
            replace(
                concat_ws(
                    ', ', 'bss_admin, bss_app, bss_analytics',
                    (
                        select string_agg(quote_ident(r.rolname), ', ' order by r.rolname)
                        from bss_metadata.logins as l
                        join pg_roles as r on r.oid = l.login
                        join bss_metadata.tenants as t on t.id = l.tenant_id
                        where tenant.id in (t.id, t.pool_id)
                    )
                ),
                '%', '%%'
            )
        ) as statement,
        null as reason, null as hint
    where bss_internal.owns_schema(tenant)
    union all
    select
        null as kind, null as statement, 'The schema belongs to somebody else.' as reason,
        'Give it back as a superuser, with ALTER SCHEMA … OWNER TO bss_owner.' as hint
    where not bss_internal.owns_schema(tenant);
end;
comment on function bss_internal.schema_steps(bss_metadata.tenants) is
    'Lists what gives a tenant''s schema itself, its owner and its privileges back.';


create or replace function bss_internal.object_steps(
    tenant bss_metadata.tenants, droppable text[]
)
    returns table (name text, statement text, reason text, hint text)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select
        o.name,
        case when o.name = any (object_steps.droppable) then
            format(
                'DROP %s %s',
                upper(
                    case i.type
                        when 'composite type' then 'type'
                        when 'statistics object' then 'statistics' else i.type
                    end
                ),
                replace(i.identity, '%', '%%')
            )
        end as statement,
        'It is in no document, and somebody may use it.' as reason,
        format('Name "%s" in the argument drop, or drop it by hand.', o.name) as hint
    from bss_internal.other_objects(tenant.schema_name) as o
    cross join lateral pg_identify_object(o.classid, o.objid, 0) as i
    where not exists (
        -- it goes with the column that it belongs to
        select from pg_depend as d
        where d.classid = o.classid and d.objid = o.objid and d.deptype in ('a', 'i')
    )
    union all
    select
        format('default privileges in schema %s', tenant.schema_name) as name, null as statement,
        format('Role "%s" has decided who may use what it makes here.', r.rolname) as reason,
        format(
            'Take it back with ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %I REVOKE …',
            r.rolname, tenant.schema_name
        ) as hint
    from pg_namespace as n
    join pg_default_acl as a on a.defaclnamespace = n.oid
    join pg_roles as r on r.oid = a.defaclrole
    where n.nspname = tenant.schema_name;
end;
comment on function bss_internal.object_steps(bss_metadata.tenants, text[]) is
    'Lists the objects of a tenant''s schema that are no tables, with what drops them, if they may '
    'be dropped.';


create or replace function bss_internal.other_steps(
    tenant bss_metadata.tenants, others jsonb, droppable text[]
)
    returns jsonb
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    with other as (
        select
            'first' as place, s.kind, s.statement,
            format('privileges on schema %s', tenant.schema_name) as name, s.reason, s.hint
        from bss_internal.schema_steps(tenant) as s
        where
            others @? '$[*] ? (@.name starts with "privileges on schema")'
            or others @? '$[*] ? (@.name starts with "schema")'
        union all
        select
            'last' as place, 'drop_object' as kind, o.statement, o.name, o.reason, o.hint
        from bss_internal.object_steps(tenant, droppable) as o
    ),
    made as (
        select
            o.place, o.statement is null as is_left,
            case when o.statement is null then
                jsonb_build_object(
                    'relation', o.name, 'object', o.name, 'reason', o.reason, 'hint', o.hint
                )
            else
                jsonb_build_object(
                    'kind', o.kind, 'relation', o.name, 'statement', o.statement, 'lock', 'none',
                    'scans', false, 'rewrites', false, 'reversible', o.place = 'first',
                    'hazards', '[]'::jsonb
                )
            end as item
        from other as o
    )
    select jsonb_build_object(
        'first', coalesce(
            jsonb_agg(m.item) filter (where m.place = 'first' and not m.is_left), '[]'
        ),
        'last', coalesce(jsonb_agg(m.item) filter (where m.place = 'last' and not m.is_left), '[]'),
        'left', coalesce(jsonb_agg(m.item) filter (where m.is_left), '[]')
    )
    from made as m;
end;
comment on function bss_internal.other_steps(bss_metadata.tenants, jsonb, text[]) is
    'Gives what undoes the drift of what is no table, as {first, last, left}: first and last are '
    'steps before and after those of tables.';
