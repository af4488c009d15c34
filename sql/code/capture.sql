-- What the triggers that capture changes need. Their functions are written by the compiler, one for
-- each body that there is, and shared by all tables that have the same.

-- A client cannot set this parameter (context.sql): the mark is BSS's own.
create or replace function bss_internal.begin_filling()
    returns text
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _before constant text := current_setting('backtrace_functions');
begin
    perform set_config('backtrace_functions', 'filling_of_bss', true);
    return _before;
end
$$;
comment on function bss_internal.begin_filling() is
    'Lets no event tell of what a migration writes into rows; gives what end_filling() takes.';


create or replace function bss_internal.end_filling(before text)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    perform set_config('backtrace_functions', before, true);
end
$$;
comment on function bss_internal.end_filling(text) is
    'Lets events tell of what is written from now on.';


create or replace function bss_internal.provide_capture(body text)
    returns void
    volatile strict
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _name constant text := 'c_' || md5(body);
begin
    if
        not bss_internal.lacks_function(format('bss_capture.%I()', _name))
        and exists (
            select from pg_proc as p
            where
                p.pronamespace = 'bss_capture'::regnamespace and p.proname = _name
                and p.prosrc = body and p.prosecdef and p.proconfig is null
        )
    then
        return;
    end if;
    -- also what somebody changed by hand: it becomes again what its name says
    execute format(
        'create or replace function bss_capture.%I() returns trigger volatile security definer '
        'language plpgsql as %L',
        _name, body
    );
    execute format(
        'comment on function bss_capture.%I() is %L', _name,
        'Writes the events of a statement; made by the compiler.'
    );
end
$$;
comment on function bss_internal.provide_capture(text) is
    'Makes a function that captures changes, unless it is there as its name says.';


create or replace function bss_internal.provide_captures(steps jsonb)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if not steps @? '$[*].body' then
        return;
    end if;
    perform bss_internal.lock_functions(false);
    perform bss_internal.provide_capture(b.body)
    from (
        select distinct s.value ->> 'body' as body, 'c_' || md5(s.value ->> 'body') as name
        from jsonb_array_elements(steps) as s
        where s.value ? 'body'
    ) as b
    where
        to_regproc('bss_capture.' || b.name) is null
        or not exists (
            select from pg_proc as p
            where
                p.pronamespace = 'bss_capture'::regnamespace and p.proname = b.name
                and p.prosrc = b.body and p.prosecdef and p.proconfig is null
        );
end
$$;
comment on function bss_internal.provide_captures(jsonb) is
    'Makes the functions that capture changes for the steps of a plan, those that are not there as '
    'their names say.';


create or replace function bss_internal.drop_unused_captures()
    returns bigint
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _name text;
    _count bigint := 0;
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        return 0;
    end if;
    lock table bss_internal.check_lock in exclusive mode nowait;
    for _name in
        select p.proname
        from pg_proc as p
        where
            p.pronamespace = 'bss_capture'::regnamespace
            and not exists (select from pg_trigger as t where t.tgfoid = p.oid)
    loop
        execute format('drop function bss_capture.%I()', _name);
        _count := _count + 1;
    end loop;
    return _count;
exception when lock_not_available then
    -- not worth waiting for: they do no harm, and the next call finds them
    return 0;
end
$$;
comment on function bss_internal.drop_unused_captures() is
    'Drops the functions of captures that no table uses any more, if nobody is about to use one.';


create or replace function bss_internal.changes(before jsonb, after jsonb)
    returns jsonb
    immutable parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
    return case
        when before is null then jsonb_build_object('new', after)
        when after is null then jsonb_build_object('old', before)
        else (
            select jsonb_build_object(
                'old', coalesce(jsonb_object_agg(o.key, o.value), '{}'),
                'new', coalesce(jsonb_object_agg(o.key, after -> o.key), '{}')
            )
            from jsonb_each(before) as o
            where o.value <> after -> o.key
        )
    end;
comment on function bss_internal.changes(jsonb, jsonb) is
    'Gives the members that differ between two states of a record, as they were and as they are.';
