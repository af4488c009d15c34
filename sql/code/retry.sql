-- What a consumer could not do: tried again later and later, until it is a dead letter.

create or replace function bss_internal.heads_of_queues(consumer text)
    returns table (queue uuid, event_id bigint, ordinal bigint, is_due boolean)
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
    set enable_bitmapscan = off
    set jit = off
    language plpgsql
as $$
#variable_conflict use_column
declare
    _consumer constant text := consumer;
begin
    return query
    with recursive heads as (
        (
            select d.queue, d.event_id, d.ordinal, d.attempts, d.due_at
            from bss_metadata.deliveries as d
            where d.consumer = _consumer and d.dead_at is null
            order by d.queue, d.ordinal
            limit 1
        )
        union all
        select n.*
        from heads as h
        cross join lateral (
            select d.queue, d.event_id, d.ordinal, d.attempts, d.due_at
            from bss_metadata.deliveries as d
            where d.consumer = _consumer and d.dead_at is null and d.queue > h.queue
            order by d.queue, d.ordinal
            limit 1
        ) as n
    )
    select h.queue, h.event_id, h.ordinal, h.attempts = 0 or bss_internal.is_due(h.due_at)
    from heads as h;
end
$$;
comment on function bss_internal.heads_of_queues(text) is
    'Lists of each tenant what a consumer is to try first, and whether it is time to.';


create or replace function bss_internal.due_events(consumer text, max_events integer)
    returns bigint[]
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
    set enable_bitmapscan = off
    set jit = off
    language plpgsql
as $$
begin
    return (
        with due as materialized (
            select h.queue, h.ordinal from bss_internal.heads_of_queues(consumer) as h
            where h.is_due
        )
        select coalesce(array_agg(e.event_id order by e.ordinal), '{}')
        from (
            select q.event_id, q.ordinal
            from due as h
            cross join lateral (
                select
                    w.event_id, w.ordinal,
                    max(w.attempts) over (order by w.ordinal) as attempts
                from (
                    select d.event_id, d.ordinal, d.attempts
                    from bss_metadata.deliveries as d
                    where
                        d.consumer = due_events.consumer and d.dead_at is null
                        and d.queue = h.queue
                    order by d.ordinal
                    -- all have a share, and who is alone has all
                    limit ceil(max_events / (select count(*) from due)::numeric)
                ) as w
            ) as q
            -- one that failed goes alone, and those behind it when it is through
            where q.attempts = 0 or q.ordinal = h.ordinal
            order by q.ordinal
            limit max_events
        ) as e
    );
end
$$;
comment on function bss_internal.due_events(text, integer) is
    'Lists what a consumer is to try again now, and what waited behind it.';


create or replace function bss_internal.keep_behind(
    consumer bss_metadata.consumers, through bigint
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _queues uuid[];
begin
    select array_agg(h.queue) into _queues
    from bss_internal.heads_of_queues(consumer.name) as h;
    insert into bss_metadata.deliveries (consumer, event_id, tenant_id)
    select consumer.name, e.id, e.tenant_id
    from bss_internal.unread_events(consumer, through, null) as e
    where coalesce(e.tenant_id, '00000000-0000-0000-0000-000000000000') = any (_queues)
    order by e.id;
end
$$;
comment on function bss_internal.keep_behind(bss_metadata.consumers, bigint) is
    'Lets what is new of a tenant wait behind what failed of it.';


create or replace function bss_internal.retry_delay(attempts integer)
    returns interval
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    -- half of it by chance, so that what failed together does not come again together
    select least(
        bss_internal.setting('events.retry_delay')::interval * 2 ^ least(attempts - 1, 30),
        bss_internal.setting('events.retry_delay_limit')::interval
    ) * (0.5 + random() / 2);
end;
comment on function bss_internal.retry_delay(integer) is
    'Gives how long to wait after so many failures.';


create or replace function bss_internal.put_off(
    consumer bss_metadata.consumers, event_id bigint
)
    returns integer
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant_id uuid := (
        select o.tenant_id from bss_metadata.outbox as o where o.id = put_off.event_id
    );
    _last bigint;
    _count integer;
begin
    with put as (
        insert into bss_metadata.deliveries (consumer, event_id, tenant_id)
        select consumer.name, e.id, e.tenant_id
        from bss_internal.unread_events(consumer, consumer.batch_position, null) as e
        where e.id >= put_off.event_id and e.tenant_id is not distinct from _tenant_id
        order by e.id
        returning deliveries.event_id
    )
    select count(*), max(p.event_id) into _count, _last from put as p;
    -- what was taken out of the batch before this is behind it
    with behind as (
        delete from bss_metadata.deliveries as d
        where
            d.consumer = put_off.consumer.name and d.event_id > _last
            and d.tenant_id is not distinct from _tenant_id and d.dead_at is null
        returning d.*
    )
    insert into bss_metadata.deliveries (
        consumer, event_id, tenant_id, attempts, due_at, reason, event
    )
    select b.consumer, b.event_id, b.tenant_id, b.attempts, b.due_at, b.reason, b.event
    from behind as b order by b.ordinal;
    return _count;
end
$$;
comment on function bss_internal.put_off(bss_metadata.consumers, bigint) is
    'Takes an event out of a batch, with what its tenant has behind it, to be delivered later.';


create or replace function bss_internal.put_off_again(
    consumer bss_metadata.consumers, event_id bigint
)
    returns integer
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _left bigint[];
begin
    select coalesce(array_agg(b.id order by b.place), '{}') into _left
    from unnest(consumer.batch) with ordinality as b (id, place)
    join bss_metadata.deliveries as d on d.consumer = consumer.name and d.event_id = b.id
    join bss_metadata.deliveries as f
        on f.consumer = consumer.name and f.event_id = put_off_again.event_id
    where
        b.place < array_position(consumer.batch, put_off_again.event_id)
        or d.tenant_id is distinct from f.tenant_id;
    update bss_metadata.consumers as c set batch = _left where c.name = consumer.name;
    return cardinality(consumer.batch) - cardinality(_left);
end
$$;
comment on function bss_internal.put_off_again(bss_metadata.consumers, bigint) is
    'Does so with an event that was handed out once more.';


create or replace function bss.nack(name text, token bigint, id bigint, reason text)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _consumer record := bss_internal.lock_consumer(name);
    _again boolean := _consumer.batch <> '{}';
    _count integer;
begin
    perform bss_internal.refuse_lost_lease(_consumer, token);
    perform bss_internal.require_handed_out(_consumer, id);
    if _again then
        _count := bss_internal.put_off_again(_consumer, id);
    else
        _count := bss_internal.put_off(_consumer, id);
    end if;
    perform bss_internal.count_failure(_consumer.name, id, reason);
    if not _again and _consumer.unacknowledged = _count then
        _consumer.position := _consumer.batch_position;
    end if;
    if _consumer.stream is not null then
        perform bss_internal.keep_stream(_consumer);
    end if;
    update bss_metadata.consumers as c
    set
        unacknowledged = c.unacknowledged - _count,
        position = case when c.stream is null then _consumer.position else c.position end,
        leased_until = clock_timestamp() + bss_internal.setting('events.lease')::interval
    where c.name = _consumer.name;
end
$$;
comment on function bss.nack(text, bigint, bigint, text) is
    'Says that an event failed, so that it comes again later, with what its tenant has behind it.';


create or replace function bss_internal.count_failure(consumer text, event_id bigint, reason text)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    update bss_metadata.deliveries as d
    set
        attempts = d.attempts + 1, reason = left(count_failure.reason, 1000),
        due_at = clock_timestamp() + bss_internal.retry_delay(d.attempts + 1)
    where d.consumer = count_failure.consumer and d.event_id = count_failure.event_id;
    update bss_metadata.deliveries as d
    set
        dead_at = clock_timestamp(), due_at = null,
        event = coalesce(
            d.event, (select e.event from bss.events as e where e.id = d.event_id)
        )
    where
        d.consumer = count_failure.consumer and d.event_id = count_failure.event_id
        and d.attempts >= bss_internal.setting('events.max_attempts')::integer;
end
$$;
comment on function bss_internal.count_failure(text, bigint, text) is
    'Puts off the next delivery of an event, or makes a dead letter of it.';


create or replace function bss.revive(name text, id bigint default null)
    returns integer
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _consumer bss_metadata.consumers := bss_internal.lock_consumer(name);
    _count integer;
begin
    update bss_metadata.deliveries as d
    set dead_at = null, attempts = 0
    where
        d.consumer = _consumer.name and d.dead_at is not null
        and (revive.id is null or d.event_id = revive.id);
    get diagnostics _count = row_count;
    return _count;
end
$$;
comment on function bss.revive(text, bigint) is
    'Lets dead letters of a consumer be delivered again; gives how many.';
