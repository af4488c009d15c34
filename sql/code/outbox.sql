-- The partitions of the outbox, made ahead and dropped when nobody needs them any more.

create or replace function bss_internal.make_partition(first timestamptz, beyond timestamptz)
    returns text
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _name text := 'outbox_' || to_char(first at time zone 'UTC', 'YYYYMMDDHH24MISS');
begin
    execute format(
        'create table bss_internal.%I (like bss_metadata.outbox including all excluding identity)',
        _name
    );
    execute format(
        'comment on table bss_internal.%I is %L', _name, 'Has the events of a part of the time.'
    );
    -- what came before there was a partition for it
    execute format(
        'with moved as ('
        'delete from bss_internal.outbox_default where created_at >= %L and created_at < %L '
        'returning *) '
        'insert into bss_internal.%I select * from moved',
        first, beyond, _name
    );
    execute format(
        'alter table bss_metadata.outbox attach partition bss_internal.%I for values from (%L) to '
        '(%L)',
        _name, first, beyond
    );
    return _name;
end
$$;
comment on function bss_internal.make_partition(timestamptz, timestamptz) is
    'Makes a partition of the outbox, with what the default partition has of its time.';


create or replace view bss_internal.partitions
with (security_invoker = true)
as
select
    c.oid as partition, c.relname::text as name,
    substring(b.bound from 'FROM \(''([^'']*)''\)')::timestamptz as first,
    substring(b.bound from 'TO \(''([^'']*)''\)')::timestamptz as beyond
from pg_inherits as i
join pg_class as c on c.oid = i.inhrelid
cross join lateral (select pg_get_expr(c.relpartbound, c.oid) as bound) as b
where i.inhparent = 'bss_metadata.outbox'::regclass and b.bound <> 'DEFAULT';
comment on view bss_internal.partitions is 'Lists the partitions of the outbox but the default.';
comment on column bss_internal.partitions.partition is 'The table.';
comment on column bss_internal.partitions.name is 'Its name.';
comment on column bss_internal.partitions.first is 'The time that it begins with.';
comment on column bss_internal.partitions.beyond is 'The time before which it ends.';


create or replace function bss_internal.is_needed(partition_name text)
    returns boolean
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _first_id bigint := (select max(e.first_id) from bss_metadata.epochs as e);
    _last bigint;
    _is_unread boolean;
begin
    execute format('select max(p.id) from bss_internal.%I as p', partition_name) into _last;
    -- nobody writes into it any more, so whoever has not ended has nothing in it
    execute format(
        'select exists (select from bss_internal.streams as s join bss_internal.%I as o on '
        'o.id > least(s.low, s.position, '
        '(select min(f.value::bigint) from jsonb_each_text(s.floors) as f)) '
        'and bss_internal.is_in_stream(o.tenant_id, s.tenant_id, s.apart) '
        'and bss_internal.is_unread(o.id, o.xid, o.id <= $1, s.since, s.until, s.position))',
        partition_name
    ) into _is_unread using _first_id;
    return _is_unread or exists (
        select from bss_metadata.deliveries as d where d.event_id <= _last and d.event is null
    );
end
$$;
comment on function bss_internal.is_needed(text) is
    'Says whether a consumer has not passed a partition of the outbox.';


create or replace function bss.maintain_outbox()
    returns table (action text, partition_name text)
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
#variable_conflict use_column
declare
    _partition record;
    _lock_timeout text := bss_internal.limit_lock_wait();
begin
    perform bss_internal.require_operator();
    perform bss_internal.first_id();
    -- dropped first: that locks the whole outbox, as readers do before they lock its partitions
    for _partition in
        select p.name
        from bss_internal.partitions as p
        where p.beyond < now() - bss_internal.setting('events.retention')::interval
        order by p.first
    loop
        -- waits for those who still write into it
        execute format('lock table bss_internal.%I in share mode', _partition.name);
        if not bss_internal.is_needed(_partition.name) then
            execute format('drop table bss_internal.%I', _partition.name);
            return query select 'dropped'::text, _partition.name::text;
        else
            return query select 'kept for a consumer'::text, _partition.name::text;
        end if;
    end loop;
    for _partition in select w.first, w.beyond from bss_internal.wanted_partitions() as w loop
        return query
        select 'made'::text, bss_internal.make_partition(_partition.first, _partition.beyond);
    end loop;
    perform bss_internal.drop_unused_captures();
    perform set_config('lock_timeout', _lock_timeout, true);
end
$$;
comment on function bss.maintain_outbox() is
    'Makes partitions of the outbox ahead, and drops those that are old and read by all.';


create or replace function bss_internal.wanted_partitions()
    returns table (first timestamptz, beyond timestamptz)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    with period as (
        select greatest(bss_internal.setting('events.partition')::interval, interval '1 minute')
            as length
    ),
    wanted as (
        select date_bin(p.length, now(), timestamptz '2000-01-01 00:00:00+00') + n * p.length
            as first, p.length
        from period as p,
            generate_series(0, bss_internal.setting('events.partitions_ahead')::integer) as n
    )
    select w.first, w.first + w.length
    from wanted as w
    where not exists (
        select from bss_internal.partitions as p
        where p.first < w.first + w.length and w.first < p.beyond
    )
    order by w.first;
end;
comment on function bss_internal.wanted_partitions() is
    'Lists the partitions that there should be now and are not.';
