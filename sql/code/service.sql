-- Other services: where they are, and whether they answer. A breaker keeps calls from one that does
-- not: after so many failures in a row there are none, then one to see.

create or replace function bss_internal.find_service(name text)
    returns bss_metadata.services
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _service bss_metadata.services;
begin
    select s.* into _service from bss_metadata.services as s where s.name = find_service.name;
    if not found then
        raise exception using
            errcode = 'SB734',
            message = format('service "%s" does not exist', left(name, 80)),
            hint = 'The services are listed in bss.services.';
    end if;
    return _service;
end
$$;
comment on function bss_internal.find_service(text) is
    'Gives the service of a name; refuses if there is none.';


create or replace function bss_internal.service_fault(service bss_metadata.services)
    returns text
    immutable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return case
        when service.url !~ '^https?://([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*$'
            then 'The URL should be http or https, a host, a port, a path, and nothing else'
        when service.fallback = 'local' and service.name = 'auth'
            then 'Nothing does here what the service does: refuse or queue'
        when service.fallback not in ('refuse', 'local', 'queue')
            or (service.fallback = 'queue' and service.name = 'validation')
            or (service.fallback = 'refuse' and service.name = 'task')
            then 'The fallback should be one that the service has'
        when service.request_timeout not between interval '1 ms' and interval '1 minute'
            then 'The timeout should be from 1 ms to 1 minute'
        when service.max_attempts not between 1 and 100
            then 'The attempts should be from 1 to 100'
        when service.breaker_threshold not between 1 and 1000
            or service.breaker_rest not between interval '1 ms' and interval '1 day'
            then 'The breaker should open after 1 to 1000 failures, for 1 ms to 1 day'
    end;
end
$$;
comment on function bss_internal.service_fault(bss_metadata.services) is
    'Says what keeps a service from being called as it is described; null if nothing does.';


create or replace function bss.set_service(
    name text,
    url text,
    fallback text default null,
    request_timeout interval default null,
    max_attempts integer default null,
    breaker_threshold integer default null,
    breaker_rest interval default null
)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _before bss_metadata.services := bss_internal.find_service(name);
    _after bss_metadata.services;
begin
    perform bss_internal.require_operator();
    select * into _after
    from jsonb_populate_record(
        _before,
        jsonb_strip_nulls(
            jsonb_build_object(
                'fallback', fallback, 'request_timeout', request_timeout,
                'max_attempts', max_attempts, 'breaker_threshold', breaker_threshold,
                'breaker_rest', breaker_rest
            )
        ) || jsonb_build_object('url', rtrim(url, '/'))
    );
    if bss_internal.service_fault(_after) is not null then
        raise exception using
            errcode = 'SB735',
            message = format('service "%s" cannot be called like that', name),
            detail = format('%s.', bss_internal.service_fault(_after)),
            hint = 'Follow DETAIL; nothing has been changed.';
    end if;
    update bss_metadata.services as s
    set
        url = _after.url, fallback = _after.fallback, request_timeout = _after.request_timeout,
        max_attempts = _after.max_attempts, breaker_threshold = _after.breaker_threshold,
        breaker_rest = _after.breaker_rest, failures = 0, open_until = '-infinity'
    where s.name = set_service.name;
    perform bss_internal.audit(
        null, 'service.changed', null, null,
        jsonb_build_object('name', name, 'before', to_jsonb(_before), 'after', to_jsonb(_after))
    );
end
$$;
comment on function bss.set_service(text, text, text, interval, integer, integer, interval) is
    'Says where a service is, null for nowhere, and how it is called; what is null stays as it is.';


create or replace function bss_internal.breaker(service bss_metadata.services)
    returns text
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select case
        when service.failures < service.breaker_threshold then 'closed'
        -- else the clock was set back, or a call is out to see
        when service.open_until > clock_timestamp()
            and service.open_until <= clock_timestamp()
                + greatest(service.breaker_rest, 2 * service.request_timeout)
            then 'open'
        else 'half open'
    end;
end;
comment on function bss_internal.breaker(bss_metadata.services) is
    'Says whether a service is called: closed for yes, open for no, half open for one call.';


create or replace function bss_internal.pass_breaker(service bss_metadata.services)
    returns boolean
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    case bss_internal.breaker(service)
        when 'closed' then return true;
        when 'open' then return false;
        else
            -- of those who find it so, one goes to see; the others wait until it is back, or lost
            update bss_metadata.services as s
            set open_until = clock_timestamp() + 2 * s.request_timeout
            where s.name = service.name and s.open_until = service.open_until;
            return found;
    end case;
end
$$;
comment on function bss_internal.pass_breaker(bss_metadata.services) is
    'Says whether one call may be made now.';


create or replace function bss_internal.note_success(service text)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    update bss_metadata.services as s
    set failures = 0, open_until = '-infinity'
    where s.name = note_success.service and s.failures > 0;
end
$$;
comment on function bss_internal.note_success(text) is 'Closes the breaker of a service.';


create or replace function bss_internal.note_failure(service text, reason text)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    update bss_metadata.services as s
    set
        failures = least(s.failures, 1000000) + 1,
        open_until = case
            when s.failures + 1 >= s.breaker_threshold then clock_timestamp() + s.breaker_rest
            else s.open_until
        end,
        last_failure = left(reason, 1000), last_failed_at = clock_timestamp()
    where s.name = note_failure.service;
end
$$;
comment on function bss_internal.note_failure(text, text) is
    'Counts a failure of a service, and opens its breaker if there were enough in a row.';


create or replace view bss.services
with (security_invoker = true)
as
select
    s.name, s.url, s.fallback, s.request_timeout, s.max_attempts, s.breaker_threshold,
    s.breaker_rest,
    case
        when s.failures < s.breaker_threshold then 'closed'
        when s.open_until > clock_timestamp() then 'open'
        else 'half open'
    end as breaker,
    s.failures, s.last_failure, s.last_failed_at,
    c.waiting as calls_waiting, extract(epoch from clock_timestamp() - c.oldest) as lag_seconds
from bss_metadata.services as s
cross join lateral (
    select count(*) as waiting, min(w.created_at) as oldest
    from bss_metadata.calls as w where w.service = s.name and w.outcome is null
) as c;
comment on view bss.services is
    'Lists the services that BSS calls, whether they answer, and what waits for them.';
comment on column bss.services.name is 'The service.';
comment on column bss.services.url is 'Where it is; null for nowhere.';
comment on column bss.services.fallback is
    'What becomes of a call without an answer: refuse what needs it, do it here (local), or queue.';
comment on column bss.services.request_timeout is 'How long one call may take.';
comment on column bss.services.max_attempts is 'How often a call is tried.';
comment on column bss.services.breaker_threshold is 'How many failures in a row stop the calls.';
comment on column bss.services.breaker_rest is 'How long they stop before one is made to see.';
comment on column bss.services.breaker is
    'Whether it is called: closed for yes, open for no, half open for one call to see.';
comment on column bss.services.failures is 'The failures since it last answered.';
comment on column bss.services.last_failure is 'Why a call failed last.';
comment on column bss.services.last_failed_at is 'When that was.';
comment on column bss.services.calls_waiting is 'The calls that are under way.';
comment on column bss.services.lag_seconds is 'The age of the oldest of them; null for none.';
