-- Scripts: the steps that make the tables of a tenant that has none, many in one statement, since
-- to parse and execute each by itself takes a noticeable part of the time that it is made in.
-- Nobody else knows these tables, and they have no rows: no step fails on rows, and none waits for
-- others but one that refers to a shared table.

create or replace function bss_internal.refuse_in_use(
    tenant bss_metadata.tenants, number bigint, kind text, relation text
)
    returns void
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    raise exception using
        errcode = 'SB403',
        message = format('table "%s" is in use', relation),
        detail = format(
            'The lock for step %s, %s, was not to be had within %s.',
            number, kind, bss_internal.setting('apply.lock_timeout')
        ),
        hint = 'Try again when no long transaction uses it; nothing has been changed.',
        schema = tenant.schema_name,
        table = relation;
end
$$;
comment on function bss_internal.refuse_in_use(bss_metadata.tenants, bigint, text, text) is
    'Refuses to go on since a step of a plan has waited for others as long as it may.';


create or replace function bss_internal.scripts(steps jsonb, tenant bss_metadata.tenants)
    returns table (number bigint, statements text, done bss_metadata.step [])
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return query
    with due as (
        select
            f.number, f.step, f.statement,
            count(*) filter (
                where f.step ->> 'kind' = 'add_foreign_key'
                    and strpos(f.statement, 'REFERENCES bss_shared.') > 0
            ) over (order by f.number) as wait
        from bss_internal.fill(scripts.steps, tenant) as f
        where bss_internal.is_due(f.step)
    )
    select
        min(d.number), string_agg(d.statement, E';\n' order by d.number),
        array_agg(
            row(
                d.step ->> 'kind', d.step ->> 'relation', d.statement, clock_timestamp()
            )::bss_metadata.step
            order by d.number
        )
    from due as d
    -- what may wait comes first, so that it can be told which did; and an error that the server
    -- reports is shown with all of the script
    group by d.wait, d.number / 50
    order by 1;
end
$$;
comment on function bss_internal.scripts(jsonb, bss_metadata.tenants) is
    'Lists the scripts that make the tables of a tenant, in which only the first step may wait for '
    'others, and their steps as the ledger has them.';


create or replace function bss_internal.make_tables(tenant bss_metadata.tenants, steps jsonb)
    returns bss_metadata.step []
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    -- as where steps are executed one by one
    set standard_conforming_strings = on
    set extra_float_digits = 1
    language plpgsql
as $$
declare
    _script record;
    _done bss_metadata.step [] := '{}';
begin
    perform bss_internal.provide_captures(steps);
    for _script in
        select s.number, s.statements, s.done
        from bss_internal.scripts(steps, tenant) as s
        order by s.number
    loop
        execute _script.statements;
        _done := _done || _script.done;
    end loop;
    return _done;
exception when lock_not_available or deadlock_detected then
    perform bss_internal.refuse_in_use(
        tenant, _script.number, (_script.done[1]).kind, (_script.done[1]).relation
    );
    return null;
end
$$;
comment on function bss_internal.make_tables(bss_metadata.tenants, jsonb) is
    'Carries out the steps of a plan for a tenant that has no tables; gives them as the ledger has '
    'them.';
