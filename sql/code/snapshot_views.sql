-- The parts of every table, in the compiler's own form of a model: a view for each kind. The
-- catalog is read by its indexes, so that the time depends on the tables that are asked for, not on
-- how many tenants there are. What makes a part another than it seems is in its name or type.

create or replace view bss_internal.snapshot_columns
with (security_invoker = true)
as
select
    a.attrelid as relation, a.attname as name,
    jsonb_strip_nulls(
        jsonb_build_object(
            'name', a.attname,
            'type', case
                -- pgvector's type without the schema of the extension
                when t.typname = 'vector' then format('vector(%s)', a.atttypmod)
                else format_type(a.atttypid, a.atttypmod)
            end || case
                -- what would make equal of what is not, or a value of no value
                when a.attcollation <> t.typcollation then ' (collated)'
                when a.attidentity <> '' then ' (identity)'
                when a.attgenerated = 'v' then ' (virtual)' else ''
            end,
            'nullable', case when a.attnotnull then false end,
            case when a.attgenerated = '' then 'default' else 'generated' end,
            pg_get_expr(d.adbin, d.adrelid),
            'comment', c.description
        )
    ) as part
from pg_attribute as a
join pg_type as t on t.oid = a.atttypid
left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
left join pg_description as c
    on
        c.objoid = a.attrelid and c.classoid = 'pg_class'::regclass
        and c.objsubid = a.attnum
where a.attnum > 0 and not a.attisdropped;
comment on view bss_internal.snapshot_columns is
    'Gives the columns of every table, as the compiler''s model has them.';
comment on column bss_internal.snapshot_columns.relation is 'The table.';
comment on column bss_internal.snapshot_columns.name is
    'The name of the column; a snapshot has the parts of a table in its order.';
comment on column bss_internal.snapshot_columns.part is 'The column.';


create or replace view bss_internal.snapshot_constraints
with (security_invoker = true)
as
select
    c.conrelid as relation, c.conname as name,
    jsonb_strip_nulls(
        jsonb_build_object(
            'kind', case c.contype
                when 'p' then 'primary_key' when 'u' then 'unique'
                when 'f' then 'foreign_key' else 'check'
            end,
            -- one that proves less than it says goes by another name
            'name', c.conname || case
                when not c.convalidated then ' (not valid)'
                when c.condeferrable then ' (deferrable)'
                when c.connoinherit and c.contype = 'c' then ' (not inherited)'
                when c.confupdtype not in ('a', ' ') then ' (on update)'
                when c.confmatchtype not in ('s', ' ') then ' (match full)'
                -- of a row in a pool, whose it is stays
                when
                    c.confdelsetcols is distinct from case
                        when c.confdeltype in ('n', 'd') and w.attname = 'tenant_id'
                            then c.conkey[2:]
                    end
                    then ' (on delete of some columns)'
                when
                    f.relnamespace not in (o.relnamespace, to_regnamespace('bss_shared'))
                    then ' (in another schema)'
                when i.indnatts <> i.indnkeyatts then ' (including columns)' else ''
            end,
            'columns', case when c.contype in ('p', 'u', 'f') then (
                select jsonb_agg(a.attname order by k.position)
                from unnest(c.conkey) with ordinality as k (number, position)
                join pg_attribute as a on a.attrelid = c.conrelid and a.attnum = k.number
            ) end,
            'nulls_not_distinct', case when i.indnullsnotdistinct then true end,
            'table', f.relname,
            'placement', case f.relnamespace when to_regnamespace('bss_shared') then 'shared' end,
            'referenced', case when c.contype = 'f' then (
                select jsonb_agg(a.attname order by k.position)
                from unnest(c.confkey) with ordinality as k (number, position)
                join pg_attribute as a on a.attrelid = c.confrelid and a.attnum = k.number
            ) end,
            'on_delete', case c.confdeltype
                when 'r' then 'RESTRICT' when 'c' then 'CASCADE'
                when 'n' then 'SET NULL' when 'd' then 'SET DEFAULT'
            end,
            'expression', case c.contype
                when 'c' then pg_get_expr(c.conbin, c.conrelid)
                when 'x' then pg_get_constraintdef(c.oid)
            end
        )
    ) as part
from pg_constraint as c
join pg_class as o on o.oid = c.conrelid
left join pg_index as i on i.indexrelid = c.conindid and c.contype in ('p', 'u')
left join pg_class as f on f.oid = c.confrelid
left join pg_attribute as w on w.attrelid = c.conrelid and w.attnum = c.conkey[1]
-- from PostgreSQL 18 on, NOT NULL is listed here too; it is an attribute of the column. A reference
-- to a table with partitions is listed once more for each of these
where c.contype in ('p', 'u', 'f', 'c', 'x') and c.conparentid = 0;
comment on view bss_internal.snapshot_constraints is
    'Gives the constraints of every table, as the compiler''s model has them.';
comment on column bss_internal.snapshot_constraints.relation is 'The table.';
comment on column bss_internal.snapshot_constraints.name is
    'The name of the constraint; a snapshot has the parts of a table in its order.';
comment on column bss_internal.snapshot_constraints.part is 'The constraint.';


create or replace view bss_internal.snapshot_indexes
with (security_invoker = true)
as
select
    i.indrelid as relation, c.relname as name,
    jsonb_strip_nulls(
        jsonb_build_object(
            'name', c.relname || case
                when i.indisunique and not i.indimmediate then ' (deferred)' else ''
            end,
            'method', m.amname,
            'keys', (
                select jsonb_agg(
                    jsonb_strip_nulls(
                        jsonb_build_object(
                            'column', coalesce(
                                a.attname, pg_get_indexdef(c.oid, k.position::integer, true)
                            ),
                            'opclass', (
                                select o.opcname from pg_opclass as o
                                where o.oid = k.opclass and not o.opcdefault
                            ),
                            -- the bits of INDOPTION_DESC and INDOPTION_NULLS_FIRST
                            'order', case k.option
                                when 1 then 'DESC NULLS LAST'
                                when 2 then 'NULLS FIRST'
                                when 3 then 'DESC'
                            end
                        )
                    )
                    order by k.position
                )
                from unnest(i.indkey::smallint[], i.indclass::oid[], i.indoption::smallint[])
                    with ordinality as k (number, opclass, option, position)
                left join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.number
                where k.position <= i.indnkeyatts
            ),
            'include', (
                select jsonb_agg(a.attname order by k.position)
                from unnest(i.indkey::smallint[]) with ordinality as k (number, position)
                join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.number
                where k.position > i.indnkeyatts
            ),
            'options', to_jsonb(c.reloptions),
            'unique', case when i.indisunique then true end,
            'nulls_not_distinct', case when i.indnullsnotdistinct then true end,
            'where', pg_get_expr(i.indpred, i.indrelid),
            'valid', case when not i.indisvalid then false end
        )
    ) as part
from pg_index as i
join pg_class as c on c.oid = i.indexrelid
join pg_am as m on m.oid = c.relam
where
    not exists (
        select from pg_constraint as k
        where
            k.conrelid = i.indrelid and k.conindid = i.indexrelid
            and k.contype in ('p', 'u', 'x')
    );
comment on view bss_internal.snapshot_indexes is
    'Gives the indexes of every table, as the compiler''s model has them.';
comment on column bss_internal.snapshot_indexes.relation is 'The table.';
comment on column bss_internal.snapshot_indexes.name is
    'The name of the index; a snapshot has the parts of a table in its order.';
comment on column bss_internal.snapshot_indexes.part is 'The index.';


create or replace view bss_internal.snapshot_policies
with (security_invoker = true)
as
select
    p.polrelid as relation, p.polname as name,
    jsonb_strip_nulls(
        jsonb_build_object(
            'name', p.polname,
            'command', case p.polcmd
                when 'r' then 'SELECT' when 'a' then 'INSERT'
                when 'w' then 'UPDATE' when 'd' then 'DELETE' else 'ALL'
            end || case when p.polpermissive then '' else ' RESTRICTIVE' end,
            'roles', (
                select coalesce(jsonb_agg(r.rolname order by r.rolname collate "C"), '[]')
                from pg_roles as r where r.oid = any (p.polroles)
            ),
            'using', coalesce(pg_get_expr(p.polqual, p.polrelid), ''),
            'check', pg_get_expr(p.polwithcheck, p.polrelid)
        )
    ) as part
from pg_policy as p;
comment on view bss_internal.snapshot_policies is
    'Gives the policies of every table, as the compiler''s model has them.';
comment on column bss_internal.snapshot_policies.relation is 'The table.';
comment on column bss_internal.snapshot_policies.name is
    'The name of the policy; a snapshot has the parts of a table in its order.';
comment on column bss_internal.snapshot_policies.part is 'The policy.';


create or replace view bss_internal.snapshot_grants
with (security_invoker = true)
as
select
    g.relation, g.role as name,
    jsonb_build_object(
        'role', g.role, 'privileges', jsonb_agg(g.privilege order by g.privilege collate "C")
    ) as part
from (
    select
        c.oid as relation,
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
    where x.grantee <> c.relowner
    union all
    select c.oid as relation, c.relowner::regrole::text as role, 'OWNERSHIP'::text as privilege
    from pg_class as c
    where pg_get_userbyid(c.relowner) <> 'bss_owner'
) as g
group by g.relation, g.role;
comment on view bss_internal.snapshot_grants is
    'Gives who may do what with every table or its columns, besides bss_owner, whose it should be.';
comment on column bss_internal.snapshot_grants.relation is 'The table.';
comment on column bss_internal.snapshot_grants.name is
    'The name of the grant; a snapshot has the parts of a table in its order.';
comment on column bss_internal.snapshot_grants.part is 'The grant.';


-- In PL/pgSQL, so that it is planned where it is called, which is where a login is bound.
create or replace function bss_internal.is_bound(login oid, schema_name name)
    returns boolean
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return exists (
        select from bss_metadata.logins as l
        join bss_metadata.tenants as t on t.id = l.tenant_id
        where l.login = is_bound.login and t.schema_name = is_bound.schema_name
    );
end
$$;
comment on function bss_internal.is_bound(oid, name) is
    'Says whether a login is bound to the tenant of a schema.';


create or replace view bss_internal.schema_grants
with (security_invoker = true)
as
select
    n.oid as schema,
    format('%s %s %s', x.grantee::regrole, x.privilege_type, x.is_grantable) as line
from pg_namespace as n
cross join aclexplode(n.nspacl) as x
where
    x.grantee <> n.nspowner
    -- which logins are bound to a tenant is not a matter of its schema
    and not (
        x.privilege_type = 'USAGE' and not x.is_grantable
        -- the groups have it on each schema, and are bound to none: they need not be looked up
        and x.grantee::regrole::text not in ('bss_admin', 'bss_analytics', 'bss_app')
        and bss_internal.is_bound(x.grantee, n.nspname)
    );
comment on view bss_internal.schema_grants is
    'Gives who may do what with every schema, besides its owner and the logins of its tenant.';
comment on column bss_internal.schema_grants.schema is 'The schema.';
comment on column bss_internal.schema_grants.line is
    'The grantee, the privilege, and whether it may be handed on.';


create or replace view bss_internal.snapshot_triggers
with (security_invoker = true)
as
select
    t.tgrelid as relation, t.tgname as name,
    jsonb_strip_nulls(
        jsonb_build_object(
            'name', t.tgname,
            'timing', case
                when t.tgtype & 2 <> 0 then 'BEFORE'
                when t.tgtype & 64 <> 0 then 'INSTEAD OF'
                else 'AFTER'
            end || case
                when t.tgenabled <> 'O' then ' (disabled)'
                when t.tgattr <> '' or t.tgnargs > 0 then ' (sometimes)' else ''
            end,
            'events', (
                select jsonb_agg(e.name order by e.bit)
                from (
                    values (4, 'INSERT'), (8, 'DELETE'), (16, 'UPDATE'), (32, 'TRUNCATE')
                ) as e (bit, name)
                where t.tgtype & e.bit <> 0
            ),
            'level', case when t.tgtype & 1 <> 0 then 'ROW' else 'STATEMENT' end,
            -- a function of captures is named by its body
            'function', format('%I.%I', n.nspname, f.proname) || case
                when n.nspname <> 'bss_capture' then ''
                when pg_get_userbyid(f.proowner) <> 'bss_owner' then ' (owned)'
                when f.proname <> 'c_' || md5(f.prosrc) then ' (changed)'
                when not f.prosecdef or f.proconfig is not null then ' (altered)'
                else ''
            end,
            'old_table', t.tgoldtable,
            'new_table', t.tgnewtable,
            -- pg_get_expr() does not print what is about two rows
            'condition', case
                when t.tgqual is not null
                    then substring(
                        pg_get_triggerdef(t.oid) from ' WHEN \((.*)\) EXECUTE FUNCTION '
                    )
            end
        )
    ) as part
from pg_trigger as t
join pg_proc as f on f.oid = t.tgfoid
join pg_namespace as n on n.oid = f.pronamespace
where not t.tgisinternal;
comment on view bss_internal.snapshot_triggers is
    'Gives the triggers of every table, as the compiler''s model has them.';
comment on column bss_internal.snapshot_triggers.relation is 'The table.';
comment on column bss_internal.snapshot_triggers.name is
    'The name of the trigger; a snapshot has the parts of a table in its order.';
comment on column bss_internal.snapshot_triggers.part is 'The trigger.';
