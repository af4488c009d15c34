-- Who does a task has it for a while, and says what came of it; else another gets it.

create or replace function bss_internal.bury_lost_tasks()
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    with lost as (
        select t.id from bss_metadata.tasks as t
        where
            t.status = 'running'
            and not bss_internal.is_leased(
                t.leased_until, bss_internal.setting('tasks.lease')::interval
            )
            and t.attempts >= bss_internal.setting('tasks.max_attempts')::integer
        for update skip locked
    ),

    buried as (
        update bss_metadata.tasks as t
        set
            status = 'dead', finished_at = clock_timestamp(), leased_until = null,
            reason = 'nobody said what came of it'
        from lost as l
        where t.id = l.id
        returning t.id
    )
    insert into bss_metadata.counts (name, value)
    select 'tasks_dead_total', count(*) from buried as b having count(*) > 0;
end
$$;
comment on function bss_internal.bury_lost_tasks() is
    'Gives up tasks whose workers were lost as often as they may be tried.';


create or replace function bss.claim_tasks(
    worker text, max_tasks integer default 10, names text[] default null
)
    returns table (
        id bigint, token bigint, tenant text, name text, payload jsonb, attempt integer,
        correlation_id text
    )
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    -- by index, however many tasks the planner has heard of
    set enable_seqscan = off
    set enable_bitmapscan = off
    language plpgsql
as $$
#variable_conflict use_column
declare
    _tenant_id uuid := bss_internal.acting_tenant();
    _lease interval := bss_internal.setting('tasks.lease');
begin
    perform bss_internal.require_number(max_tasks);
    perform bss_internal.bury_lost_tasks();
    return query
    with claimed as (
        select t.id from bss_metadata.tasks as t
        where
            t.status in ('waiting', 'running') and t.due_at <= clock_timestamp()
            and not bss_internal.is_leased(t.leased_until, _lease)
            and (_tenant_id is null or t.tenant_id = _tenant_id)
            and (names is null or t.name = any (names))
            and not exists (
                select from bss_metadata.tenants as o
                where o.id = t.tenant_id and o.status <> 'ACTIVE'
            )
        order by t.due_at, t.id
        limit max_tasks
        for update skip locked
    )
    update bss_metadata.tasks as t
    set
        status = 'running', attempts = t.attempts + 1, token = t.token + 1,
        leased_until = clock_timestamp() + _lease, worker = left(claim_tasks.worker, 200)
    from claimed as c
    where t.id = c.id
    returning
        t.id, t.token,
        (select o.external_id from bss_metadata.tenants as o where o.id = t.tenant_id),
        t.name, t.payload, t.attempts, t.correlation_id;
end
$$;
comment on function bss.claim_tasks(text, integer, text[]) is
    'Gives a worker tasks that are due, those of the tenant of the transaction, or all of them to '
    'an operator; they are its own as long as the lease lasts.';


create or replace function bss_internal.hold_task(id bigint, token bigint)
    returns bss_metadata.tasks
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant_id uuid := bss_internal.acting_tenant();
    _task bss_metadata.tasks;
begin
    select t.* into _task
    from bss_metadata.tasks as t
    where
        t.id = hold_task.id and t.token = hold_task.token and t.status = 'running'
        and (_tenant_id is null or t.tenant_id = _tenant_id)
    for update;
    if not found then
        raise exception using
            errcode = 'SB746',
            message = format('lease on task %s was lost', id),
            detail = 'Another worker has it, or it is finished, or it is another tenant''s.',
            hint = 'Undo what was done for it, and claim another.';
    end if;
    return _task;
end
$$;
comment on function bss_internal.hold_task(bigint, bigint) is
    'Gives the task that a worker has claimed; refuses if it has lost it.';


create or replace function bss.extend_task(id bigint, token bigint)
    returns timestamptz
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _task bss_metadata.tasks := bss_internal.hold_task(id, token);
    _until timestamptz := clock_timestamp() + bss_internal.setting('tasks.lease')::interval;
begin
    update bss_metadata.tasks as t set leased_until = _until where t.id = _task.id;
    return _until;
end
$$;
comment on function bss.extend_task(bigint, bigint) is
    'Begins the lease on a task anew, for a worker that takes longer; gives when it ends.';


create or replace function bss.finish_task(id bigint, token bigint, result jsonb default null)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _task bss_metadata.tasks := bss_internal.hold_task(id, token);
begin
    update bss_metadata.tasks as t
    set
        status = 'done', result = finish_task.result, reason = null, leased_until = null,
        finished_at = clock_timestamp()
    where t.id = _task.id;
    perform bss_internal.add_count('tasks_done_total');
end
$$;
comment on function bss.finish_task(bigint, bigint, jsonb) is 'Says that a task is done.';


create or replace function bss.fail_task(
    id bigint, token bigint, reason text, is_final boolean default false
)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _task bss_metadata.tasks := bss_internal.hold_task(id, token);
    _is_dead boolean := coalesce(is_final, false)
        or _task.attempts >= bss_internal.setting('tasks.max_attempts')::integer;
begin
    update bss_metadata.tasks as t
    set
        status = case when _is_dead then 'dead' else 'waiting' end,
        reason = left(fail_task.reason, 1000), leased_until = null,
        due_at = case
            when _is_dead then t.due_at
            else clock_timestamp() + bss_internal.retry_delay(t.attempts)
        end,
        finished_at = case when _is_dead then clock_timestamp() end
    where t.id = _task.id;
    perform bss_internal.add_count('tasks_errors_total');
    perform bss_internal.add_count('tasks_dead_total') where _is_dead;
end
$$;
comment on function bss.fail_task(bigint, bigint, text, boolean) is
    'Says that a task failed; it is tried again later, unless that is final or was the last time.';
