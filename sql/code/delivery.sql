-- Deliveries: a batch is handed out, and acknowledged, or it comes again. What fails is tried again
-- later, and what the same tenant has behind it waits; the others go on.
--
-- A batch is either what is new, which is known by the positions that it lies between, or what is
-- tried again, which is listed. A window that was read to its end was so up to the highest bigint.

create or replace function bss_internal.open_window(
    consumer bss_metadata.consumers, bound bigint
)
    returns bss_metadata.consumers
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _now pg_snapshot := bss_internal.present_snapshot();
    _next record := consumer;
begin
    if consumer.apart <> '{}' then
        _next := bss_internal.merge_streams(consumer);
    end if;
    _next.since := consumer.until;
    _next.until := _now;
    _next.low := greatest(consumer.low, bound);
    _next.floors := bss_internal.floors(
        _now, consumer.low,
        -- this transaction has only begun to write if there is a bound
        consumer.floors || case
            when bound > 0 then jsonb_build_object(pg_current_xact_id(), _next.low) else '{}'
        end
    );
    -- from where those wrote that have ended meanwhile
    _next.position := least(consumer.low, bss_internal.lowest_floor(consumer.floors, _now));
    return _next;
end
$$;
comment on function bss_internal.open_window(bss_metadata.consumers, bigint) is
    'Gives a consumer that has read all of its window the next one, of what came since; the bound '
    'is that of later ids.';


create or replace function bss_internal.unread_events(
    consumer bss_metadata.consumers, through bigint, max_events integer
)
    returns table (id bigint, tenant_id uuid)
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    -- planned once and by index, however many events the planner has heard of
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
    set enable_material = off
    set jit = off
    language plpgsql
as $$
#variable_conflict use_column
declare
    _through bigint := coalesce(through, 9223372036854775807);
    _first_id bigint := (select max(e.first_id) from bss_metadata.epochs as e);
begin
    return query
    select o.id, o.tenant_id
    from bss_metadata.outbox as o
    where
        o.id > consumer.position and o.id <= _through
        -- nothing else is asked of what is in another stream, which may be very many
        and case
            when bss_internal.is_in_stream(o.tenant_id, consumer.stream, consumer.apart)
                then
                    starts_with(o.topic, consumer.topic_prefix)
                    and bss_internal.is_in_window(
                        o.xid, o.id <= _first_id, consumer.since, consumer.until
                    )
                    and (consumer.topic_pattern is null or o.topic ~ consumer.topic_pattern)
                    and (consumer.tenants is null or o.tenant_id = any (consumer.tenants))
        end
        and not exists (
            select from bss_metadata.deliveries as d
            where
                d.consumer = consumer.name and d.event_id = o.id
                and d.event_id > consumer.position
        )
    order by o.id
    limit max_events;
end
$$;
comment on function bss_internal.unread_events(bss_metadata.consumers, bigint, integer) is
    'Lists what comes next in the window of a consumer.';


create or replace function bss_internal.read_on(
    consumer bss_metadata.consumers, max_events integer, bound bigint
)
    returns bss_metadata.consumers
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _end_of_window constant bigint := 9223372036854775807;
    _next record := consumer;
    _before bigint;
    _last bigint;
    _most integer;
    _count integer;
begin
    for _window in case when consumer.position = _end_of_window then 2 else 1 end..2 loop
        if _window = 2 then
            _next.position := _end_of_window;
            if consumer.stream is null then
                _next := bss_internal.open_window(_next, bound);
                -- so few that they need not be counted, unless it is others' turn if there are none
                exit when _next.apart = '{}'
                    and bss_internal.last_id_given() - _next.position < max_events;
            else
                _next := bss_internal.follow_window(_next);
            end if;
        end if;
        select coalesce(sum(t.count), 0), min(t.first) - 1, max(t.last),
            max(t.count) filter (where t.tenant_id is not null)
        into _count, _before, _last, _most
        from (
            select e.tenant_id, count(*) as count, min(e.id) as first, max(e.id) as last
            from bss_internal.unread_events(_next, null, max_events) as e
            group by e.tenant_id
        ) as t;
        exit when _count > 0;
    end loop;
    -- what was passed over is not looked through again
    _next.position := coalesce(_before, _next.position);
    _next.batch_position := case when _count = max_events then _last else _end_of_window end;
    _next.unacknowledged := coalesce(_count, 0);
    if
        _next.stream is null and _count = max_events
        and (4 * _most >= max_events or max_events < 100)
    then
        _next := bss_internal.set_apart(_next, max_events);
    end if;
    return _next;
end
$$;
comment on function bss_internal.read_on(bss_metadata.consumers, integer, bigint) is
    'Gives a consumer what comes next in its stream, in this window or the next.';


create or replace function bss_internal.take_turn(
    consumer bss_metadata.consumers, max_events integer, bound bigint, has_waiting boolean
)
    returns bss_metadata.consumers
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _next record := consumer;
begin
    if has_waiting and exists (
        select from bss_metadata.deliveries as d
        where
            d.consumer = take_turn.consumer.name and d.queue = take_turn.consumer.stream
            and d.dead_at is null
    ) then
        _next.batch_position := consumer.position;
        return _next;
    end if;
    loop
        _next := bss_internal.read_on(_next, max_events, bound);
        -- else there are more apart, and what comes next is to be counted without them
        exit when _next.stream is not null
            or _next.unacknowledged > 0 or _next.batch_position > _next.position;
    end loop;
    if has_waiting then
        perform bss_internal.keep_behind(_next, _next.batch_position);
        if not exists (
            select from bss_internal.unread_events(_next, _next.batch_position, 1)
        ) then
            _next.unacknowledged := 0;
        end if;
    end if;
    return _next;
end
$$;
comment on function bss_internal.take_turn(bss_metadata.consumers, integer, bigint, boolean) is
    'Gives a consumer a batch of its stream, without what waits behind what failed.';


create or replace function bss_internal.next_batch(
    consumer bss_metadata.consumers, max_events integer, bound bigint
)
    returns bss_metadata.consumers
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _next record := consumer;
    _has_waiting constant boolean := exists (
        select from bss_metadata.deliveries as d
        where d.consumer = next_batch.consumer.name and d.dead_at is null
    );
    _apart uuid[] := consumer.apart;
    _passed integer := 0;
begin
    if _has_waiting then
        _next.batch := bss_internal.due_events(consumer.name, max_events);
        if _next.batch <> '{}' then
            return _next;
        end if;
    end if;
    loop
        _next := bss_internal.take_turn(
            bss_internal.next_stream(_next), max_events, bound, _has_waiting
        );
        exit when _next.unacknowledged > 0 or _next.apart = '{}';
        _next.position := _next.batch_position;
        perform bss_internal.keep_stream(_next);
        -- all have a turn once more when there is one more stream, or one less
        _passed := case when _next.apart = _apart then _passed + 1 else 0 end;
        -- last is the stream that the others are merged with
        exit when _next.stream is null and _passed > cardinality(_next.apart);
        _apart := _next.apart;
    end loop;
    return _next;
end
$$;
comment on function bss_internal.next_batch(bss_metadata.consumers, integer, bigint) is
    'Gives a consumer its next batch: what is due again, or what is new in the stream whose turn '
    'it is.';


create or replace function bss_internal.refuse_lost_lease(
    consumer bss_metadata.consumers, token bigint
)
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
comment on function bss_internal.refuse_lost_lease(bss_metadata.consumers, bigint) is
    'Refuses whoever no longer has the lease on a consumer.';


create or replace function bss_internal.refuse_second_reader(consumer bss_metadata.consumers)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if
        consumer.leased_until > clock_timestamp()
        -- else the clock was set back, or the setting made shorter; the token guards the rest
        and consumer.leased_until
            <= clock_timestamp() + bss_internal.setting('events.lease')::interval
    then
        raise exception using
            errcode = 'SB704',
            message = format('consumer "%s" is in use', consumer.name),
            detail = format('The lease ends at %s unless it is renewed.', consumer.leased_until),
            hint = 'Wait, poll with the token of the lease, or read under another name.';
    end if;
end
$$;
comment on function bss_internal.refuse_second_reader(bss_metadata.consumers) is
    'Refuses to lease a consumer to a second reader.';


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
