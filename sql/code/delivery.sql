-- Deliveries: a batch is handed out, and acknowledged, or it comes again. What fails is tried again
-- later, and what the same tenant has behind it waits; the others go on.

create or replace function bss_internal.open_window(consumer bss_metadata.consumers)
    returns bss_metadata.consumers
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    -- before the snapshot: what begins after it has higher ids
    _last bigint := bss_internal.last_event_id();
    _now pg_snapshot := bss_internal.present_snapshot();
    _consumer bss_metadata.consumers;
begin
    update bss_metadata.consumers as c
    set
        since = c.until, until = _now, low = greatest(c.low, _last),
        -- from where those wrote that have ended meanwhile
        position = least(
            c.low,
            (
                select min(f.value::bigint)
                from jsonb_each_text(c.floors) as f
                where pg_visible_in_snapshot(f.key::xid8, _now)
            )
        ),
        floors = bss_internal.floors(_now, c.low, c.floors)
    where c.name = consumer.name
    returning * into _consumer;
    return _consumer;
end
$$;
comment on function bss_internal.open_window(bss_metadata.consumers) is
    'Lets a consumer that has read all of its window read what came since.';


create or replace function bss_internal.window_events(
    consumer bss_metadata.consumers, first_id bigint, max_events integer
)
    returns table (id bigint, tenant_id uuid)
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select o.id, o.tenant_id
    from bss_metadata.outbox as o
    where
        o.id > consumer.position
        and case
            -- from a transaction of another cluster: only a replay reads it again
            when o.id <= first_id then consumer.since::text = '1:1:'
            else
                pg_visible_in_snapshot(o.xid, consumer.until)
                and not pg_visible_in_snapshot(o.xid, consumer.since)
        end
        and (consumer.topic_pattern is null or o.topic ~ consumer.topic_pattern)
        and (consumer.tenants is null or o.tenant_id = any (consumer.tenants))
        and not exists (
            select from bss_metadata.deliveries as d
            where d.consumer = consumer.name and d.event_id = o.id
        )
    order by o.id
    limit max_events;
end;
comment on function bss_internal.window_events(bss_metadata.consumers, bigint, integer) is
    'Lists what comes next in the window of a consumer.';


create or replace function bss_internal.due_events(consumer text, max_events integer)
    returns bigint[]
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select coalesce(array_agg(d.event_id order by d.ordinal), '{}')
    from (
        select w.event_id, w.ordinal
        from (
            select
                d.event_id, d.ordinal, d.due_at,
                row_number() over tenant as place, max(d.attempts) over tenant as attempts
            from bss_metadata.deliveries as d
            where d.consumer = due_events.consumer and d.dead_at is null
            window tenant as (partition by d.tenant_id order by d.ordinal)
        ) as w
        -- one that failed goes alone, and those behind it when it is through
        where w.attempts = 0 or (w.place = 1 and w.due_at <= clock_timestamp())
        order by w.ordinal
        limit max_events
    ) as d;
end;
comment on function bss_internal.due_events(text, integer) is
    'Lists what a consumer is to try again now, and what waited behind it.';


create or replace function bss_internal.fill_batch(
    consumer bss_metadata.consumers, max_events integer
)
    returns bss_metadata.consumers
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _consumer bss_metadata.consumers := consumer;
    _first_id bigint := bss_internal.first_id();
    _due bigint[] := bss_internal.due_events(consumer.name, max_events);
    _room integer := max_events - cardinality(_due);
    _ids bigint[];
    _tenants uuid[];
    _blocked text[];
begin
    for _window in 1..2 loop
        exit when _room = 0;
        select array_agg(e.id order by e.id), array_agg(e.tenant_id order by e.id)
        into _ids, _tenants
        from bss_internal.window_events(_consumer, _first_id, _room) as e;
        exit when _ids is not null or _window = 2;
        _consumer := bss_internal.open_window(_consumer);
    end loop;
    select array_agg(distinct coalesce(d.tenant_id::text, '')) into _blocked
    from bss_metadata.deliveries as d where d.consumer = consumer.name and d.dead_at is null;
    if _blocked is not null then
        insert into bss_metadata.deliveries (consumer, event_id, tenant_id)
        select consumer.name, e.id, e.tenant_id
        from unnest(_ids, _tenants) as e (id, tenant_id)
        where coalesce(e.tenant_id::text, '') = any (_blocked)
        order by e.id;
    end if;
    update bss_metadata.consumers as c
    set
        batch = _due || coalesce(
            (
                select array_agg(e.id order by e.id)
                from unnest(_ids, _tenants) as e (id, tenant_id)
                where _blocked is null or coalesce(e.tenant_id::text, '') <> all (_blocked)
            ),
            '{}'
        ),
        batch_position = case
            when _room = 0 then c.position
            when cardinality(_ids) = _room then _ids[_room]
            else greatest(c.low, _ids[cardinality(_ids)])
        end
    where c.name = consumer.name
    returning * into _consumer;
    return _consumer;
end
$$;
comment on function bss_internal.fill_batch(bss_metadata.consumers, integer) is
    'Makes the next batch of a consumer: what is due again, and what is new of other tenants.';


create or replace function bss_internal.refuse_token(consumer bss_metadata.consumers, token bigint)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if consumer.token is distinct from token then
        raise exception using
            errcode = 'SB705',
            message = format('lease on consumer "%s" was lost', consumer.name),
            detail = 'Another took it, or the consumer was rewound; the token is an old one.',
            hint = 'Undo what the batch led to, and poll without a token.';
    end if;
end
$$;
comment on function bss_internal.refuse_token(bss_metadata.consumers, bigint) is
    'Refuses whoever no longer has the lease on a consumer.';


create or replace function bss_internal.require_batch_size(max_events integer)
    returns void
    immutable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if max_events is null or max_events not between 1 and 10000 then
        raise exception using
            errcode = 'SB710',
            message = format('number of events "%s" cannot be used', max_events),
            hint = 'Poll from 1 to 10000 events.';
    end if;
end
$$;
comment on function bss_internal.require_batch_size(integer) is
    'Refuses a number of events that is none, or too many for one batch.';


create or replace function bss_internal.batch_events(consumer bss_metadata.consumers)
    returns table (token bigint, id bigint, tenant text, topic text, attempt integer, event jsonb)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select consumer.token, r.id, r.tenant, r.topic, r.attempt, r.event
    from (
        select b.place, b.id, e.tenant, e.topic, coalesce(d.attempts, 0) + 1 as attempt, e.event
        from unnest(consumer.batch) with ordinality as b (id, place)
        join bss.events as e on e.id = b.id
        left join bss_metadata.deliveries as d
            on d.consumer = consumer.name and d.event_id = b.id
        where d.event is null
        union all
        -- one that was a dead letter, whether or not the outbox still has it
        select
            b.place, b.id, d.event ->> 'tenantid', d.event ->> 'type', d.attempts + 1, d.event
        from unnest(consumer.batch) with ordinality as b (id, place)
        join bss_metadata.deliveries as d
            on d.consumer = consumer.name and d.event_id = b.id
        where d.event is not null
    ) as r
    order by r.place;
end;
comment on function bss_internal.batch_events(bss_metadata.consumers) is
    'Gives what a consumer was handed out and has not acknowledged, in the order of delivery.';


create or replace function bss.poll(
    name text, max_events integer default 100, held_token bigint default null
)
    returns table (token bigint, id bigint, tenant text, topic text, attempt integer, event jsonb)
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
#variable_conflict use_column
declare
    _consumer bss_metadata.consumers;
begin
    perform bss_internal.require_batch_size(max_events);
    _consumer := bss_internal.lock_consumer(name);
    if held_token is not null then
        perform bss_internal.refuse_token(_consumer, held_token);
    elsif _consumer.leased_until > clock_timestamp() then
        raise exception using
            errcode = 'SB704',
            message = format('consumer "%s" is in use', name),
            detail = format('The lease ends at %s unless it is renewed.', _consumer.leased_until),
            hint = 'Wait, poll with the token of the lease, or read under another name.';
    end if;
    if _consumer.batch = '{}' then
        _consumer := bss_internal.fill_batch(_consumer, max_events);
    end if;
    update bss_metadata.consumers as c
    set
        token = c.token + (held_token is null)::integer,
        -- nothing was handed out: there is nothing to keep others from, or to acknowledge
        leased_until = case
            when c.batch = '{}' then '-infinity'
            else clock_timestamp() + bss_internal.setting('events.lease')::interval
        end,
        position = case when c.batch = '{}' then c.batch_position else c.position end
    where c.name = _consumer.name
    returning c.* into _consumer;
    return query select b.* from bss_internal.batch_events(_consumer) as b;
end
$$;
comment on function bss.poll(text, integer, bigint) is
    'Hands out the next events of a consumer, the same again until they are acknowledged.';


create or replace function bss_internal.place_in_batch(
    consumer bss_metadata.consumers, event_id bigint
)
    returns integer
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _place integer := array_position(consumer.batch, event_id);
begin
    if _place is null then
        raise exception using
            errcode = 'SB706',
            message = format('event %s is not in the batch', coalesce(event_id::text, 'null')),
            detail = format('Consumer "%s" does not wait for it.', consumer.name),
            hint = 'Name an event that the last poll handed out.';
    end if;
    return _place;
end
$$;
comment on function bss_internal.place_in_batch(bss_metadata.consumers, bigint) is
    'Gives the place of an event in the batch that was handed out; refuses any other.';


create or replace function bss.ack(name text, token bigint, through bigint default null)
    returns integer
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _consumer bss_metadata.consumers := bss_internal.lock_consumer(name);
    _count integer;
    _again bigint[];
begin
    perform bss_internal.refuse_token(_consumer, token);
    _count := case
        when through is null then cardinality(_consumer.batch)
        else bss_internal.place_in_batch(_consumer, through)
    end;
    with done as (
        delete from bss_metadata.deliveries as d
        where d.consumer = _consumer.name and d.event_id = any (_consumer.batch[:_count])
            and d.dead_at is null
        returning d.event_id
    )
    select array_agg(d.event_id) into _again from done as d;
    update bss_metadata.consumers as c
    set
        batch = c.batch[_count + 1:],
        position = case
            when _count = cardinality(c.batch) then c.batch_position
            else greatest(
                c.position,
                (
                    select max(b.id) from unnest(c.batch[:_count]) as b (id)
                    where b.id <> all (coalesce(_again, '{}'))
                )
            )
        end,
        leased_until = clock_timestamp() + bss_internal.setting('events.lease')::interval,
        acked_at = clock_timestamp()
    where c.name = _consumer.name;
    return _count;
end
$$;
comment on function bss.ack(text, bigint, bigint) is
    'Acknowledges a batch, or the part of it that ends with an event; gives how many that were.';
