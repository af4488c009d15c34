-- Streams: a tenant that writes much is read apart, and takes turns with the others.
--
-- A consumer reads its window in one stream, until so much of what comes next is one tenant's that
-- the others would wait for it. Then that tenant gets a stream of its own, which begins where the
-- first is, and the first leaves it out. A stream that has read its window follows the first into
-- its next; where both have read the same window to its end, they are one again.

-- a SET of search_path would keep the server from inlining the function
create or replace function bss_internal.is_in_window(
    xid xid8, is_older boolean, since pg_snapshot, until pg_snapshot
)
    returns boolean
    immutable parallel safe
    security invoker
    language sql
    return case
        -- from a transaction of another cluster: only a replay reads it again
        when is_older then since::text = '1:1:'
        else pg_visible_in_snapshot(xid, until) and not pg_visible_in_snapshot(xid, since)
    end;
comment on function bss_internal.is_in_window(xid8, boolean, pg_snapshot, pg_snapshot) is
    'Says whether one snapshot sees a transaction and the one before it does not.';


-- a SET of search_path would keep the server from inlining the function
create or replace function bss_internal.is_unread(
    id bigint, xid xid8, is_older boolean, since pg_snapshot, until pg_snapshot, read_through bigint
)
    returns boolean
    immutable parallel safe
    security invoker
    language sql
    return id > read_through and bss_internal.is_in_window(xid, is_older, since, until)
        or not is_older and not pg_visible_in_snapshot(xid, until);
comment on function bss_internal.is_unread(
    bigint, xid8, boolean, pg_snapshot, pg_snapshot, bigint
) is 'Says whether an event is in what is left of a window, or comes after it.';


-- a SET of search_path would keep the server from inlining the function
create or replace function bss_internal.is_in_stream(tenant_id uuid, stream uuid, apart uuid[])
    returns boolean
    immutable parallel safe
    security invoker
    language sql
    return case
        when stream is null then (tenant_id = any (apart)) is not true
        else tenant_id = stream
    end;
comment on function bss_internal.is_in_stream(uuid, uuid, uuid[]) is
    'Says whether events of a tenant are in a stream: its own, or that of those not read apart.';


create or replace view bss_internal.streams
with (security_invoker = true)
as
select
    c.name as consumer, null::uuid as tenant_id, c.apart as apart, c.since as since,
    c.until as until, c.low as low, c.floors as floors, c.position as position
from bss_metadata.consumers as c
union all
select
    s.consumer as consumer, s.tenant_id as tenant_id, '{}'::uuid[] as apart, s.since as since,
    s.until as until, s.low as low, s.floors as floors, s.position as position
from bss_metadata.consumer_streams as s;
comment on view bss_internal.streams is 'Lists what consumers read in turn, and how far each is.';
comment on column bss_internal.streams.consumer is 'The consumer.';
comment on column bss_internal.streams.tenant_id is
    'The tenant; null for all that are not read apart.';
comment on column bss_internal.streams.apart is 'The tenants that are left out of it.';
comment on column bss_internal.streams.since is 'What this snapshot sees has been read.';
comment on column bss_internal.streams.until is 'What this snapshot sees besides is being read.';
comment on column bss_internal.streams.low is
    'An id below those of all transactions that began after the snapshot "until".';
comment on column bss_internal.streams.floors is
    'The same for each transaction that was in progress in it.';
comment on column bss_internal.streams.position is
    'Up to this id, what is being read has been acknowledged.';


create or replace function bss_internal.turn_to(consumer bss_metadata.consumers, stream uuid)
    returns bss_metadata.consumers
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _next record := consumer;
begin
    select s.tenant_id, s.since, s.until, s.low, s.floors, s.position
    into _next.stream, _next.since, _next.until, _next.low, _next.floors, _next.position
    from bss_internal.streams as s
    where s.consumer = turn_to.consumer.name and s.tenant_id is not distinct from turn_to.stream;
    return _next;
end
$$;
comment on function bss_internal.turn_to(bss_metadata.consumers, uuid) is
    'Gives a consumer as it reads a stream: that of a tenant, or of all that are not read apart.';


create or replace function bss_internal.next_stream(consumer bss_metadata.consumers)
    returns bss_metadata.consumers
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if consumer.apart = '{}' then
        return consumer;
    end if;
    return bss_internal.turn_to(
        consumer,
        (
            select a.tenant_id from unnest(consumer.apart) as a (tenant_id)
            where consumer.stream is null or a.tenant_id > consumer.stream
            order by a.tenant_id limit 1
        )
    );
end
$$;
comment on function bss_internal.next_stream(bss_metadata.consumers) is
    'Gives a consumer as it reads the stream whose turn is next.';


create or replace function bss_internal.keep_stream(consumer bss_metadata.consumers)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if consumer.stream is null then
        update bss_metadata.consumers as c
        set
            since = consumer.since, until = consumer.until, low = consumer.low,
            floors = consumer.floors, position = consumer.position
        where c.name = consumer.name;
    else
        update bss_metadata.consumer_streams as s
        set
            since = consumer.since, until = consumer.until, low = consumer.low,
            floors = consumer.floors, position = consumer.position
        where s.consumer = keep_stream.consumer.name and s.tenant_id = keep_stream.consumer.stream;
    end if;
end
$$;
comment on function bss_internal.keep_stream(bss_metadata.consumers) is
    'Writes down how far a consumer is with the stream that it reads.';


create or replace function bss_internal.heavy_tenants(
    consumer bss_metadata.consumers, max_events integer
)
    returns uuid[]
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    -- each stream passes by what is the others', and takes its turn
    _most constant integer := 16;
    -- of fewer, nobody waits for long
    _count constant integer := greatest(max_events, 100);
begin
    return (
        select coalesce(array_agg(h.tenant_id), '{}')
        from (
            select e.tenant_id
            from bss_internal.unread_events(consumer, null, _count) as e
            where e.tenant_id is not null
            group by e.tenant_id
            having 4 * count(*) >= _count
            order by count(*) desc
            limit greatest(
                -- one is left to be read of, if tenants were named
                least(_most, cardinality(consumer.tenants) - 1) - cardinality(consumer.apart), 0
            )
        ) as h
    );
end
$$;
comment on function bss_internal.heavy_tenants(bss_metadata.consumers, integer) is
    'Lists the tenants of which a quarter or more of what comes next is, in a batch or in a '
    'hundred.';


create or replace function bss_internal.set_apart(
    consumer bss_metadata.consumers, max_events integer
)
    returns bss_metadata.consumers
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _heavy uuid[] := bss_internal.heavy_tenants(consumer, max_events);
    _next record := consumer;
begin
    if _heavy <> '{}' then
        insert into bss_metadata.consumer_streams (
            consumer, tenant_id, since, until, low, floors, position
        )
        select
            consumer.name, h.tenant_id, consumer.since, consumer.until, consumer.low,
            consumer.floors, consumer.position
        from unnest(_heavy) as h (tenant_id);
        _next.apart := consumer.apart || _heavy;
        -- it was counted with them
        _next.batch_position := consumer.position;
        _next.unacknowledged := 0;
    end if;
    return _next;
end
$$;
comment on function bss_internal.set_apart(bss_metadata.consumers, integer) is
    'Gives the tenants for which the others would wait streams of their own, if there are any.';


create or replace function bss_internal.merge_streams(consumer bss_metadata.consumers)
    returns bss_metadata.consumers
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _next record := consumer;
begin
    with merged as (
        delete from bss_metadata.consumer_streams as s
        where
            s.consumer = merge_streams.consumer.name
            and s.position = merge_streams.consumer.position
            and s.until::text = merge_streams.consumer.until::text
        returning s.tenant_id
    )
    select coalesce(array_agg(a.tenant_id order by a.place), '{}') into _next.apart
    from unnest(consumer.apart) with ordinality as a (tenant_id, place)
    where not exists (select from merged as m where m.tenant_id = a.tenant_id);
    return _next;
end
$$;
comment on function bss_internal.merge_streams(bss_metadata.consumers) is
    'Reads of tenants no longer apart whose streams have read the same window to its end.';


create or replace function bss_internal.follow_window(consumer bss_metadata.consumers)
    returns bss_metadata.consumers
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _next record := bss_internal.turn_to(consumer, null);
begin
    if _next.until::text = consumer.until::text then
        return consumer;
    end if;
    _next.stream := consumer.stream;
    _next.since := consumer.until;
    _next.position := least(
        consumer.low, bss_internal.lowest_floor(consumer.floors, _next.until)
    );
    return _next;
end
$$;
comment on function bss_internal.follow_window(bss_metadata.consumers) is
    'Gives a stream that has read all of its window the next one, up to where the others are read.';
