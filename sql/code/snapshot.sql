-- What the catalog says of a tenant's schema, in the compiler's own form of a model. Whatever
-- differs between tenants that have the same model is left out or stands as a placeholder. What a
-- schema has is found in pg_depend, because pg_class has no index by schema.

create or replace function bss_internal.other_objects(schema text)
    returns table (classid oid, objid oid, name text)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    -- functions, sequences, types, …: in a search_path, any of them can shadow another
    select d.classid, d.objid, pg_describe_object(d.classid, d.objid, 0) as name
    from pg_namespace as n
    join pg_depend as d
        on
            d.refclassid = 'pg_namespace'::regclass and d.refobjid = n.oid
            and d.deptype = 'n'
    left join pg_class as c on d.classid = 'pg_class'::regclass and c.oid = d.objid
    where
        n.nspname = other_objects.schema
        and (c.relkind is null or c.relkind not in ('r', 'p', 'f', 'v', 'm'));
end;
comment on function bss_internal.other_objects(text) is
    'Lists the objects of a schema that are no tables.';


create or replace function bss_internal.snapshot_others(schema text)
    returns jsonb
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    with own as (
        select n.oid, n.nspname, n.nspowner
        from pg_namespace as n where n.nspname = snapshot_others.schema
    ),
    other (name) as (
        select o.name from bss_internal.other_objects(snapshot_others.schema) as o
        union all
        select format('default privileges in schema %s', snapshot_others.schema)
        from own
        join pg_default_acl as a on a.defaclnamespace = own.oid
        union all
        select format('privileges on schema %s', snapshot_others.schema)
        from own
        where
            pg_get_userbyid(own.nspowner) <> 'bss_owner'
            or array(
                select g.line
                from bss_internal.schema_grants as g
                where g.schema = own.oid
                order by g.line collate "C"
            ) <> case own.nspname
                when 'bss_shared' then array[
                    'bss_admin USAGE f', 'bss_analytics USAGE f', 'bss_app USAGE f',
                    'bss_tenant USAGE f'
                ]
                else array['bss_admin USAGE f', 'bss_analytics USAGE f', 'bss_app USAGE f']
            end
        union all
        select format('schema %s (missing)', snapshot_others.schema)
        where not exists (select from own)
    )
    select coalesce(jsonb_agg(jsonb_build_object('name', o.name) order by o.name collate "C"), '[]')
    from other as o;
end;
comment on function bss_internal.snapshot_others(text) is
    'Gives what a schema has besides tables, and should not have, each as a table of that name.';


create or replace function bss_internal.snapshot(tenant bss_metadata.tenants)
    returns jsonb
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    set datestyle = 'ISO, MDY'
    set intervalstyle = 'iso_8601'
    set timezone = 'UTC'
    set bytea_output = 'hex'
    set extra_float_digits = 1
    set quote_all_identifiers = off
    set standard_conforming_strings = on
    language sql
begin atomic
    select jsonb_build_object(
        'tables', coalesce(
            -- json, which is text, until all is there: jsonb is taken apart again at each level
            json_agg(
                json_build_object(
                    'name', c.relname || case
                        when c.relpersistence <> 'p' then ' (unlogged)'
                        when c.relkind = 'v' then ' (view)'
                        when c.relkind = 'm' then ' (materialized view)'
                        when c.relkind = 'f' then ' (foreign table)'
                        when
                            c.relhasrules
                            and exists (select from pg_rewrite as r where r.ev_class = c.oid)
                            then ' (with a rule)'
                        when
                            exists (
                                select from pg_trigger as t
                                where
                                    t.tgrelid = c.oid and t.tgisinternal and t.tgenabled <> 'O'
                            )
                            then ' (with a disabled key)'
                        when
                            exists (
                                select from pg_inherits as h
                                where
                                    c.oid = h.inhrelid
                                    or (c.oid = h.inhparent and c.relkind <> 'p')
                            )
                            then ' (inherits)' else ''
                    end,
                    'placement', case n.nspname
                        when 'bss_shared' then 'shared' else 'tenant'
                    end,
                    'comment', (
                        select t.description from pg_description as t
                        where
                            t.objoid = c.oid and t.classoid = 'pg_class'::regclass
                            and t.objsubid = 0
                    ),
                    'row_security', c.relrowsecurity and c.relforcerowsecurity,
                    'columns', (
                        select coalesce(
                            json_agg(
                                case
                                    when
                                        p.name = 'tenant_id'
                                        and p.part ->> 'default' = format('%L::uuid', tenant.id)
                                        then p.part || '{"default": "%2$L::uuid"}'
                                    else p.part
                                end
                                order by p.name collate "C"
                            ),
                            '[]'
                        )
                        from bss_internal.snapshot_columns as p where p.relation = c.oid
                    ),
                    'constraints', (
                        select coalesce(
                            json_agg(
                                case p.part ->> 'expression'
                                    when format('(tenant_id = %L::uuid)', tenant.id)
                                        then p.part || '{"expression": "(tenant_id = %2$L::uuid)"}'
                                    else p.part
                                end
                                order by p.name collate "C"
                            ),
                            '[]'
                        )
                        from bss_internal.snapshot_constraints as p where p.relation = c.oid
                    ),
                    'indexes', (
                        select coalesce(json_agg(p.part order by p.name collate "C"), '[]')
                        from bss_internal.snapshot_indexes as p where p.relation = c.oid
                    ),
                    'policies', (
                        select coalesce(
                            json_agg(
                                replace(
                                    p.part::text, format('%L::uuid', tenant.id), '%2$L::uuid'
                                )::jsonb
                                order by p.name collate "C"
                            ),
                            '[]'
                        )
                        from bss_internal.snapshot_policies as p where p.relation = c.oid
                    ),
                    'grants', (
                        select coalesce(json_agg(p.part order by p.name collate "C"), '[]')
                        from bss_internal.snapshot_grants as p where p.relation = c.oid
                    ),
                    'triggers', (
                        select coalesce(json_agg(p.part order by p.name collate "C"), '[]')
                        from bss_internal.snapshot_triggers as p where p.relation = c.oid
                    ),
                    'partition_by', case
                        when c.relkind = 'p' then pg_get_partkeydef(c.oid)
                    end,
                    'partitions', case
                        when c.relkind = 'p' then bss_internal.snapshot_partitions(c.oid)
                        else '[]'
                    end
                )
                order by c.relname collate "C"
            ),
            '[]'
        )::jsonb || bss_internal.snapshot_others(tenant.schema_name)
    ) || coalesce(bss_internal.snapshot_checks(tenant.schema_name), '{}')
    from pg_namespace as n
    join pg_depend as d
        on
            d.refclassid = 'pg_namespace'::regclass and d.refobjid = n.oid
            and d.classid = 'pg_class'::regclass
    join pg_class as c on c.oid = d.objid
    where
        n.nspname = tenant.schema_name and c.relkind in ('r', 'p', 'f', 'v', 'm')
        -- a partition is a part of its table
        and not exists (
            select from pg_inherits as h
            join pg_class as o on o.oid = h.inhparent
            where
                h.inhrelid = c.oid and c.relispartition and o.relnamespace = c.relnamespace
        );
end;
comment on function bss_internal.snapshot(bss_metadata.tenants) is
    'Gives what the catalog has in a tenant''s schema, as the compiler''s model has it.';
