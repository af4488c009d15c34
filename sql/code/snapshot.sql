-- What the catalog says of a tenant's schema, in the compiler's own form of a model. Whatever
-- differs between tenants that have the same model is left out or stands as a placeholder.

create or replace function bss_internal.snapshot_columns(relation oid, tenant_id uuid)
    returns jsonb
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select coalesce(
        jsonb_agg(
            jsonb_strip_nulls(
                jsonb_build_object(
                    'name', a.attname,
                    'type', case
                        -- pgvector's type without the schema of the extension
                        when t.typname = 'vector' then format('vector(%s)', a.atttypmod)
                        else format_type(a.atttypid, a.atttypmod)
                    end,
                    'nullable', case when a.attnotnull then false end,
                    'default', replace(
                        pg_get_expr(d.adbin, d.adrelid),
                        format('%L::uuid', snapshot_columns.tenant_id), '%2$L::uuid'
                    ),
                    'comment', col_description(a.attrelid, a.attnum)
                )
            )
            order by a.attname collate "C"
        ),
        '[]'
    )
    from pg_attribute as a
    join pg_type as t on t.oid = a.atttypid
    left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = snapshot_columns.relation and a.attnum > 0 and not a.attisdropped;
end;
comment on function bss_internal.snapshot_columns(oid, uuid) is
    'Gives the columns of a table as the compiler''s model has them.';


create or replace function bss_internal.column_names(relation oid, numbers smallint[])
    returns jsonb
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select coalesce(jsonb_agg(a.attname order by n.position), '[]')
    from unnest(column_names.numbers) with ordinality as n (number, position)
    join pg_attribute as a on a.attrelid = column_names.relation and a.attnum = n.number;
end;
comment on function bss_internal.column_names(oid, smallint[]) is
    'Gives the names of columns by their numbers, in that order.';


create or replace function bss_internal.snapshot_constraints(relation oid)
    returns jsonb
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select coalesce(
        jsonb_agg(
            jsonb_strip_nulls(
                jsonb_build_object(
                    'kind', case c.contype
                        when 'p' then 'primary_key' when 'u' then 'unique'
                        when 'f' then 'foreign_key' when 'c' then 'check'
                    end,
                    -- one that proves less than it says goes by another name
                    'name', c.conname || case
                        when not c.convalidated then ' (not valid)'
                        when c.condeferrable then ' (deferrable)' else ''
                    end,
                    'columns', case
                        when c.contype <> 'c'
                            then bss_internal.column_names(c.conrelid, c.conkey)
                    end,
                    'nulls_not_distinct', case when i.indnullsnotdistinct then true end,
                    'table', f.relname,
                    'referenced', case
                        when c.contype = 'f'
                            then bss_internal.column_names(c.confrelid, c.confkey)
                    end,
                    'on_delete', case c.confdeltype
                        when 'r' then 'RESTRICT' when 'c' then 'CASCADE'
                        when 'n' then 'SET NULL' when 'd' then 'SET DEFAULT'
                    end,
                    'expression', pg_get_expr(c.conbin, c.conrelid)
                )
            )
            order by c.conname collate "C"
        ),
        '[]'
    )
    from pg_constraint as c
    left join pg_index as i on i.indexrelid = c.conindid and c.contype = 'u'
    left join pg_class as f on f.oid = c.confrelid
    -- from PostgreSQL 18 on, NOT NULL is listed here too; it is an attribute of the column
    where c.conrelid = snapshot_constraints.relation and c.contype in ('p', 'u', 'f', 'c');
end;
comment on function bss_internal.snapshot_constraints(oid) is
    'Gives the constraints of a table as the compiler''s model has them.';


create or replace function bss_internal.snapshot_indexes(relation oid)
    returns jsonb
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select coalesce(
        jsonb_agg(
            jsonb_strip_nulls(
                jsonb_build_object(
                    'name', c.relname,
                    'method', m.amname,
                    'keys', (
                        select jsonb_agg(
                            jsonb_strip_nulls(
                                jsonb_build_object(
                                    'column', coalesce(
                                        a.attname, pg_get_indexdef(c.oid, k.position::integer, true)
                                    ),
                                    'opclass', case when not o.opcdefault then o.opcname end
                                )
                            )
                            order by k.position
                        )
                        from unnest(i.indkey::smallint[], i.indclass::oid[])
                            with ordinality as k (number, opclass, position)
                        left join pg_attribute as a
                            on a.attrelid = i.indrelid and a.attnum = k.number
                        left join pg_opclass as o on o.oid = k.opclass
                        where k.position <= i.indnkeyatts
                    ),
                    'include', (
                        select jsonb_agg(a.attname order by k.position)
                        from unnest(i.indkey::smallint[]) with ordinality as k (number, position)
                        join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.number
                        where k.position > i.indnkeyatts
                    ),
                    'options', to_jsonb(c.reloptions),
                    'valid', case when not i.indisvalid then false end
                )
            )
            order by c.relname collate "C"
        ),
        '[]'
    )
    from pg_index as i
    join pg_class as c on c.oid = i.indexrelid
    join pg_am as m on m.oid = c.relam
    where
        i.indrelid = snapshot_indexes.relation
        and not exists (
            select from pg_constraint as k
            where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')
        );
end;
comment on function bss_internal.snapshot_indexes(oid) is
    'Gives the indexes of a table that belong to no constraint, as the compiler''s model has them.';


create or replace function bss_internal.privileges_on(relation oid)
    returns table (role text, privilege text)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select
        case when x.grantee = 0 then 'public' else x.grantee::regrole::text end as role,
        concat(
            x.privilege_type, ' (' || x.attname || ')',
            case when x.is_grantable then ' WITH GRANT OPTION' end
        ) as privilege
    from pg_class as c
    cross join lateral (
        select null::text as attname, r.grantee, r.privilege_type, r.is_grantable
        from aclexplode(c.relacl) as r
        union all
        select a.attname, r.grantee, r.privilege_type, r.is_grantable
        from pg_attribute as a, aclexplode(a.attacl) as r
        where a.attrelid = c.oid and not a.attisdropped
    ) as x
    where c.oid = privileges_on.relation and x.grantee <> c.relowner
    union all
    select c.relowner::regrole::text as role, 'OWNERSHIP' as privilege
    from pg_class as c
    where c.oid = privileges_on.relation and pg_get_userbyid(c.relowner) <> 'bss_owner';
end;
comment on function bss_internal.privileges_on(oid) is
    'Lists who may do what with a table or its columns, besides bss_owner, whose it should be.';


create or replace function bss_internal.snapshot_access(relation oid)
    returns jsonb
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select jsonb_build_object(
        'row_security', c.relrowsecurity and c.relforcerowsecurity,
        'policies', (
            select coalesce(
                jsonb_agg(
                    jsonb_strip_nulls(
                        jsonb_build_object(
                            'name', p.polname,
                            'command', case p.polcmd
                                when 'r' then 'SELECT' when 'a' then 'INSERT'
                                when 'w' then 'UPDATE' when 'd' then 'DELETE' else 'ALL'
                            end || case when p.polpermissive then '' else ' RESTRICTIVE' end,
                            'roles', (
                                select coalesce(
                                    jsonb_agg(r.rolname order by r.rolname collate "C"), '[]'
                                )
                                from pg_roles as r where r.oid = any (p.polroles)
                            ),
                            'using', coalesce(pg_get_expr(p.polqual, p.polrelid), ''),
                            'check', pg_get_expr(p.polwithcheck, p.polrelid)
                        )
                    )
                    order by p.polname collate "C"
                ),
                '[]'
            )
            from pg_policy as p where p.polrelid = c.oid
        ),
        'grants', (
            select coalesce(
                jsonb_agg(
                    jsonb_build_object('role', g.role, 'privileges', g.privileges)
                    order by g.role collate "C"
                ),
                '[]'
            )
            from (
                select
                    x.role,
                    jsonb_agg(x.privilege order by x.privilege collate "C") as privileges
                from bss_internal.privileges_on(c.oid) as x
                group by x.role
            ) as g
        ),
        'triggers', (
            select coalesce(
                jsonb_agg(
                    jsonb_build_object(
                        'name', t.tgname,
                        'timing', case
                            when t.tgtype & 2 <> 0 then 'BEFORE'
                            when t.tgtype & 64 <> 0 then 'INSTEAD OF'
                            else 'AFTER'
                        end || case
                            when t.tgenabled <> 'O' then ' (disabled)'
                            when t.tgqual is not null or t.tgattr <> '' then ' (sometimes)'
                            else ''
                        end,
                        'events', (
                            select jsonb_agg(e.name order by e.bit)
                            from (
                                values
                                (4, 'INSERT'), (8, 'DELETE'), (16, 'UPDATE'), (32, 'TRUNCATE')
                            ) as e (bit, name)
                            where t.tgtype & e.bit <> 0
                        ),
                        'level', case when t.tgtype & 1 <> 0 then 'ROW' else 'STATEMENT' end,
                        'function', format('%I.%I', n.nspname, f.proname)
                    )
                    order by t.tgname collate "C"
                ),
                '[]'
            )
            from pg_trigger as t
            join pg_proc as f on f.oid = t.tgfoid
            join pg_namespace as n on n.oid = f.pronamespace
            where t.tgrelid = c.oid and not t.tgisinternal
        )
    )
    from pg_class as c
    where c.oid = snapshot_access.relation;
end;
comment on function bss_internal.snapshot_access(oid) is
    'Gives row-level security, policies, grants and triggers of a table, as the model has them.';


create or replace function bss_internal.snapshot_others(schema text)
    returns jsonb
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    with own as (
        select n.oid, n.nspowner, n.nspacl
        from pg_namespace as n where n.nspname = snapshot_others.schema
    ),
    other (name) as (
        -- functions, sequences, types, …: in a search_path, any of them can shadow another
        select pg_describe_object(d.classid, d.objid, 0)
        from own
        join pg_depend as d
            on d.refclassid = 'pg_namespace'::regclass and d.refobjid = own.oid
            and d.deptype = 'n'
        left join pg_class as c on d.classid = 'pg_class'::regclass and c.oid = d.objid
        where c.relkind is null or c.relkind not in ('r', 'p', 'f', 'v', 'm')
        union all
        select format('rule %s on table %s', r.rulename, c.relname)
        from own
        join pg_class as c on c.relnamespace = own.oid
        join pg_rewrite as r on r.ev_class = c.oid
        where c.relkind not in ('v', 'm')
        union all
        select format('privileges on schema %s', snapshot_others.schema)
        from own
        where
            pg_get_userbyid(own.nspowner) <> 'bss_owner'
            or array(
                select format('%s %s %s', x.grantee::regrole, x.privilege_type, x.is_grantable)
                from aclexplode(own.nspacl) as x
                where x.grantee <> own.nspowner
                order by x.grantee::regrole::text collate "C", x.privilege_type
            ) <> array['bss_analytics USAGE f', 'bss_app USAGE f']
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
            jsonb_agg(
                jsonb_strip_nulls(
                    jsonb_build_object(
                        'name', c.relname,
                        'comment', obj_description(c.oid, 'pg_class'),
                        'columns', bss_internal.snapshot_columns(c.oid, tenant.id),
                        'constraints', bss_internal.snapshot_constraints(c.oid),
                        'indexes', bss_internal.snapshot_indexes(c.oid)
                    )
                )
                || bss_internal.snapshot_access(c.oid)
                order by c.relname collate "C"
            ),
            '[]'
        ) || bss_internal.snapshot_others(tenant.schema_name)
    )
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname = tenant.schema_name and c.relkind in ('r', 'p', 'f', 'v', 'm');
end;
comment on function bss_internal.snapshot(bss_metadata.tenants) is
    'Gives what the catalog has in a tenant''s schema, as the compiler''s model has it.';


create or replace function bss_internal.fingerprint(snapshot jsonb)
    returns text
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
    return encode(sha256(convert_to(snapshot::text, 'UTF8')), 'hex');
comment on function bss_internal.fingerprint(jsonb) is
    'Gives the hash of a snapshot: the same for all tenants that have the same tables.';
