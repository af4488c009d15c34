-- The attempt at a pending step: one transaction, which holds the tenant and records what came of
-- it, so that it can be interrupted at any point. An index is built by whoever calls, outside of
-- any transaction; what is here says which statement is next, and looks at what came of it.

create or replace function bss_internal.statement_of(step bss_metadata.pending_steps)
    returns table (statement text)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select p.statement
    from bss_metadata.pending_steps as p
    where (p.tenant_id, p.version, p.position) = (step.tenant_id, step.version, step.position);
end;
comment on function bss_internal.statement_of(bss_metadata.pending_steps) is
    'Gives the statement of a step, as the compiler made it and the ledger keeps it.';


create or replace function bss_internal.refuse_change(
    tenant bss_metadata.tenants, step bss_metadata.pending_steps
)
    returns void
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if (
        select s.fingerprint from bss_metadata.tenant_schemas as s
        where s.tenant_id = step.tenant_id and s.version = step.version
    ) <> bss_internal.fingerprint(
        tenant, null, case step.mode when 'concurrently' then step.object end
    ) then
        raise exception using
            errcode = 'SB416',
            message = format(
                'tables of tenant "%s" were changed while it is migrated', tenant.external_id
            ),
            detail = format(
                'They are not as the last step before %s of table "%s" left them.',
                step.kind, step.relation
            ),
            hint = 'Undo what was changed by hand; the migration goes on from there.',
            schema = tenant.schema_name;
    end if;
end
$$;
comment on function bss_internal.refuse_change(
    bss_metadata.tenants, bss_metadata.pending_steps
) is
    'Refuses to go on if somebody else has changed the tables since the last step; the index that '
    'the step builds may be there.';


create or replace function bss_internal.finish_step(
    tenant bss_metadata.tenants, step bss_metadata.pending_steps
)
    returns bss_internal.outcome
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _schema bss_metadata.tenant_schemas;
begin
    update bss_metadata.pending_steps as p
    set state = 'done', last_error = null, finished_at = clock_timestamp()
    where (p.tenant_id, p.version, p.position) = (step.tenant_id, step.version, step.position);
    update bss_metadata.tenant_schemas as s
    set
        fingerprint = bss_internal.fingerprint(tenant),
        steps = s.steps
            || row(step.kind, step.relation, step.statement, clock_timestamp())::bss_metadata.step
    where s.tenant_id = step.tenant_id and s.version = step.version
    returning s.* into _schema;
    if not bss_internal.has_pending(tenant.id) then
        perform bss_internal.prove(tenant, _schema.model, bss_internal.snapshot(tenant));
        perform bss_internal.audit(
            tenant.id, 'schema.completed', _schema.initiator, _schema.correlation_id,
            jsonb_build_object('version', step.version)
        );
    end if;
    return row('done', null, null, null, null)::bss_internal.outcome;
end
$$;
comment on function bss_internal.finish_step(bss_metadata.tenants, bss_metadata.pending_steps) is
    'Records that a step is done, and what the tables are now; after the last one, proves that '
    'they are what the version says.';


create or replace function bss_internal.record_failure(
    step bss_metadata.pending_steps, outcome bss_internal.outcome
)
    returns bss_internal.outcome
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    update bss_metadata.pending_steps as p
    set
        state = case outcome.outcome when 'failed' then 'failed' else 'waiting' end,
        attempts = case outcome.outcome when 'failed' then 0 else step.attempts + 1 end,
        last_error = concat_ws(': ', outcome.code, outcome.message),
        started_at = coalesce(step.started_at, now())
    where (p.tenant_id, p.version, p.position) = (step.tenant_id, step.version, step.position)
    returning outcome;
end;
comment on function bss_internal.record_failure(
    bss_metadata.pending_steps, bss_internal.outcome
) is
    'Records why a step did not get on, and gives that.';


create or replace function bss_internal.blocked(
    tenant bss_metadata.tenants, step bss_metadata.pending_steps, reason text
)
    returns bss_internal.outcome
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select bss_internal.record_failure(
        step,
        row(
            case
                when step.attempts + 1 >= bss_internal.setting('migrate.attempts')::integer
                    then 'failed'
                else 'blocked'
            end,
            null, 'SB417',
            format(
                'table "%s" of tenant "%s" is in use: %s', step.relation, tenant.external_id, reason
            ),
            'Run the migration again when no long transaction uses the table.'
        )::bss_internal.outcome
    );
end;
comment on function bss_internal.blocked(
    bss_metadata.tenants, bss_metadata.pending_steps, text
) is
    'Records that a step was in the way of others, which is a failure after so many attempts.';


create or replace function bss_internal.unfit(
    tenant bss_metadata.tenants, step bss_metadata.pending_steps, reason text
)
    returns bss_internal.outcome
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select bss_internal.record_failure(
        step,
        row(
            'failed', null, 'SB418',
            format(
                'rows of table "%s" of tenant "%s" do not fit: %s',
                step.relation, tenant.external_id, reason
            ),
            'Correct the rows and run the migration again, or call bss.cancel_pending().'
        )::bss_internal.outcome
    );
end;
comment on function bss_internal.unfit(
    bss_metadata.tenants, bss_metadata.pending_steps, text
) is
    'Records that a step failed on the rows of its table.';


create or replace function bss_internal.run_transaction(
    tenant bss_metadata.tenants, step bss_metadata.pending_steps
)
    returns bss_internal.outcome
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    set standard_conforming_strings = on
    set extra_float_digits = 1
    language plpgsql
as $$
declare
    _step record;
begin
    perform bss_internal.refuse_change(tenant, step);
    for _step in select s.statement from bss_internal.statement_of(step) as s loop
        execute _step.statement;
    end loop;
    return bss_internal.finish_step(tenant, step);
exception
    when lock_not_available or deadlock_detected then
        return bss_internal.blocked(tenant, step, sqlerrm);
    when not_null_violation or check_violation or foreign_key_violation or unique_violation then
        return bss_internal.unfit(tenant, step, sqlerrm);
end
$$;
comment on function bss_internal.run_transaction(
    bss_metadata.tenants, bss_metadata.pending_steps
) is
    'Tries a step that takes one transaction.';


create or replace function bss_internal.files_of(
    tenant bss_metadata.tenants, relation text, out files text, out blocks bigint, out batch bigint
)
    returns record
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select
        string_agg(f.number::text, ' ' order by f.number), coalesce(max(f.blocks), 0),
        greatest(
            bss_internal.setting('migrate.batch_rows')::bigint * max(f.blocks)
            / greatest(
                (
                    select e.rows
                    from bss_internal.estimated_size(tenant.schema_name, files_of.relation) as e
                ),
                -- a table that was never analyzed: rows of average length
                sum(f.blocks) * 50
            ),
            1
        )
    from (
        select
            pg_relation_filenode(coalesce(i.inhrelid, t.oid)) as number,
            pg_relation_size(coalesce(i.inhrelid, t.oid))
            / current_setting('block_size')::bigint as blocks
        from pg_class as t
        join pg_namespace as n on n.oid = t.relnamespace
        left join pg_inherits as i on i.inhparent = t.oid
        where n.nspname = tenant.schema_name and t.relname = files_of.relation
    ) as f;
end;
comment on function bss_internal.files_of(bss_metadata.tenants, text) is
    'Gives the files that a table is in, the blocks of the longest, and how many are a batch.';


-- A batch is a range of blocks of the table and of all its partitions, so it takes as long at the
-- end as at the beginning. Rows that are written meanwhile need no filling, wherever they land; if
-- all rows were moved to other files, the batches begin anew.
create or replace function bss_internal.run_batch(
    tenant bss_metadata.tenants, step bss_metadata.pending_steps
)
    returns bss_internal.outcome
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    set standard_conforming_strings = on
    set extra_float_digits = 1
    language plpgsql
as $$
declare
    _files constant record := bss_internal.files_of(tenant, step.relation);
    _is_new constant boolean := step.progress ->> 'files' is distinct from _files.files;
    _next constant bigint := case when _is_new then 0 else (step.progress ->> 'next')::bigint end;
    _last constant bigint := case
        when _is_new then _files.blocks else (step.progress ->> 'last')::bigint
    end;
    _step record;
    _before text;
begin
    -- in here, so that it ends with what fails
    _before := bss_internal.begin_filling();
    if _is_new then
        perform bss_internal.refuse_change(tenant, step);
    end if;
    for _step in select s.statement from bss_internal.statement_of(step) as s loop
        execute _step.statement
        using format('(%s,0)', _next)::tid, format('(%s,0)', _next + _files.batch)::tid;
    end loop;
    perform bss_internal.end_filling(_before);
    update bss_metadata.pending_steps as p
    set
        state = 'running', attempts = 0, last_error = null,
        rows_done = step.rows_estimated * least(_next + _files.batch, _last) / greatest(_last, 1),
        started_at = coalesce(step.started_at, now()),
        progress = jsonb_build_object(
            'files', _files.files, 'next', _next + _files.batch, 'last', _last
        )
    where (p.tenant_id, p.version, p.position) = (step.tenant_id, step.version, step.position);
    if _next + _files.batch < _last then
        return row('more', null, null, null, null)::bss_internal.outcome;
    end if;
    perform bss_internal.refuse_change(tenant, step);
    return bss_internal.finish_step(tenant, step);
exception
    when lock_not_available or deadlock_detected then
        return bss_internal.blocked(tenant, step, sqlerrm);
    when not_null_violation or check_violation or foreign_key_violation or unique_violation then
        return bss_internal.unfit(tenant, step, sqlerrm);
end
$$;
comment on function bss_internal.run_batch(bss_metadata.tenants, bss_metadata.pending_steps) is
    'Writes the next batch of the rows that a step is about.';


create or replace function bss_internal.index_is_valid(
    tenant bss_metadata.tenants, step bss_metadata.pending_steps
)
    returns boolean
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select i.indisvalid
    from pg_index as i
    join pg_class as c on c.oid = i.indexrelid
    where
        c.relname = step.object
        and i.indrelid = to_regclass(format('%I.%I', tenant.schema_name, step.relation));
end;
comment on function bss_internal.index_is_valid(
    bss_metadata.tenants, bss_metadata.pending_steps
) is
    'Says whether the index that a step builds is complete; null if it is not there.';


create or replace function bss_internal.clearing(
    tenant bss_metadata.tenants, step bss_metadata.pending_steps
)
    returns text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    -- no query uses it, but it is kept up to date, and refuses what is not unique
    select format('DROP INDEX CONCURRENTLY %I.%I', tenant.schema_name, step.object)
    where not bss_internal.index_is_valid(tenant, step);
end;
comment on function bss_internal.clearing(bss_metadata.tenants, bss_metadata.pending_steps) is
    'Gives the statement that clears away what an interrupted or failed build has left, if it has.';


create or replace function bss_internal.follow_index(
    tenant bss_metadata.tenants, step bss_metadata.pending_steps
)
    returns bss_internal.outcome
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _is_valid constant boolean := bss_internal.index_is_valid(tenant, step);
begin
    if exists (
        select from pg_locks as l
        where
            l.relation = to_regclass(format('%I.%I', tenant.schema_name, step.relation))
            and l.database
            = (select d.oid from pg_database as d where d.datname = current_database())
            and l.mode = 'ShareUpdateExclusiveLock' and l.granted and l.pid <> pg_backend_pid()
    ) then
        -- it may be the index that another session builds: it is not valid until it is complete
        return bss_internal.blocked(tenant, step, 'another session maintains it');
    end if;
    perform bss_internal.refuse_change(tenant, step);
    if _is_valid then
        return bss_internal.finish_step(tenant, step);
    end if;
    update bss_metadata.pending_steps as p
    set state = 'running', started_at = coalesce(step.started_at, now())
    where (p.tenant_id, p.version, p.position) = (step.tenant_id, step.version, step.position);
    return row(
        'outside',
        coalesce(bss_internal.clearing(tenant, step), step.statement),
        'SB419', format('index "%s" is built outside of transactions', step.object),
        'Run "bss migrate".'
    )::bss_internal.outcome;
end
$$;
comment on function bss_internal.follow_index(
    bss_metadata.tenants, bss_metadata.pending_steps
) is
    'Says what is next in the building of an index, or finds that it is complete.';
