-- Events of other services: each is recorded once, and handed to the functions that are registered
-- for its topic. What fails is tried again later.

create or replace function bss_internal.event_time(value text)
    returns timestamptz
    immutable
    security invoker
    set search_path = pg_catalog, pg_temp
    set timezone = 'UTC'
    language plpgsql
as $$
begin
    if
        value ~* '^\d{4}-\d\d-\d\dt([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(z|[+-]\d\d:\d\d)$'
    then
        return value::timestamptz;
    end if;
    return null;
exception when data_exception then
    return null;
end
$$;
comment on function bss_internal.event_time(text) is
    'Gives the time that a text of RFC 3339 says; null for another text.';


create or replace function bss_internal.cloud_event_faults(event jsonb)
    returns setof text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if jsonb_typeof(event) is distinct from 'object' then
        return query select 'It should be an object'::text;
        return;
    end if;
    return query
    select format('"%s" is missing', r.name)
    from unnest(array['specversion', 'id', 'source', 'type']) as r (name)
    where not event ? r.name
    union all
    select format('"%s" should %s', left(a.key, 40), f.should)
    from jsonb_each(event) as a
    cross join lateral bss_internal.attribute_fault(a.key, a.value) as f (should)
    where f.should is not null
    union all
    select '"data" and "data_base64" should not occur together'
    where event ?& array['data', 'data_base64'];
end
$$;
comment on function bss_internal.cloud_event_faults(jsonb) is
    'Lists what keeps a value from being an event of CloudEvents 1.0 in its JSON format.';


create or replace function bss_internal.attribute_fault(name text, value jsonb)
    returns text
    immutable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _text text := value #>> '{}';
    _uri constant text := '([A-Za-z0-9._~:/?#@!$&''()*+,;=\[\]-]|%[0-9A-Fa-f]{2})';
begin
    return case
        when name = 'data' then null
        when name = 'data_base64' then case
            when jsonb_typeof(value) <> 'string'
                or _text !~ '^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$'
                then 'be base64'
        end
        when name !~ '^[a-z0-9]+$' then 'have a name of lower-case letters and digits'
        when name in (
            'specversion', 'id', 'source', 'type', 'subject', 'time', 'datacontenttype',
            'dataschema'
        ) and (jsonb_typeof(value) <> 'string' or _text = '') then 'be a string, and not empty'
        when jsonb_typeof(value) in ('object', 'array') then 'be a string, a number or a boolean'
        when jsonb_typeof(value) = 'number' then case
            when not (_text::numeric % 1 = 0 and _text::numeric between -2147483648 and 2147483647)
                then 'be a whole number of 32 bits'
        end
        when _text ~ '[\u0001-\u001f\u007f-\u009f]' then 'have no control characters'
        when octet_length(_text) > 1000 then 'have at most 1000 bytes'
        when name = 'specversion' and _text <> '1.0' then 'be 1.0'
        when name = 'source' and _text !~ format('^%s+$', _uri) then 'be a URI reference'
        when name = 'dataschema' and _text !~ format('^[A-Za-z][A-Za-z0-9+.-]*:%s+$', _uri)
            then 'be a URI'
        when name = 'time' and bss_internal.event_time(_text) is null
            then 'be a time as RFC 3339 has it'
        when name = 'datacontenttype' and _text !~ '^[!#-''*+.0-9A-Z^-z|~-]+/[!#-''*+.0-9A-Z^-z|~-]+( *;.*)?$'
            then 'be a media type'
    end;
end
$$;
comment on function bss_internal.attribute_fault(text, jsonb) is
    'Says what a member of an event should do that it does not; null if it does.';


create or replace function bss_internal.read_event(cloud_event jsonb)
    returns jsonb
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _bytes integer := octet_length(cloud_event::text);
    _event jsonb := cloud_event;
    _faults text;
begin
    if jsonb_typeof(cloud_event) = 'object' then
        -- what is null is not there
        select coalesce(jsonb_object_agg(m.key, m.value), '{}') into _event
        from jsonb_each(cloud_event) as m where m.key = 'data' or m.value <> 'null';
    end if;
    if _bytes > bss_internal.setting('receive.max_bytes')::integer then
        _faults := format('It has %s bytes, more than "receive.max_bytes"', _bytes);
    else
        select string_agg(f, E'.\n') into _faults
        from bss_internal.cloud_event_faults(_event) as f;
    end if;
    if _faults is not null then
        raise exception using
            errcode = 'SB730',
            message = 'event cannot be used',
            detail = format('%s.', _faults),
            hint = 'Send an event as CloudEvents 1.0 has it, in structured JSON.';
    end if;
    return _event;
end
$$;
comment on function bss_internal.read_event(jsonb) is
    'Gives an event without members that are null; refuses what is none of CloudEvents 1.0.';


create or replace function bss_internal.record_event(event jsonb)
    returns bss_metadata.received_events
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _received bss_metadata.received_events;
begin
    insert into bss_metadata.received_events (
        source, event_id, topic, tenant, event_time, event, correlation_id
    )
    values (
        event ->> 'source', event ->> 'id', event ->> 'type', bss_internal.tenant_of_event(event),
        bss_internal.event_time(event ->> 'time'), event,
        left(coalesce(event ->> 'correlationid', event ->> 'id'), 200)
    )
    -- waits for another delivery that is being handled
    on conflict (source, event_id) do nothing
    returning * into _received;
    return _received;
end
$$;
comment on function bss_internal.record_event(jsonb) is
    'Records an event that was not received before; gives nothing for one that was.';


create or replace function bss.receive_event(cloud_event jsonb)
    returns jsonb
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _event jsonb;
    _received bss_metadata.received_events;
begin
    -- whoever says that a tenant was deleted has it deprovisioned
    perform bss_internal.require_operator();
    _event := bss_internal.read_event(cloud_event);
    _received := bss_internal.record_event(_event);
    if _received.source is not null then
        perform bss_internal.handle_event(_received);
        perform bss_internal.add_count('received_events_total');
    end if;
    return (
        select jsonb_strip_nulls(
            jsonb_build_object('status', r.status, 'result', r.result, 'reason', r.reason)
        )
        from bss_metadata.received_events as r
        where r.source = _event ->> 'source' and r.event_id = _event ->> 'id'
    );
end
$$;
comment on function bss.receive_event(jsonb) is
    'Takes an event of another service and has it handled; one that came before gives the same.';


create or replace function bss_internal.handle_event(received bss_metadata.received_events)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _result jsonb;
    _code text;
    _message text;
begin
    begin
        _result := bss_internal.call_handlers(received);
    exception when others then
        get stacked diagnostics _code = returned_sqlstate, _message = message_text;
    end;
    if _code is not null then
        perform bss_internal.put_off_event(received, _code || ': ' || _message);
        return;
    end if;
    update bss_metadata.received_events as r
    set
        status = case when _result = '{}' then 'ignored' else 'done' end, result = _result,
        attempts = r.attempts + 1, due_at = null, reason = null, finished_at = clock_timestamp()
    where r.source = received.source and r.event_id = received.event_id;
    perform bss_internal.audit(
        null, 'event.received', received.source, received.correlation_id,
        jsonb_build_object(
            'id', received.event_id, 'topic', received.topic, 'tenant', received.tenant,
            'result', _result
        )
    );
end
$$;
comment on function bss_internal.handle_event(bss_metadata.received_events) is
    'Calls the handlers of an event that is held, and records what came of it.';


create or replace function bss_internal.put_off_event(
    received bss_metadata.received_events, reason text
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _attempts integer := received.attempts + 1;
    _is_dead boolean := _attempts >= bss_internal.setting('events.max_attempts')::integer;
begin
    update bss_metadata.received_events as r
    set
        attempts = _attempts, reason = left(put_off_event.reason, 1000),
        status = case when _is_dead then 'dead' else 'waiting' end,
        due_at = case
            when not _is_dead then clock_timestamp() + bss_internal.retry_delay(_attempts)
        end,
        finished_at = case when _is_dead then clock_timestamp() end
    where r.source = received.source and r.event_id = received.event_id;
    perform bss_internal.audit(
        null, case when _is_dead then 'event.dead' else 'event.failed' end, received.source,
        received.correlation_id,
        jsonb_build_object(
            'id', received.event_id, 'topic', received.topic, 'tenant', received.tenant,
            'attempts', _attempts, 'reason', left(put_off_event.reason, 1000)
        )
    );
    perform bss_internal.add_count('received_events_errors_total');
end
$$;
comment on function bss_internal.put_off_event(bss_metadata.received_events, text) is
    'Has an event that could not be handled tried again later, or gives it up.';


create or replace function bss.retry_received(max_events integer default 10)
    returns integer
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _received bss_metadata.received_events;
    _count integer := 0;
begin
    perform bss_internal.require_operator();
    perform bss_internal.require_number(max_events);
    for _received in
        select r.*
        from bss_metadata.received_events as r
        where r.status = 'waiting' and bss_internal.is_due(r.due_at)
        order by r.due_at
        limit max_events
        for update skip locked
    loop
        perform bss_internal.handle_event(_received);
        _count := _count + 1;
    end loop;
    return _count;
end
$$;
comment on function bss.retry_received(integer) is
    'Handles events again that failed before and are due; gives how many.';


create or replace function bss.revive_received(
    source text default null, event_id text default null
)
    returns integer
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _count integer;
begin
    perform bss_internal.require_operator();
    update bss_metadata.received_events as r
    set status = 'waiting', attempts = 0, due_at = clock_timestamp(), finished_at = null
    where
        r.status = 'dead'
        and (revive_received.source is null or r.source = revive_received.source)
        and (revive_received.event_id is null or r.event_id = revive_received.event_id);
    get diagnostics _count = row_count;
    perform bss_internal.audit(
        null, 'event.revived', null, null,
        jsonb_build_object('source', source, 'id', event_id, 'events', _count)
    );
    return _count;
end
$$;
comment on function bss.revive_received(text, text) is
    'Lets events that were given up be handled again, of a source, or one; gives how many.';


create or replace view bss.received_events
with (security_invoker = true)
as
select
    r.source, r.event_id, r.topic, r.tenant, r.status, r.attempts, r.due_at, r.reason, r.result,
    r.correlation_id, r.received_by, r.received_at, r.finished_at, r.event
from bss_metadata.received_events as r;
comment on view bss.received_events is
    'Lists the events of other services, and what came of them; those given up have status dead.';
comment on column bss.received_events.source is 'Who sent it.';
comment on column bss.received_events.event_id is 'Its identity at the source.';
comment on column bss.received_events.topic is 'What kind of event it is.';
comment on column bss.received_events.tenant is 'The tenant that it names; null for none.';
comment on column bss.received_events.status is
    'Whether it is waiting to be tried again, done, ignored because nobody handles it, or dead.';
comment on column bss.received_events.attempts is 'How often its handlers were called.';
comment on column bss.received_events.due_at is 'When they are called again.';
comment on column bss.received_events.reason is 'Why one failed last.';
comment on column bss.received_events.result is 'What each of its handlers gave.';
comment on column bss.received_events.correlation_id is 'The request that it belongs to.';
comment on column bss.received_events.received_by is 'The login that handed it in.';
comment on column bss.received_events.received_at is 'When it was first handed in.';
comment on column bss.received_events.finished_at is 'When it was done or given up.';
comment on column bss.received_events.event is 'The event as CloudEvents 1.0 has it.';
