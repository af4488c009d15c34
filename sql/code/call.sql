-- Calls of other services: asked for here, made by bss work, and answered here. One that is not
-- answered in time is tried again, or given up, as its service says.

create or replace function bss_internal.require_number(number integer)
    returns void
    immutable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if number is null or number not between 1 and 1000 then
        raise exception using
            errcode = 'SB736',
            message = format('number "%s" cannot be used', number),
            hint = 'Ask for 1 to 1000 at a time.';
    end if;
end
$$;
comment on function bss_internal.require_number(integer) is
    'Refuses a number that is none, or too large for one transaction.';


create or replace function bss_internal.is_due(due_at timestamptz)
    returns boolean
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    -- later than anything is put off, if the clock was set back
    select is_due.due_at <= clock_timestamp()
        or is_due.due_at
            > clock_timestamp() + bss_internal.setting('events.retry_delay_limit')::interval;
end;
comment on function bss_internal.is_due(timestamptz) is
    'Says whether the time has come to try something again.';


create or replace function bss_internal.is_leased(leased_until timestamptz, lease interval)
    returns boolean
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    -- later than any lease can end, if the clock was set back
    select coalesce(
        is_leased.leased_until between clock_timestamp() and clock_timestamp() + lease, false
    );
end;
comment on function bss_internal.is_leased(timestamptz, interval) is
    'Says whether a lease that is no longer than this is still on.';


create or replace function bss_internal.call_lease(service bss_metadata.services)
    returns interval
    immutable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
    -- longer than the call can take, so that nobody makes it a second time while it is made
    return 2 * service.request_timeout + interval '10 s';
comment on function bss_internal.call_lease(bss_metadata.services) is
    'Gives how long a call belongs to the worker that makes it.';


create or replace function bss_internal.ask(
    service text, operation text, key text, payload json, tenant_id uuid, correlation_id text
)
    returns bigint
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _id bigint;
begin
    -- until it is either new or found: what is found may be finished at the same time
    loop
        insert into bss_metadata.calls (
            service, operation, key, payload, tenant_id, correlation_id
        )
        values (
            ask.service, ask.operation, ask.key, ask.payload, ask.tenant_id,
            left(
                coalesce(
                    ask.correlation_id, nullif(current_setting('app.correlation_id', true), '')
                ),
                200
            )
        )
        on conflict do nothing
        returning id into _id;
        exit when found;
        select c.id into _id
        from bss_metadata.calls as c
        where
            c.service = ask.service and c.operation = ask.operation and c.key = ask.key
            and c.outcome is null;
        exit when found;
    end loop;
    return _id;
end
$$;
comment on function bss_internal.ask(text, text, text, json, uuid, text) is
    'Has a service called; gives the call, which may be one that is under way.';


create or replace function bss_internal.is_late(
    call bss_metadata.calls, service bss_metadata.services
)
    returns boolean
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select service.fallback <> 'queue'
        and call.created_at + bss_internal.setting('services.patience')::interval
            < clock_timestamp();
end;
comment on function bss_internal.is_late(bss_metadata.calls, bss_metadata.services) is
    'Says whether an answer has been waited for long enough.';


create or replace function bss_internal.give_up_late_calls(asked bss_metadata.services)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    perform bss_internal.give_up(
        c, coalesce(c.reason, 'nobody called the service'), asked.fallback
    )
    from (
        select l.*
        from bss_metadata.calls as l
        where
            l.service = asked.name and l.outcome is null
            and not bss_internal.is_leased(l.leased_until, bss_internal.call_lease(asked))
            and bss_internal.is_late(l, asked)
        for update skip locked
    ) as c;
end
$$;
comment on function bss_internal.give_up_late_calls(bss_metadata.services) is
    'Gives up the calls of a service whose answer has been waited for long enough.';


create or replace function bss_internal.give_up(
    call bss_metadata.calls, reason text, fallback text
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    update bss_metadata.calls as c
    set
        outcome = 'failed', finished_at = clock_timestamp(), leased_until = null,
        reason = left(give_up.reason, 1000)
    where c.id = call.id;
    if call.operation = 'schedule' then
        perform bss_internal.task_not_forwarded(call.key::bigint, give_up.reason, fallback);
    end if;
    perform bss_internal.add_count(call.service || '_service_given_up_total');
end
$$;
comment on function bss_internal.give_up(bss_metadata.calls, text, text) is
    'Gives up a call, and has done here what was to be done there, if that is the fallback.';


create or replace function bss.claim_call(service text, worker text)
    returns table (
        id bigint, token bigint, operation text, url text, request_timeout interval, key text,
        payload json, correlation_id text
    )
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
#variable_conflict use_column
declare
    _service bss_metadata.services := bss_internal.find_service(service);
    _call bss_metadata.calls;
begin
    perform bss_internal.require_operator();
    perform bss_internal.give_up_late_calls(_service);
    select c.* into _call
    from bss_metadata.calls as c
    where
        c.service = _service.name and c.outcome is null and bss_internal.is_due(c.due_at)
        and not bss_internal.is_leased(c.leased_until, bss_internal.call_lease(_service))
    order by c.due_at
    limit 1
    for update skip locked;
    if _call.id is null or _service.url is null or not bss_internal.pass_breaker(_service) then
        return;
    end if;
    return query
    update bss_metadata.calls as c
    set
        token = c.token + 1, attempts = c.attempts + 1, worker = left(claim_call.worker, 200),
        leased_until = clock_timestamp() + bss_internal.call_lease(_service)
    where c.id = _call.id
    returning
        c.id, c.token, c.operation, _service.url, _service.request_timeout, c.key, c.payload,
        c.correlation_id;
end
$$;
comment on function bss.claim_call(text, text) is
    'Gives a worker the next call of a service to make, if there is one and it may be made now.';


create or replace function bss_internal.hold_call(id bigint, token bigint)
    returns bss_metadata.calls
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _call bss_metadata.calls;
begin
    perform bss_internal.require_operator();
    select c.* into _call
    from bss_metadata.calls as c
    where c.id = hold_call.id and c.token = hold_call.token and c.outcome is null
    for update;
    if not found then
        raise exception using
            errcode = 'SB737',
            message = format('lease on call %s was lost', id),
            detail = 'Another worker makes it, or it was given up.',
            hint = 'Drop the answer, and claim another call.';
    end if;
    return _call;
end
$$;
comment on function bss_internal.hold_call(bigint, bigint) is
    'Gives the call that a worker has claimed; refuses if it has lost it.';


create or replace function bss.finish_call(id bigint, token bigint, response jsonb)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _call bss_metadata.calls := bss_internal.hold_call(id, token);
begin
    update bss_metadata.calls as c
    set
        outcome = 'answered', response = finish_call.response, reason = null,
        leased_until = null, finished_at = clock_timestamp()
    where c.id = _call.id;
    case _call.operation
        when 'schedule' then
            update bss_metadata.tasks as t
            set
                status = 'forwarded', result = finish_call.response,
                finished_at = clock_timestamp()
            where t.id = _call.key::bigint and t.status = 'forwarding';
        when 'tenant' then
            update bss_metadata.tenants as t
            set
                config = t.config || jsonb_build_object('auth', finish_call.response),
                updated_at = now()
            where t.id = _call.tenant_id;
            perform bss_internal.audit(
                _call.tenant_id, 'tenant.resolved', _call.created_by, _call.correlation_id,
                jsonb_build_object('call', _call.id)
            );
        else null;
    end case;
    perform bss_internal.note_success(_call.service);
    perform bss_internal.add_count(_call.service || '_service_requests_total');
end
$$;
comment on function bss.finish_call(bigint, bigint, jsonb) is
    'Records the answer to a call, with what follows from it.';


create or replace function bss.fail_call(
    id bigint, token bigint, reason text, is_final boolean default false,
    retry_after interval default '0'
)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _call bss_metadata.calls := bss_internal.hold_call(id, token);
    _service bss_metadata.services := bss_internal.find_service(_call.service);
begin
    perform
        bss_internal.add_count(_service.name || '_service_requests_total'),
        bss_internal.add_count(_service.name || '_service_errors_total');
    -- a service that refuses one call for good is there
    if is_final then
        perform bss_internal.note_success(_service.name);
    else
        perform bss_internal.note_failure(_service.name, reason);
    end if;
    if is_final or (_call.attempts >= _service.max_attempts and _service.fallback <> 'queue') then
        perform bss_internal.give_up(_call, fail_call.reason, _service.fallback);
    else
        update bss_metadata.calls as c
        set
            reason = left(fail_call.reason, 1000), leased_until = null,
            due_at = clock_timestamp() + least(
                greatest(bss_internal.retry_delay(c.attempts), retry_after),
                bss_internal.setting('events.retry_delay_limit')::interval
            )
        where c.id = _call.id;
    end if;
end
$$;
comment on function bss.fail_call(bigint, bigint, text, boolean, interval) is
    'Records that a call failed, to be tried again later unless that is final.';


create or replace function bss.cancel_call(id bigint)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _call bss_metadata.calls;
begin
    perform bss_internal.require_operator();
    select c.* into _call
    from bss_metadata.calls as c where c.id = cancel_call.id and c.outcome is null for update;
    if not found then
        raise exception using
            errcode = 'SB738',
            message = format('call %s is not under way', id),
            hint = 'The calls are listed in bss.service_calls.';
    end if;
    update bss_metadata.calls as c
    set outcome = 'cancelled', leased_until = null, finished_at = clock_timestamp()
    where c.id = _call.id;
    if _call.operation = 'schedule' then
        perform bss_internal.task_not_forwarded(
            _call.key::bigint, 'its call was cancelled', 'local'
        );
    end if;
    perform bss_internal.audit(
        _call.tenant_id, 'call.cancelled', null, _call.correlation_id,
        jsonb_build_object('call', _call.id, 'service', _call.service)
    );
end
$$;
comment on function bss.cancel_call(bigint) is
    'Gives up a call that is under way; a task that was to be forwarded is done here.';


create or replace view bss.service_calls
with (security_invoker = true)
as
select
    c.id, c.service, c.operation, t.external_id as tenant, coalesce(c.outcome, 'waiting') as status,
    c.attempts, c.due_at, c.worker, c.response, c.reason, c.correlation_id, c.created_by,
    c.created_at, c.finished_at
from bss_metadata.calls as c
left join bss_metadata.tenants as t on t.id = c.tenant_id;
comment on view bss.service_calls is 'Lists what was asked of other services, and their answers.';
comment on column bss.service_calls.id is 'The identity of the call.';
comment on column bss.service_calls.service is 'Who is asked.';
comment on column bss.service_calls.operation is 'What is asked.';
comment on column bss.service_calls.tenant is 'The tenant that it is about; null for none.';
comment on column bss.service_calls.status is
    'Whether it is waiting, answered, failed or cancelled.';
comment on column bss.service_calls.attempts is 'How often it was tried.';
comment on column bss.service_calls.due_at is 'When it is tried next.';
comment on column bss.service_calls.worker is 'Who tried it last.';
comment on column bss.service_calls.response is 'The answer.';
comment on column bss.service_calls.reason is 'Why it failed last.';
comment on column bss.service_calls.correlation_id is 'The request that it belongs to.';
comment on column bss.service_calls.created_by is 'The login that asked for it.';
comment on column bss.service_calls.created_at is 'When that was.';
comment on column bss.service_calls.finished_at is 'When it was answered or given up.';
