-- Checks: the functions in bss_checks that the check constraints of tenants' tables call, and the
-- triggers that encrypt what is written to a column once it is checked. They are created where they
-- are missing, shared, and dropped when no table uses them any more, as those in bss_capture are.
--
-- Three modes of a lock on bss_internal.check_lock keep this apart, to the end of the transaction:
--
--   row share            whoever is about to use functions: many at a time
--   share row exclusive  whoever creates functions: one at a time, beside those who use others
--   exclusive            whoever drops functions: alone

create or replace function bss_internal.lock_functions(is_to_create boolean)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if is_to_create then
        lock table bss_internal.check_lock in share row exclusive mode;
    else
        lock table bss_internal.check_lock in row share mode;
    end if;
exception when lock_not_available or deadlock_detected then
    raise exception using
        errcode = 'SB403',
        message = 'functions of tables are in use',
        detail = format(
            'Another transaction creates or drops some, and did not end within %s.',
            bss_internal.setting('apply.lock_timeout')
        ),
        hint = 'Try again when that has ended; nothing has been changed.';
end
$$;
comment on function bss_internal.lock_functions(boolean) is
    'Lets nobody drop functions, or create others beside, until the end of the transaction.';


create or replace function bss_internal.lacks_function(signature text)
    returns boolean
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    -- looked up in the catalog as it is, which the snapshot of the transaction may not show yet
    _function regprocedure;
begin
    perform bss_internal.lock_functions(false);
    _function := to_regprocedure(signature);
    if _function is null then
        perform bss_internal.lock_functions(true);
        _function := to_regprocedure(signature);
    end if;
    if _function is not null and not exists (select from pg_proc as p where p.oid = _function) then
        raise exception using
            errcode = 'SB403',
            message = 'functions of tables have been created meanwhile',
            detail = 'This transaction sees the database as it was before.',
            hint = 'Try again in another transaction; nothing has been changed.';
    end if;
    return _function is null;
end
$$;
comment on function bss_internal.lacks_function(text) is
    'Says whether a function is missing, which nobody else then creates or drops.';


create or replace function bss_internal.called_checks(body text)
    returns setof regprocedure
    stable strict
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    -- a constant of a tenant's may look like a call
    select to_regprocedure(m.call[1] || 'jsonb)')
    from regexp_matches(
        regexp_replace(called_checks.body, '''[^'']*''', '', 'g'),
        '\m(bss_checks\.v_[0-9a-f]{32}\()', 'g'
    ) as m (call);
end;
comment on function bss_internal.called_checks(text) is
    'Lists the functions of bss_checks that the body of one of them calls; null for one missing.';


create or replace view bss_internal.snapshot_functions
with (security_invoker = true)
as
select
    p.oid, p.proname as name,
    jsonb_build_object(
        'name', p.proname || case
            when
                concat_ws(
                    ' ', l.lanname, p.prokind, p.provolatile, p.proisstrict, p.proparallel,
                    p.prosecdef, p.proleakproof, p.proretset, p.prorettype::regtype, p.procost,
                    p.prosupport, pg_get_function_arguments(p.oid), p.proconfig
                ) <> case left(p.proname, 2)
                    when 'v_' then 'plpgsql f i t s f f f boolean 100 - v jsonb'
                    else 'plpgsql f v f u t f f trigger 100 -  '
                        '{"search_path=pg_catalog, pg_temp",standard_conforming_strings=on,'
                        'plan_cache_mode=force_generic_plan}'
                end
                then ' (altered)'
            when
                p.proowner <> n.nspowner
                or array(
                    select format('%s %s %s', a.grantee::regrole, a.privilege_type, a.is_grantable)
                    from aclexplode(p.proacl) as a
                    where a.grantee <> p.proowner
                    order by a.grantee::regrole::text collate "C"
                ) <> case left(p.proname, 2)
                    when 'v_'
                        then array[
                            'bss_admin EXECUTE f', 'bss_app EXECUTE f', 'bss_tenant EXECUTE f'
                        ]
                    else '{}'::text []
                end
                then ' (with other privileges)' else ''
        end,
        'body', p.prosrc
    ) as part
from pg_proc as p
join pg_language as l on l.oid = p.prolang
join pg_namespace as n on n.oid = p.pronamespace
-- the others are those of formats, which belong to BSS and not to a model
where n.nspname = 'bss_checks' and p.proname ~ '^[tv]_[0-9a-f]{32}$';
comment on view bss_internal.snapshot_functions is
    'Gives the functions that checks and triggers call, as the compiler''s model has them.';
comment on column bss_internal.snapshot_functions.oid is 'The function.';
comment on column bss_internal.snapshot_functions.name is
    'The name of the function; a snapshot has the functions in its order.';
comment on column bss_internal.snapshot_functions.part is 'The function.';


create or replace function bss_internal.snapshot_checks(schema text)
    returns jsonb
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    with recursive used (oid) as (
        select d.refobjid
        from pg_namespace as n
        join pg_depend as t
            on
                t.refclassid = 'pg_namespace'::regclass and t.refobjid = n.oid
                and t.classid = 'pg_class'::regclass
        join pg_constraint as c on c.conrelid = t.objid and c.contype = 'c'
        join pg_depend as d
            on
                d.classid = 'pg_constraint'::regclass and d.objid = c.oid
                and d.refclassid = 'pg_proc'::regclass
        where n.nspname = snapshot_checks.schema
        union
        select t.tgfoid
        from pg_namespace as n
        join pg_depend as d
            on
                d.refclassid = 'pg_namespace'::regclass and d.refobjid = n.oid
                and d.classid = 'pg_class'::regclass
        join pg_trigger as t on t.tgrelid = d.objid
        where n.nspname = snapshot_checks.schema
        union
        select c.oid
        from used as u
        join pg_proc as p on p.oid = u.oid
        cross join bss_internal.called_checks(p.prosrc) as c (oid)
    )
    select jsonb_build_object('functions', jsonb_agg(f.part order by f.name collate "C"))
    from bss_internal.snapshot_functions as f
    join used as u on u.oid = f.oid
    having count(*) > 0;
end;
comment on function bss_internal.snapshot_checks(text) is
    'Gives the functions that checks and triggers in a schema call, as a member of a model; null '
    'for none.';


create or replace function bss_internal.unused_checks()
    returns setof text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    with recursive own as (
        select p.oid, p.proname::text as name, p.prosrc
        from pg_proc as p
        where
            p.pronamespace = 'bss_checks'::regnamespace and p.proname ~ '^[tv]_[0-9a-f]{32}$'
    ),
    used (oid) as (
        select o.oid
        from own as o
        where exists (
            select from pg_depend as d
            where d.refclassid = 'pg_proc'::regclass and d.refobjid = o.oid
        )
        union
        select c.oid
        from used as u
        join own as o on o.oid = u.oid
        cross join bss_internal.called_checks(o.prosrc) as c (oid)
    )
    select o.name
    from own as o
    where not exists (select from used as u where u.oid = o.oid);
end;
comment on function bss_internal.unused_checks() is
    'Lists the functions that no constraint and no trigger calls, nor a function that one calls.';


create or replace function bss_internal.drop_checks(initiator text, correlation_id text)
    returns integer
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _names text[] := array(
        select c.name from bss_internal.unused_checks() as c (name) order by c.name
    );
    _name text;
begin
    foreach _name in array _names loop
        execute format('drop function bss_checks.%I', _name);
    end loop;
    if _names <> '{}' then
        perform bss_internal.audit(
            null, 'checks.dropped', initiator, correlation_id,
            jsonb_build_object('functions', _names)
        );
    end if;
    return cardinality(_names);
end
$$;
comment on function bss_internal.drop_checks(text, text) is
    'Drops the functions that nothing uses, for whoever holds the lock; gives their number.';


create or replace function bss_internal.drop_checks_of(
    tenant bss_metadata.tenants, initiator text, correlation_id text
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if
        current_setting('transaction_isolation') <> 'read committed'
        or not exists (
            select from bss_metadata.tenant_schemas as s
            where s.tenant_id = tenant.id and s.model ? 'functions'
        )
    then
        return;
    end if;
    lock table bss_internal.check_lock in exclusive mode nowait;
    perform bss_internal.drop_checks(initiator, correlation_id);
exception when lock_not_available then
    -- not worth waiting for: they do no harm, and bss.drop_unused_checks() finds them later
    null;
end
$$;
comment on function bss_internal.drop_checks_of(bss_metadata.tenants, text, text) is
    'Drops what a tenant leaves behind in bss_checks, unless somebody works with it right now.';


create or replace function bss.drop_unused_checks(
    initiator text default null, correlation_id text default null
)
    returns integer
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _lock_timeout text;
begin
    perform bss_internal.require_operator();
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception using
            errcode = 'SB404',
            message = 'this transaction cannot tell which checks are unused',
            detail = format(
                'Its isolation level is %s: it does not see what others have committed since.',
                current_setting('transaction_isolation')
            ),
            hint = 'Call it in a transaction that is read committed.';
    end if;
    _lock_timeout := bss_internal.limit_lock_wait();
    lock table bss_internal.check_lock in exclusive mode;
    perform set_config('lock_timeout', _lock_timeout, true);
    return bss_internal.drop_checks(initiator, correlation_id);
exception when lock_not_available or deadlock_detected then
    raise exception using
        errcode = 'SB403',
        message = 'checks of values are in use',
        detail = format(
            'Another transaction uses or creates some, and did not end within %s.',
            bss_internal.setting('apply.lock_timeout')
        ),
        hint = 'Try again when that has ended; nothing has been changed.';
end
$$;
comment on function bss.drop_unused_checks(text, text) is
    'Drops the functions of checks that no table of any tenant uses any more; gives their number.';
