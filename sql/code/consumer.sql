-- Consumers: who reads events, from where on, and how far each is.
--
-- A consumer reads windows: what one snapshot sees and the one before it does not, in the order of
-- the ids. So nothing is passed over because its transaction ended late, nothing that was rolled
-- back is waited for, and no transaction that stays open holds up the others.

create or replace function bss_internal.topic_pattern(topics text[])
    returns text
    immutable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if
        coalesce(cardinality(topics), 0) not between 1 and 100
        or exists (
            select from unnest(topics) as t
            where
                coalesce(length(t), 0) not between 1 and 200
                or t ~ '[^.*]\*|\*[^.*]|\*\*\*'
        )
    then
        raise exception using
            errcode = 'SB707',
            message = 'topics cannot be used',
            detail = 'A consumer has from 1 to 100 patterns, each from 1 to 200 characters long; '
                '* and ** are words of their own.',
            hint = 'Give an array of topics; * stands for one word, ** for any number of them.';
    end if;
    if '**' = any (topics) or (cardinality(topics) = 1 and topics[1] ~ '^[^*]*\*\*$') then
        return null;
    end if;
    return (
        select format('^(%s)$', string_agg(p.pattern, '|'))
        from (
            select (
                select string_agg(
                    case w.word
                        when '**' then '.*'
                        when '*' then '[^.]*'
                        else regexp_replace(w.word, '([^[:alnum:]_])', '\\\1', 'g')
                    end,
                    '\.' order by w.ordinality
                )
                from regexp_split_to_table(t.topic, '\.') with ordinality as w (word, ordinality)
            ) as pattern
            from unnest(topics) as t (topic)
        ) as p
    );
end
$$;
comment on function bss_internal.topic_pattern(text[]) is
    'Gives the regular expression of patterns of topics; null where their prefix says it all.';


create or replace function bss_internal.topic_prefix(topics text[])
    returns text
    immutable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
    return case
        when cardinality(topics) = 1 then substring(topics[1] from '^[^*]*') else ''
    end;
comment on function bss_internal.topic_prefix(text[]) is
    'Gives what the topics begin with that patterns stand for.';


create or replace function bss_internal.start_position(start text)
    returns bigint
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _time timestamptz;
begin
    if start = 'now' then
        return null;
    elsif start = 'beginning' then
        return 0;
    elsif start ~ '^\d{1,18}$' then
        return greatest(start::bigint - 1, 0);
    end if;
    _time := start::timestamptz;
    return coalesce(
        (select min(o.id) - 1 from bss_metadata.outbox as o where o.created_at >= _time),
        bss_internal.last_event_id()
    );
exception when data_exception then
    raise exception using
        errcode = 'SB708',
        message = format('start "%s" cannot be used', left(start, 80)),
        hint = 'Give now, beginning, a time, or the id of an event.';
end
$$;
comment on function bss_internal.start_position(text) is
    'Gives the id before the first event from a start on; null for what comes from now on.';


create or replace function bss_internal.rewind(consumer text, start text, bound bigint)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _start bigint := bss_internal.start_position(coalesce(start, 'now'));
    _last bigint := bss_internal.last_event_id();
    _now pg_snapshot := bss_internal.present_snapshot();
begin
    update bss_metadata.consumers as c
    set
        since = case when _start is null then _now else '1:1:' end, until = _now,
        position = coalesce(_start, _last), low = bound,
        -- this transaction has only begun to write if there is a bound
        floors = bss_internal.floors(
            _now, 0,
            case
                when bound > 0 then jsonb_build_object(pg_current_xact_id(), bound) else '{}'
            end
        ),
        batch = '{}',
        batch_position = coalesce(_start, _last), unacknowledged = 0, apart = '{}', stream = null,
        token = c.token + 1, leased_until = '-infinity'
    where c.name = rewind.consumer;
    delete from bss_metadata.consumer_streams as s where s.consumer = rewind.consumer;
    delete from bss_metadata.deliveries as d
    where d.consumer = rewind.consumer and d.dead_at is null;
end
$$;
comment on function bss_internal.rewind(text, text, bigint) is
    'Lets a consumer read from a start on, and forgets what it was reading; the bound is that of '
    'later ids.';


create or replace function bss_internal.floors(snapshot pg_snapshot, low bigint, known jsonb)
    returns jsonb
    immutable
    security invoker
    set search_path = pg_catalog, pg_temp
    -- not in SQL, of which each call would be planned anew
    language plpgsql
as $$
begin
    return (
        select coalesce(
            jsonb_object_agg(x.xid::text, coalesce(known -> x.xid::text, to_jsonb(low))), '{}'
        )
        from pg_snapshot_xip(snapshot) as x (xid)
    );
end
$$;
comment on function bss_internal.floors(pg_snapshot, bigint, jsonb) is
    'Gives an id below all those of each transaction in progress, "low" for one that is new.';


create or replace function bss_internal.lowest_floor(floors jsonb, snapshot pg_snapshot)
    returns bigint
    immutable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return (
        select min(f.value::bigint)
        from jsonb_each_text(floors) as f
        where pg_visible_in_snapshot(f.key::xid8, snapshot)
    );
end
$$;
comment on function bss_internal.lowest_floor(jsonb, pg_snapshot) is
    'Gives an id below those of the transactions that have ended in a snapshot; null for none.';


create or replace function bss.subscribe(
    name text, topics text[], tenants text[] default null, start text default 'now'
)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _bound bigint := bss_internal.bound_of_later_ids();
begin
    perform bss_internal.first_id();
    if tenants = '{}' then
        raise exception using
            errcode = 'SB711',
            message = 'no tenant is named',
            hint = 'Name the tenants to read of, or leave them out to read of all.';
    end if;
    insert into bss_metadata.consumers (
        name, topics, topic_prefix, topic_pattern, tenants, since, until, low, position, token
    )
    values (
        subscribe.name, topics, bss_internal.topic_prefix(topics),
        bss_internal.topic_pattern(topics),
        (select array_agg((bss_internal.find_tenant(t)).id) from unnest(tenants) as t),
        '1:1:', '1:1:', 0, 0,
        -- beyond those of an earlier consumer of the name, which somebody may hold still
        (extract(epoch from clock_timestamp()) * 1000000)::bigint
    )
    on conflict do nothing;
    if not found then
        raise exception using
            errcode = 'SB702',
            message = format('consumer "%s" exists already', subscribe.name),
            hint = 'Choose another name, or call bss.unsubscribe() first.';
    end if;
    perform bss_internal.rewind(subscribe.name, start, _bound);
exception when check_violation or not_null_violation then
    raise exception using
        errcode = 'SB709',
        message = format('consumer name "%s" cannot be used', left(subscribe.name, 80)),
        detail = 'It has 1 to 63 letters, digits, dots, hyphens and underscores, and begins with a '
            'letter or a digit.',
        hint = 'Choose a name of that form.';
end
$$;
comment on function bss.subscribe(text, text[], text[], text) is
    'Makes a consumer of the events of topics and tenants, from a start on.';


create or replace function bss_internal.lock_consumer(name text)
    returns bss_metadata.consumers
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _consumer bss_metadata.consumers;
begin
    select c.* into _consumer
    from bss_metadata.consumers as c where c.name = lock_consumer.name for update;
    if not found then
        raise exception using
            errcode = 'SB701',
            message = format('consumer "%s" does not exist', left(name, 80)),
            hint = 'The consumers are listed in bss.consumers; bss.subscribe() makes one.';
    end if;
    if _consumer.owner_name <> session_user and not bss_internal.is_operator() then
        raise exception using
            errcode = 'SB703',
            message = format('consumer "%s" is another login''s', name),
            hint = 'Read as the login that subscribed, or subscribe under another name.';
    end if;
    if _consumer.stream is not null then
        _consumer := bss_internal.turn_to(_consumer, _consumer.stream);
    end if;
    return _consumer;
end
$$;
comment on function bss_internal.lock_consumer(text) is
    'Gives a consumer, for this login, and keeps others from it until the transaction ends.';


create or replace function bss.unsubscribe(name text)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    perform bss_internal.lock_consumer(name);
    delete from bss_metadata.consumers as c where c.name = unsubscribe.name;
end
$$;
comment on function bss.unsubscribe(text) is
    'Gives a consumer up, with its dead letters; the outbox no longer keeps events for it.';


create or replace function bss.replay(name text, start text)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _bound bigint := bss_internal.bound_of_later_ids();
begin
    perform bss_internal.first_id();
    perform bss_internal.lock_consumer(name);
    perform bss_internal.rewind(name, start, _bound);
end
$$;
comment on function bss.replay(text, text) is
    'Lets a consumer read again from a time or an event on; whoever has its lease loses it.';
