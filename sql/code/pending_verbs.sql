-- What operators do with pending steps.

create or replace function bss_internal.open_step(tenant_id uuid)
    returns bss_metadata.pending_steps
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select p.*
    from bss_metadata.pending_steps as p
    where p.tenant_id = open_step.tenant_id and p.finished_at is null
    order by p.version, p.position
    limit 1;
end;
comment on function bss_internal.open_step(uuid) is 'Gives the next step that a tenant waits for.';


create or replace function bss_internal.shown_outcome(
    step bss_metadata.pending_steps, outcome bss_internal.outcome
)
    returns table (
        version integer, step integer, kind text, relation text, outcome text, statement text,
        wait double precision, code text, message text, hint text,
        rows_done bigint, rows_estimated bigint
    )
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select
        p.version, p.position, p.kind, p.relation, outcome.outcome, outcome.statement,
        case outcome.outcome
            -- of several that were in each other's way, not all try again at once
            when 'blocked' then least(0.1 * 2 ^ least(p.attempts, 10), 10) * (0.5 + random())
            else 0
        end,
        outcome.code, outcome.message, outcome.hint, p.rows_done, p.rows_estimated
    from bss_metadata.pending_steps as p
    where (p.tenant_id, p.version, p.position) = (step.tenant_id, step.version, step.position);
end;
comment on function bss_internal.shown_outcome(
    bss_metadata.pending_steps, bss_internal.outcome
) is
    'Gives what became of a step, with how long to wait before the next attempt, in seconds.';


create or replace function bss.run_pending_step(tenant text)
    returns table (
        version integer, step integer, kind text, relation text, outcome text, statement text,
        wait double precision, code text, message text, hint text,
        rows_done bigint, rows_estimated bigint
    )
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants;
    _step bss_metadata.pending_steps;
    _outcome bss_internal.outcome;
    _lock_timeout text;
begin
    perform bss_internal.require_operator();
    _tenant := bss_internal.lock_tenant(tenant);
    _step := bss_internal.open_step(_tenant.id);
    if _step.tenant_id is null then
        return;
    end if;
    _lock_timeout := bss_internal.limit_lock_wait();
    _outcome := case _step.mode
        when 'transaction' then bss_internal.run_transaction(_tenant, _step)
        when 'batch' then bss_internal.run_batch(_tenant, _step)
        else bss_internal.follow_index(_tenant, _step)
    end;
    perform set_config('lock_timeout', _lock_timeout, true);
    return query select o.* from bss_internal.shown_outcome(_step, _outcome) as o;
end
$$;
comment on function bss.run_pending_step(text) is
    'Tries the next pending step of a tenant, or its next batch, and says what came of it; nothing '
    'if none is left.';


create or replace function bss.fail_pending_step(tenant text, failure_code text, failure text)
    returns table (
        version integer, step integer, kind text, relation text, outcome text, statement text,
        wait double precision, code text, message text, hint text,
        rows_done bigint, rows_estimated bigint
    )
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants;
    _step bss_metadata.pending_steps;
    _outcome bss_internal.outcome;
begin
    perform bss_internal.require_operator();
    _tenant := bss_internal.lock_tenant(tenant);
    _step := bss_internal.open_step(_tenant.id);
    if _step.mode is distinct from 'concurrently' then
        return;
    end if;
    _outcome := case
        when failure_code like '23%' then bss_internal.unfit(_tenant, _step, failure)
        else bss_internal.blocked(_tenant, _step, failure)
    end;
    return query
    select o.*
    from bss_internal.shown_outcome(
        _step,
        row(
            _outcome.outcome, bss_internal.clearing(_tenant, _step), _outcome.code,
            _outcome.message, _outcome.hint
        )::bss_internal.outcome
    ) as o;
end
$$;
comment on function bss.fail_pending_step(text, text, text) is
    'Records that the index of a pending step could not be built, and says what is to be cleared '
    'away.';


-- It commits after each step. Such a procedure can neither pin its search_path nor act as its
-- owner, so it does nothing but call, and every name and operator is written with its schema.
create or replace procedure bss.run_pending(tenant text)
    security invoker
    language plpgsql
as $$
declare
    _step record;
begin
    loop
        select s.outcome, s.wait, s.code, s.message, s.hint into _step
        from bss.run_pending_step(run_pending.tenant) as s;
        exit when not found;
        commit;
        if _step.outcome operator(pg_catalog.=) any (array['failed', 'outside']) then
            raise exception using
                errcode = _step.code, message = _step.message, hint = _step.hint;
        end if;
        perform pg_catalog.pg_sleep(_step.wait);
    end loop;
end
$$;
comment on procedure bss.run_pending(text) is
    'Executes the pending steps of a tenant, each in a transaction of its own; refuses one that '
    'must be in none.';


create or replace function bss.cancel_pending(
    tenant text, initiator text default null, correlation_id text default null
)
    returns integer
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    -- what is taken away need not be there yet
    set client_min_messages = warning
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants;
    _step bss_metadata.pending_steps;
    _current bss_metadata.tenant_schemas;
    _undo jsonb;
    _version integer;
    _lock_timeout text;
begin
    perform bss_internal.require_operator();
    _tenant := bss_internal.lock_tenant(tenant);
    _step := bss_internal.open_step(_tenant.id);
    if _step.tenant_id is null then
        raise exception using
            errcode = 'SB420',
            message = format('migration of tenant "%s" has no pending steps', _tenant.external_id),
            hint = 'To take a version back, apply the document of an older one.';
    end if;
    perform bss_internal.refuse_change(_tenant, _step);
    _lock_timeout := bss_internal.limit_lock_wait();
    update bss_metadata.pending_steps as p set state = 'cancelled', finished_at = now()
    where p.tenant_id = _tenant.id and p.finished_at is null;
    select jsonb_agg(u.value order by p.position, u.ordinality) into _undo
    from bss_metadata.pending_steps as p
    cross join lateral jsonb_array_elements(p.undo) with ordinality as u
    where p.tenant_id = _tenant.id and p.version = _step.version;
    perform bss_internal.execute_steps(_tenant, _undo);
    _current := bss_internal.schema_in_force(_tenant.id);
    _version := bss_internal.return_to(_tenant, _current, initiator, correlation_id);
    perform set_config('lock_timeout', _lock_timeout, true);
    return _version;
end
$$;
comment on function bss.cancel_pending(text, text, text) is
    'Gives up a version that has pending steps: takes away what they have made, and goes on to the '
    'document before it as the next version.';


create or replace function bss_internal.return_to(
    tenant bss_metadata.tenants,
    current bss_metadata.tenant_schemas,
    initiator text,
    correlation_id text
)
    returns integer
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    -- the plan begins at what is there, which is what neither version says
    select bss_internal.carry_out(
        tenant, current.version, current.fingerprint,
        bss_internal.make_plan(
            current,
            bss_internal.request_of(
                tenant,
                bss_internal.rollback_request(tenant, current.version - 1)
                || jsonb_build_object('snapshot', bss_internal.snapshot(tenant))
            )
        ),
        initiator, correlation_id,
        (
            select s.blueprint_version
            from bss_metadata.tenant_schemas as s
            where
                s.tenant_id = tenant.id and s.version = current.version - 1
                and s.blueprint = tenant.blueprint
        )
    );
end;
comment on function bss_internal.return_to(
    bss_metadata.tenants, bss_metadata.tenant_schemas, text, text
) is
    'Takes a tenant from whatever its tables are to the document before the one in force.';


create or replace view bss.pending_steps
with (security_invoker = true)
as
select
    t.external_id as tenant, p.version, p.position as step, p.kind, p.relation, p.object, p.mode,
    p.lock, p.state, p.attempts, p.last_error, p.rows_done, p.rows_estimated, p.statement,
    p.started_at, p.finished_at, p.tenant_id
from bss_metadata.pending_steps as p
join bss_metadata.tenants as t on t.id = p.tenant_id;
comment on view bss.pending_steps is
    'Lists the steps in which large tables are migrated, those that are done among them.';
comment on column bss.pending_steps.tenant is 'The external id of the tenant.';
comment on column bss.pending_steps.version is 'The version that the step belongs to.';
comment on column bss.pending_steps.step is 'The order of the step in its version.';
comment on column bss.pending_steps.kind is 'What kind of step it is.';
comment on column bss.pending_steps.relation is 'The table or the partition.';
comment on column bss.pending_steps.object is 'The column, the constraint or the index.';
comment on column bss.pending_steps.mode is
    'Where it is executed: now, in a transaction, in one for each batch of rows, or concurrently.';
comment on column bss.pending_steps.lock is 'The lock that it takes on the table.';
comment on column bss.pending_steps.state is 'How far it is.';
comment on column bss.pending_steps.attempts is 'How often it was tried since it last got on.';
comment on column bss.pending_steps.last_error is 'Why it did not get on.';
comment on column bss.pending_steps.rows_done is 'How many rows it has gone through.';
comment on column bss.pending_steps.rows_estimated is
    'How many rows the table was believed to have.';
comment on column bss.pending_steps.statement is 'The statement.';
comment on column bss.pending_steps.started_at is 'When it was first tried.';
comment on column bss.pending_steps.finished_at is 'When it was done, or cancelled.';
comment on column bss.pending_steps.tenant_id is 'The tenant.';
