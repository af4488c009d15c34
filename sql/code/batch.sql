-- Batches: what a consumer is given, and what it says of it.

create or replace function bss_internal.is_idle(
    name text, held_token bigint, first_id bigint, bound bigint
)
    returns boolean
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _consumer bss_metadata.consumers;
    _from bigint;
begin
    select c.* into _consumer
    from bss_metadata.consumers as c
    where
        c.name = is_idle.name and c.owner_name = session_user
        and c.token = coalesce(held_token, c.token)
        and c.unacknowledged = 0 and c.leased_until <= clock_timestamp() and c.apart = '{}';
    if not found then
        return false;
    end if;
    _from := least(
        _consumer.low, _consumer.position,
        bss_internal.lowest_floor(_consumer.floors, pg_current_snapshot())
    );
    -- what takes long to look through is looked through once, and that is written down
    return _from >= bound - 1000
        and not exists (
            select from bss_internal.heads_of_queues(name) as h where h.is_due
        )
        and not exists (
            select from bss_metadata.outbox as o
            where
                o.id > _from
                and bss_internal.is_unread(
                    o.id, o.xid, o.id <= first_id, _consumer.since, _consumer.until,
                    _consumer.position
                )
        );
end
$$;
comment on function bss_internal.is_idle(text, bigint, bigint, bigint) is
    'Says that there is nothing for a consumer, and nothing about it to be written down.';


create or replace function bss_internal.events_again(consumer bss_metadata.consumers)
    returns table (token bigint, id bigint, tenant text, topic text, attempt integer, event json)
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
#variable_conflict use_column
begin
    return query
    select
        consumer.token, b.id, r.event ->> 'tenantid', r.event ->> 'type', d.attempts + 1, r.event
    from unnest(consumer.batch) with ordinality as b (id, place)
    join bss_metadata.deliveries as d on d.consumer = consumer.name and d.event_id = b.id
    cross join lateral (
        -- one that was a dead letter, whether or not the outbox still has it
        select coalesce(d.event, (select e.event from bss.events as e where e.id = b.id)) as event
        -- evaluated once, not for each column that takes something of it
        offset 0
    ) as r
    order by b.place;
end
$$;
comment on function bss_internal.events_again(bss_metadata.consumers) is
    'Gives what a consumer was handed out once more and has not acknowledged.';


create or replace function bss_internal.hand_out(
    name text, max_events integer, held_token bigint, bound bigint
)
    returns bss_metadata.consumers
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _consumer record := bss_internal.lock_consumer(name);
begin
    if held_token is null then
        perform bss_internal.refuse_second_reader(_consumer);
        _consumer.token := _consumer.token + 1;
        -- one that a crash made forget would be given to another once more
        if current_setting('synchronous_commit') = 'off' then
            perform set_config('synchronous_commit', 'on', true);
        end if;
    else
        perform bss_internal.refuse_lost_lease(_consumer, held_token);
    end if;
    if _consumer.unacknowledged = 0 then
        _consumer := bss_internal.next_batch(_consumer, max_events, bound);
    end if;
    return _consumer;
end
$$;
comment on function bss_internal.hand_out(text, integer, bigint, bigint) is
    'Lets a reader have a consumer, and decides what is in its batch.';


create or replace function bss_internal.lease(consumer bss_metadata.consumers, events integer)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _rest record := consumer;
begin
    if events = 0 then
        _rest.position := consumer.batch_position;
    end if;
    if consumer.stream is not null then
        perform bss_internal.keep_stream(_rest);
        _rest := bss_internal.turn_to(consumer, null);
    end if;
    update bss_metadata.consumers as c
    set
        since = _rest.since, until = _rest.until, low = _rest.low, floors = _rest.floors,
        position = _rest.position, apart = consumer.apart, stream = consumer.stream,
        batch = consumer.batch, token = consumer.token,
        batch_position = consumer.batch_position, unacknowledged = events,
        -- nothing was handed out: there is nothing to keep others from, or to acknowledge
        leased_until = case
            when events = 0 then '-infinity'
            else clock_timestamp() + bss_internal.setting('events.lease')::interval
        end
    where c.name = consumer.name;
end
$$;
comment on function bss_internal.lease(bss_metadata.consumers, integer) is
    'Writes down what a reader was handed out, and leases the consumer to it.';


create or replace function bss.poll(
    name text, max_events integer default 100, held_token bigint default null
)
    returns table (token bigint, id bigint, tenant text, topic text, attempt integer, event json)
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    -- planned once and by index, however many events the planner has heard of
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
    set enable_bitmapscan = off
    set enable_material = off
    set jit = off
    set work_mem = '64MB'
    language plpgsql
as $$
#variable_conflict use_column
declare
    _first_id constant bigint := bss_internal.first_id();
    -- before the consumer is locked, which is the first that this transaction writes
    _bound constant bigint := bss_internal.bound_of_later_ids();
    _consumer bss_metadata.consumers;
    _count integer;
begin
    perform bss_internal.require_batch_size(max_events);
    if bss_internal.is_idle(name, held_token, _first_id, _bound) then
        return;
    end if;
    _consumer := bss_internal.hand_out(name, max_events, held_token, _bound);
    if _consumer.batch <> '{}' then
        return query select e.* from bss_internal.events_again(_consumer) as e;
    else
        return query
        select _consumer.token, e.id, e.tenant, e.topic, 1, e.event
        from bss.events as e
        where
            e.id > _consumer.position and e.id <= _consumer.batch_position
            and bss_internal.is_in_window(
                e.xid, e.id <= _first_id, _consumer.since, _consumer.until
            )
            and bss_internal.is_in_stream(e.tenant_id, _consumer.stream, _consumer.apart)
            and starts_with(e.topic, _consumer.topic_prefix)
            and (_consumer.topic_pattern is null or e.topic ~ _consumer.topic_pattern)
            and (_consumer.tenants is null or e.tenant_id = any (_consumer.tenants))
            and not exists (
                select from bss_metadata.deliveries as d
                where
                    d.consumer = _consumer.name and d.event_id = e.id
                    and d.event_id > _consumer.position
            )
        order by e.id;
    end if;
    get diagnostics _count = row_count;
    perform bss_internal.lease(_consumer, _count);
end
$$;
comment on function bss.poll(text, integer, bigint) is
    'Hands out the next events of a consumer, the same again until they are acknowledged.';


create or replace function bss_internal.require_handed_out(
    consumer bss_metadata.consumers, event_id bigint
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if
        event_id = any (consumer.batch)
        or (
            consumer.batch = '{}' and consumer.unacknowledged > 0
            and event_id <= consumer.batch_position
            and exists (
                select from bss_internal.unread_events(consumer, event_id, null) as e
                where e.id = event_id
            )
        )
    then
        return;
    end if;
    raise exception using
        errcode = 'SB706',
        message = format('event %s is not in the batch', coalesce(event_id::text, 'null')),
        detail = format('Consumer "%s" does not wait for it.', consumer.name),
        hint = 'Name an event that the last poll handed out.';
end
$$;
comment on function bss_internal.require_handed_out(bss_metadata.consumers, bigint) is
    'Refuses an event that is not in the batch that was handed out.';


create or replace function bss_internal.acknowledge_again(
    consumer bss_metadata.consumers, through bigint
)
    returns integer
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    set enable_seqscan = off
    language plpgsql
as $$
declare
    _count integer := coalesce(
        array_position(consumer.batch, through), cardinality(consumer.batch)
    );
    _name text := consumer.name;
    _id bigint;
begin
    -- one by one, which goes by the primary key, however few of them the planner has heard of
    foreach _id in array consumer.batch[:_count] loop
        delete from bss_metadata.deliveries as d where d.consumer = _name and d.event_id = _id;
    end loop;
    update bss_metadata.consumers as c set batch = c.batch[_count + 1:]
    where c.name = _name;
    return _count;
end
$$;
comment on function bss_internal.acknowledge_again(bss_metadata.consumers, bigint) is
    'Acknowledges what was handed out once more, or the part of it that ends with an event.';


create or replace function bss.ack(name text, token bigint, through bigint default null)
    returns integer
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _consumer record := bss_internal.lock_consumer(name);
    _count integer := _consumer.unacknowledged;
    _position bigint := _consumer.batch_position;
begin
    perform bss_internal.refuse_lost_lease(_consumer, token);
    if through is not null then
        perform bss_internal.require_handed_out(_consumer, through);
    end if;
    if _consumer.batch <> '{}' then
        _count := bss_internal.acknowledge_again(_consumer, through);
        _position := _consumer.position;
    elsif through is not null then
        _count := (select count(*) from bss_internal.unread_events(_consumer, through, null));
        if _count < _consumer.unacknowledged then
            _position := through;
        end if;
    elsif _count = 0 then
        _position := _consumer.position;
    end if;
    if _consumer.stream is not null then
        _consumer.position := _position;
        perform bss_internal.keep_stream(_consumer);
    end if;
    update bss_metadata.consumers as c
    set
        position = case when c.stream is null then _position else c.position end,
        unacknowledged = c.unacknowledged - _count,
        leased_until = case
            when c.leased_until > '-infinity'
                then clock_timestamp() + bss_internal.setting('events.lease')::interval
            else c.leased_until
        end,
        acked_at = clock_timestamp()
    where c.name = _consumer.name;
    return _count;
end
$$;
comment on function bss.ack(text, bigint, bigint) is
    'Acknowledges a batch, or the part of it that ends with an event; gives how many that were.';
