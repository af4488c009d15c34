-- The ranges by which tables are partitioned: those that there are, and those that rows need. A
-- document says how long a range is; which ones there are depends on the time, and on the rows.

create or replace view bss_internal.range_tables
with (security_invoker = true)
as
select
    t.id as tenant_id, t.external_id as tenant, t.schema_name, c.relname::text as relation,
    c.oid as relation_id, d.relname::text as default_partition, a.attname::text as key,
    a.atttypid::regtype::text as type, e.value ->> 'interval' as interval
from bss_metadata.tenants as t
cross join lateral bss_internal.schema_in_force(t.id) as s
cross join lateral jsonb_array_elements(s.model -> 'tables') as e
join pg_namespace as n on n.nspname = t.schema_name
join pg_class as c on c.relnamespace = n.oid and c.relname = e.value ->> 'name'
join pg_partitioned_table as p on p.partrelid = c.oid
join pg_class as d on d.oid = p.partdefid
join pg_attribute as a on a.attrelid = c.oid and a.attnum = p.partattrs[0]
where
    t.status <> 'DELETED' and t.isolation <> 'pool'
    and e.value ? 'interval' and not e.value ? 'deprecated';
comment on view bss_internal.range_tables is
    'Lists the tables that are partitioned by range, with the interval that their document says.';
comment on column bss_internal.range_tables.tenant_id is 'The tenant.';
comment on column bss_internal.range_tables.tenant is 'Its external id.';
comment on column bss_internal.range_tables.schema_name is 'Its schema.';
comment on column bss_internal.range_tables.relation is 'The table.';
comment on column bss_internal.range_tables.relation_id is 'The oid of the table.';
comment on column bss_internal.range_tables.default_partition is 'Its default partition.';
comment on column bss_internal.range_tables.key is 'The column by which it is partitioned.';
comment on column bss_internal.range_tables.type is 'The type of that column.';
comment on column bss_internal.range_tables.interval is
    'The length of a range: day, week, month, year, or a whole number.';


create or replace function bss_internal.range_at(
    range_table bss_internal.range_tables, value text, step integer
)
    returns table (lower text, upper text)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    set datestyle = 'ISO, MDY'
    set timezone = 'UTC'
    language plpgsql
as $$
declare
    _length numeric;
    _begin timestamptz;
    _end timestamptz;
begin
    if range_table.interval ~ '^[0-9]+$' then
        _length := range_table.interval::numeric;
        lower := (floor(value::numeric / _length) + step) * _length;
        upper := lower::numeric + _length;
        return next;
        return;
    end if;
    _begin := date_trunc(range_table.interval, value::timestamptz)
        + step * concat('1 ', range_table.interval)::interval;
    _end := _begin + concat('1 ', range_table.interval)::interval;
    lower := case range_table.type when 'date' then _begin::date::text else _begin::text end;
    upper := case range_table.type when 'date' then _end::date::text else _end::text end;
    return next;
end
$$;
comment on function bss_internal.range_at(bss_internal.range_tables, text, integer) is
    'Gives the range that a value is in, or one so many steps away; periods are those of UTC.';


create or replace function bss_internal.range_is_free(
    range_table bss_internal.range_tables, lower text, upper text
)
    returns boolean
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    set datestyle = 'ISO, MDY'
    set timezone = 'UTC'
    language sql
begin atomic
    select
        case
            when range_table.type in ('smallint', 'integer', 'bigint')
                then numrange(range_is_free.lower::numeric, range_is_free.upper::numeric)
                    <@ numrange(-h.limit_, h.limit_)
            else true
        end
        and not exists (
            select from bss_metadata.partitions as p
            where
                p.tenant_id = range_table.tenant_id and p.relation = range_table.relation
                and case
                    when range_table.interval ~ '^[0-9]+$'
                        then numrange(p.lower::numeric, p.upper::numeric)
                            && numrange(range_is_free.lower::numeric, range_is_free.upper::numeric)
                    else tstzrange(p.lower::timestamptz, p.upper::timestamptz)
                        && tstzrange(
                            range_is_free.lower::timestamptz, range_is_free.upper::timestamptz
                        )
                end
        )
    from (
        select
            case range_table.type
                when 'smallint' then '32767'::numeric
                when 'integer' then '2147483647'::numeric
                else '9223372036854775807'::numeric
            end as limit_
    ) as h;
end;
comment on function bss_internal.range_is_free(bss_internal.range_tables, text, text) is
    'Says whether the type of a table has a range, and no partition has a part of it.';


create or replace function bss_internal.range_name(
    range_table bss_internal.range_tables, lower text
)
    returns text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    set datestyle = 'ISO, MDY'
    set timezone = 'UTC'
    language sql
begin atomic
    with
    ending (text_) as (
        select concat(
            '_p',
            case range_table.interval
                when 'day' then to_char(range_name.lower::timestamptz, 'YYYY_MM_DD')
                when 'week' then to_char(range_name.lower::timestamptz, 'IYYY_"w"IW')
                when 'month' then to_char(range_name.lower::timestamptz, 'YYYY_MM')
                when 'year' then to_char(range_name.lower::timestamptz, 'YYYY')
                else replace(range_name.lower, '-', 'm')
            end
        )
    ),
    candidate (text_, place) as (
        select range_table.relation || e.text_, 1 from ending as e
        union all
        select
            concat(
                left(range_table.relation, n), '_',
                left(md5(concat_ws('.', range_table.relation, range_name.lower)), 8), e.text_
            ),
            -n + 100
        from ending as e
        cross join generate_series(1, length(range_table.relation)) as n
    )
    select c.text_
    from candidate as c
    where
        octet_length(c.text_) <= 63
        and not exists (
            select from pg_class as r
            join pg_namespace as n on n.oid = r.relnamespace
            where n.nspname = range_table.schema_name and r.relname = c.text_
        )
    order by c.place
    limit 1;
end;
comment on function bss_internal.range_name(bss_internal.range_tables, text) is
    'Gives a name that is free and fits: the table and where the range begins, or with a hash.';


create or replace function bss_internal.values_in_default(range_table bss_internal.range_tables)
    returns setof text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    set datestyle = 'ISO, MDY'
    set timezone = 'UTC'
    language plpgsql
as $$
begin
    if range_table.interval ~ '^[0-9]+$' then
        return query execute format(
            'select distinct (floor(t.%1$I::numeric / %2$L) * %2$L)::text from %3$I.%4$I as t',
            range_table.key, range_table.interval,
            range_table.schema_name, range_table.default_partition
        );
    else
        -- infinity is in no period, and neither is what cannot be printed in four digits
        return query execute format(
            'select distinct date_trunc(%2$L, t.%1$I::timestamptz)::text from %3$I.%4$I as t '
            'where t.%1$I >= %5$L and t.%1$I < %6$L',
            range_table.key, range_table.interval,
            range_table.schema_name, range_table.default_partition, '0001-01-08', '9999-01-01'
        );
    end if;
end
$$;
comment on function bss_internal.values_in_default(bss_internal.range_tables) is
    'Gives a value of each range that rows of the default partition are in.';


create or replace function bss_internal.last_value_in_use(range_table bss_internal.range_tables)
    returns text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _partition record;
    _has_rows boolean;
begin
    if range_table.interval !~ '^[0-9]+$' then
        return now()::text;
    end if;
    for _partition in
        select p.name, p.lower from bss_metadata.partitions as p
        where p.tenant_id = range_table.tenant_id and p.relation = range_table.relation
        order by p.lower::numeric desc
    loop
        execute format(
            'select exists (select from %I.%I)', range_table.schema_name, _partition.name
        )
        into _has_rows;
        if _has_rows then
            return _partition.lower;
        end if;
    end loop;
    return '0';
end
$$;
comment on function bss_internal.last_value_in_use(bss_internal.range_tables) is
    'Gives a value of the last range in use: that of now, or the last one that has rows.';


create or replace function bss_internal.wanted_ranges(
    range_table bss_internal.range_tables, step integer
)
    returns table (lower text, upper text)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select r.lower, r.upper
    from bss_internal.values_in_default(range_table) as v
    cross join lateral bss_internal.range_at(range_table, v, 0) as r
    where step < 0
    union all
    select r.lower, r.upper
    from bss_internal.last_value_in_use(range_table) as v
    cross join lateral bss_internal.range_at(range_table, v, step) as r
    where step >= 0;
end;
comment on function bss_internal.wanted_ranges(bss_internal.range_tables, integer) is
    'Gives the range so many steps after the last one in use; before the first, those of the rows '
    'in the default partition.';
