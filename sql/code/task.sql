-- Tasks: what is to be done later. Where there is a task service, they are forwarded to it; else,
-- and if it does not take them, whoever claims them here does them.

create or replace function bss_internal.acting_tenant()
    returns uuid
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant_id uuid := bss.current_tenant_id();
begin
    if _tenant_id is null and not bss_internal.is_operator() then
        raise exception using
            errcode = 'SB743',
            message = 'transaction acts for no tenant',
            hint = 'Call bss.use_tenant() at the start of the transaction.';
    end if;
    return _tenant_id;
end
$$;
comment on function bss_internal.acting_tenant() is
    'Gives the tenant that this transaction acts for, null for an operator that acts for none.';


create or replace function bss_internal.task_fault(name text, payload jsonb, due timestamptz)
    returns text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return case
        when (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$') is not true
            then 'Its name should have 1 to 100 letters, digits, dots, hyphens and underscores'
        when payload is null then 'Its payload should not be null'
        when octet_length(payload::text) > bss_internal.setting('tasks.max_bytes')::integer
            then format(
                'Its payload has %s bytes, more than "tasks.max_bytes"',
                octet_length(payload::text)
            )
        when due is null or not isfinite(due) then 'It should be due at some time'
    end;
end
$$;
comment on function bss_internal.task_fault(text, jsonb, timestamptz) is
    'Says what keeps a task from being scheduled; null if nothing does.';


create or replace function bss_internal.refuse_more_tasks(tenant_id uuid)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _limit integer := bss_internal.setting('tasks.limit');
begin
    if exists (
        select from bss_metadata.tasks as t
        where t.tenant_id = refuse_more_tasks.tenant_id and t.finished_at is null
        offset greatest(_limit, 1) - 1
    ) then
        raise exception using
            errcode = 'SB744',
            message = 'tenant has too many tasks',
            detail = format('It has %s that are not finished, as many as "tasks.limit".', _limit),
            hint = 'Finish or cancel some.';
    end if;
end
$$;
comment on function bss_internal.refuse_more_tasks(uuid) is
    'Refuses a tenant that has as many unfinished tasks as it may.';


create or replace function bss.schedule_task(
    name text, payload jsonb default '{}', due timestamptz default now(), key text default null,
    correlation_id text default null
)
    returns bigint
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant_id uuid := bss_internal.acting_tenant();
    _fault text := bss_internal.task_fault(name, payload, due);
    _task bss_metadata.tasks;
begin
    if _fault is not null then
        raise exception using
            errcode = 'SB745',
            message = 'task cannot be scheduled',
            detail = format('%s.', _fault),
            hint = 'Follow DETAIL.';
    end if;
    perform bss_internal.refuse_more_tasks(_tenant_id);
    insert into bss_metadata.tasks (tenant_id, name, key, payload, due_at, correlation_id)
    values (
        _tenant_id, schedule_task.name, left(schedule_task.key, 200), schedule_task.payload,
        schedule_task.due,
        left(
            coalesce(correlation_id, nullif(current_setting('app.correlation_id', true), '')), 200
        )
    )
    on conflict do nothing
    returning * into _task;
    if not found then
        return (
            select t.id from bss_metadata.tasks as t
            where
                t.tenant_id is not distinct from _tenant_id
                and t.key = left(schedule_task.key, 200)
        );
    end if;
    perform bss_internal.forward_task(_task);
    return _task.id;
end
$$;
comment on function bss.schedule_task(text, jsonb, timestamptz, text, text) is
    'Has something done at a time, for the tenant of the transaction; gives the task, which is the '
    'one that there is if the key was used before.';


create or replace function bss_internal.forward_task(task bss_metadata.tasks)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if (select s.url is null from bss_metadata.services as s where s.name = 'task') then
        return;
    end if;
    update bss_metadata.tasks as t set status = 'forwarding' where t.id = task.id;
    perform bss_internal.ask(
        'task', 'schedule', task.id::text,
        json_build_object(
            'name', task.name, 'payload', task.payload, 'dueAt', task.due_at,
            'tenantId', (
                select t.external_id from bss_metadata.tenants as t where t.id = task.tenant_id
            ),
            'correlationId', task.correlation_id
        ),
        task.tenant_id, task.correlation_id
    );
end
$$;
comment on function bss_internal.forward_task(bss_metadata.tasks) is
    'Hands a task to the task service, if there is one.';


create or replace function bss_internal.task_not_forwarded(id bigint, reason text, fallback text)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    update bss_metadata.tasks as t
    set
        status = case fallback when 'local' then 'waiting' else 'dead' end,
        reason = left('not forwarded: ' || task_not_forwarded.reason, 1000),
        finished_at = case when fallback <> 'local' then clock_timestamp() end
    where t.id = task_not_forwarded.id and t.status = 'forwarding';
    if found and fallback = 'local' then
        perform bss_internal.add_count('task_service_fallbacks_total');
    end if;
end
$$;
comment on function bss_internal.task_not_forwarded(bigint, text, text) is
    'Has a task done here that the task service did not take, if that is the fallback.';


create or replace function bss.cancel_task(id bigint)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant_id uuid := bss_internal.acting_tenant();
begin
    update bss_metadata.tasks as t
    set status = 'cancelled', finished_at = clock_timestamp(), leased_until = null
    where
        t.id = cancel_task.id and t.status = 'waiting'
        and (_tenant_id is null or t.tenant_id = _tenant_id);
    if not found then
        raise exception using
            errcode = 'SB747',
            message = format('task %s is not waiting', id),
            hint = 'The tasks that you may see are listed in bss.tasks.';
    end if;
end
$$;
comment on function bss.cancel_task(bigint) is 'Takes back a task that nobody has begun.';


create or replace view bss.tasks
with (security_invoker = true)
as
select
    t.id, o.external_id as tenant, t.name, t.payload, t.status, t.due_at,
    case
        when t.status in ('waiting', 'running')
            then extract(epoch from greatest(clock_timestamp() - t.due_at, interval '0'))
    end as lag_seconds,
    t.attempts, t.worker, t.leased_until, t.result, t.reason, t.key, t.correlation_id, t.created_by,
    t.created_at, t.finished_at, t.tenant_id
from bss_metadata.tasks as t
left join bss_metadata.tenants as o on o.id = t.tenant_id;
comment on view bss.tasks is 'Lists the tasks that the reader may see, and what came of them.';
comment on column bss.tasks.id is 'The identity of the task.';
comment on column bss.tasks.tenant is 'Whose it is; null for one of the installation.';
comment on column bss.tasks.name is 'What is to be done.';
comment on column bss.tasks.payload is 'What is to be known for it.';
comment on column bss.tasks.status is
    'Whether it is forwarding or forwarded to the task service; waiting, running, done or dead '
    'here; or cancelled.';
comment on column bss.tasks.due_at is 'When it is to be done, or tried again.';
comment on column bss.tasks.lag_seconds is 'How long it has been due, while it is not finished.';
comment on column bss.tasks.attempts is 'How often it was claimed.';
comment on column bss.tasks.worker is 'Who has it, or had it last.';
comment on column bss.tasks.leased_until is 'When another may take the lease.';
comment on column bss.tasks.result is 'What came of it.';
comment on column bss.tasks.reason is 'Why it failed last.';
comment on column bss.tasks.key is 'What is scheduled once, however often that is asked for.';
comment on column bss.tasks.correlation_id is 'The request that it belongs to.';
comment on column bss.tasks.created_by is 'The login that scheduled it.';
comment on column bss.tasks.created_at is 'When that was.';
comment on column bss.tasks.finished_at is 'When it was done, given up or cancelled.';
comment on column bss.tasks.tenant_id is 'The tenant.';
