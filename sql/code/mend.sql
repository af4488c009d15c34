-- What steps of a repair call: it mends what no model knows by name, such as rules, and what the
-- partitions of ranges are, which are in no model.

create or replace function bss_internal.drop_rules(schema_name text, relation text)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _rule record;
begin
    for _rule in
        select r.rulename as name
        from pg_rewrite as r
        where r.ev_class = to_regclass(format('%I.%I', schema_name, drop_rules.relation))
    loop
        execute format('drop rule %I on %I.%I', _rule.name, schema_name, relation);
    end loop;
end
$$;
comment on function bss_internal.drop_rules(text, text) is 'Drops all rules of a table.';


create or replace function bss_internal.restore_check_privileges(name text)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _grant record;
begin
    for _grant in
        select distinct coalesce(r.rolname, 'public') as role
        from pg_proc as p
        cross join lateral aclexplode(p.proacl) as a
        left join pg_roles as r on r.oid = a.grantee
        where
            p.oid = to_regproc(format('bss_checks.%I', restore_check_privileges.name))
            and a.grantee <> p.proowner
    loop
        execute format(
            'revoke all on function bss_checks.%I from %I cascade', name, _grant.role
        );
    end loop;
    if starts_with(name, 'v_') then
        execute format(
            'grant execute on function bss_checks.%I to bss_admin, bss_app, bss_tenant', name
        );
    end if;
end
$$;
comment on function bss_internal.restore_check_privileges(text) is
    'Gives a function of checks the privileges that those of its schema are made with, and takes '
    'all from one of a trigger.';


create or replace function bss_internal.parts_of_partition(partition regclass)
    returns table (kind text, name text)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select 'unlogged' as kind, c.relname::text as name
    from pg_class as c
    where c.oid = parts_of_partition.partition and c.relpersistence = 'u'
    union all
    select 'policy' as kind, p.polname as name
    from pg_policy as p where p.polrelid = parts_of_partition.partition
    union all
    select distinct 'privileges' as kind, coalesce(r.rolname, 'public') as name
    from pg_class as c
    cross join lateral (
        select x.grantee from aclexplode(c.relacl) as x
        union all
        select x.grantee
        from pg_attribute as a, aclexplode(a.attacl) as x where a.attrelid = c.oid
    ) as g
    left join pg_roles as r on r.oid = g.grantee
    where c.oid = parts_of_partition.partition and g.grantee <> c.relowner
    union all
    select 'rule' as kind, r.rulename as name
    from pg_rewrite as r where r.ev_class = parts_of_partition.partition
    union all
    select
        case t.tgparentid when 0 then 'trigger' else 'disabled trigger' end as kind,
        t.tgname as name
    from pg_trigger as t
    where
        t.tgrelid = parts_of_partition.partition
        and not t.tgisinternal and (t.tgparentid = 0 or t.tgenabled <> 'O')
    union all
    select 'constraint' as kind, k.conname as name
    from pg_constraint as k
    where
        k.conrelid = parts_of_partition.partition and k.contype in ('p', 'u', 'f', 'c', 'x')
        and k.conparentid = 0 and k.coninhcount = 0
    union all
    select 'index' as kind, x.relname as name
    from pg_index as i
    join pg_class as x on x.oid = i.indexrelid
    where
        i.indrelid = parts_of_partition.partition and not x.relispartition
        and not exists (select from pg_constraint as k where k.conindid = x.oid)
    union all
    select 'not null' as kind, a.attname as name
    from pg_inherits as h
    join pg_attribute as a on a.attrelid = h.inhrelid and a.attnum > 0 and a.attnotnull
    join pg_attribute as b on b.attrelid = h.inhparent and b.attname = a.attname
    where h.inhrelid = parts_of_partition.partition and not b.attnotnull;
end;
comment on function bss_internal.parts_of_partition(regclass) is
    'Lists what a partition has of its own, and should have from its table or not at all.';


create or replace function bss_internal.restore_range(
    schema_name text, relation text, partition text
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    with gone as (
        delete from bss_metadata.partitions as p
        using bss_metadata.tenants as t
        where
            t.id = p.tenant_id and t.status <> 'DELETED' and t.isolation <> 'pool'
            and t.schema_name = restore_range.schema_name
            and p.relation = restore_range.relation and p.name = restore_range.partition
        returning p.tenant_id, p.relation, p.name, p.lower, p.upper
    )
    select bss_internal.make_range(r, g.name, g.lower, g.upper)
    from gone as g
    join bss_internal.range_tables as r on r.tenant_id = g.tenant_id and r.relation = g.relation;
end;
comment on function bss_internal.restore_range(text, text, text) is
    'Makes the partition of a range again that is missing; what it held is gone.';


create or replace function bss_internal.restore_partition(
    schema_name text, relation text, partition text
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _partition constant regclass := to_regclass(format('%I.%I', schema_name, partition));
    _part record;
begin
    if _partition is null then
        perform bss_internal.restore_range(schema_name, relation, partition);
        return;
    end if;
    for _part in
        select p.kind, p.name from bss_internal.parts_of_partition(_partition) as p
    loop
        execute case _part.kind
            when 'unlogged' then format('alter table %s set logged', _partition)
            when 'policy' then format('drop policy %I on %s', _part.name, _partition)
            when 'rule' then format('drop rule %I on %s', _part.name, _partition)
            when 'trigger' then format('drop trigger %I on %s', _part.name, _partition)
            when 'disabled trigger'
                then format('alter table %s enable trigger %I', _partition, _part.name)
            when 'constraint'
                then format('alter table %s drop constraint %I', _partition, _part.name)
            when 'index' then format('drop index %I.%I', schema_name, _part.name)
            when 'not null'
                then format('alter table %s alter column %I drop not null', _partition, _part.name)
            else format('revoke all on table %s from %I cascade', _partition, _part.name)
        end;
    end loop;
    perform bss_internal.protect_partition(
        schema_name, to_regclass(format('%I.%I', schema_name, relation)), partition
    );
end
$$;
comment on function bss_internal.restore_partition(text, text, text) is
    'Makes a partition what its table is, or makes it again where it is missing.';
