-- The partitions of a table, in the compiler's own form of a model. Those of a range that were
-- made as time went by are in no model: they are left out where they are as they were made, and
-- shown where they are not, or are gone. Whatever a partition has that its table has not is in its
-- name.

create or replace function bss_internal.partition_fault(partition oid, relation oid)
    returns text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select case
        when c.relkind <> 'r' then ' (not a table)'
        when c.relpersistence <> 'p' then ' (unlogged)'
        when c.relnamespace <> o.relnamespace then ' (in another schema)'
        when not (c.relrowsecurity and c.relforcerowsecurity) then ' (without row-level security)'
        when
            (
                select jsonb_agg(p.part order by p.name)
                from bss_internal.snapshot_policies as p where p.relation = c.oid
            )
            is distinct from (
                select jsonb_agg(p.part order by p.name)
                from bss_internal.snapshot_policies as p where p.relation = o.oid
            )
            then ' (with other policies)'
        when exists (select from bss_internal.snapshot_grants as g where g.relation = c.oid)
            then ' (with privileges or an owner of its own)'
        when exists (select from pg_rewrite as r where r.ev_class = c.oid) then ' (with a rule)'
        when
            exists (
                select from pg_trigger as t
                where
                    t.tgrelid = c.oid
                    and (t.tgenabled <> 'O' or (t.tgparentid = 0 and not t.tgisinternal))
            )
            then ' (with triggers of its own)'
        when
            exists (
                select from pg_constraint as k
                where
                    k.conrelid = c.oid and k.contype in ('p', 'u', 'f', 'c', 'x')
                    and ((k.conparentid = 0 and k.coninhcount = 0) or not k.convalidated)
            )
            then ' (with constraints of its own)'
        when
            exists (
                select from pg_index as i
                join pg_class as x on x.oid = i.indexrelid
                where i.indrelid = c.oid and not (x.relispartition and i.indisvalid)
            )
            then ' (with indexes of its own)'
        when
            exists (
                select from pg_attribute as a
                join pg_attribute as b on b.attrelid = o.oid and b.attname = a.attname
                where a.attrelid = c.oid and a.attnum > 0 and a.attnotnull and not b.attnotnull
            )
            then ' (with other columns)' else ''
    end
    from pg_class as c
    cross join pg_class as o
    where c.oid = partition_fault.partition and o.oid = partition_fault.relation;
end;
comment on function bss_internal.partition_fault(oid, oid) is
    'Says what makes a partition another than its table; nothing if it is as it should be.';


create or replace function bss_internal.snapshot_partitions(relation oid)
    returns jsonb
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    set datestyle = 'ISO, MDY'
    set timezone = 'UTC'
    language sql
begin atomic
    with
    own as (
        select o.oid, o.relname, t.id as tenant_id
        from pg_class as o
        join pg_namespace as n on n.oid = o.relnamespace
        left join bss_metadata.tenants as t
            on
                t.schema_name = n.nspname and t.status <> 'DELETED' and t.isolation <> 'pool'
        where o.oid = snapshot_partitions.relation
    ),
    present as (
        select
            c.relname::text as name, own.tenant_id,
            bss_internal.partition_fault(c.oid, own.oid) as fault,
            pg_get_expr(c.relpartbound, c.oid) as bound
        from own
        join pg_inherits as i on i.inhparent = own.oid
        join pg_class as c on c.oid = i.inhrelid
    ),
    kept as (
        select m.name, m.bound
        from own
        join bss_metadata.partitions as m
            on m.tenant_id = own.tenant_id and m.relation = own.relname
    ),
    found as (
        select p.name || p.fault as name, p.bound
        from present as p
        where
            p.fault <> ''
            or not exists (
                select from kept as k where k.name = p.name and k.bound = p.bound
            )
        union all
        select k.name || ' (missing)' as name, k.bound
        from kept as k
        where not exists (select from present as p where p.name = k.name)
    )
    select coalesce(
        jsonb_agg(
            jsonb_build_object('name', f.name, 'bound', f.bound) order by f.name collate "C"
        ),
        '[]'
    )
    from found as f;
end;
comment on function bss_internal.snapshot_partitions(oid) is
    'Gives the partitions of a table, as the compiler''s model has them.';
