-- The form that a step of a plan has: as it is or, where its table is large, in stages, most of
-- which are for later.

create or replace function bss_internal.estimated_size(schema_name text, relation text)
    returns table (rows bigint, bytes bigint)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    -- -1 is a table that has never been analyzed; a table that is not there yet has no rows
    select
        coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint,
        coalesce(sum(pg_table_size(c.oid)), 0)::bigint
    from pg_class as t
    join pg_namespace as n on n.oid = t.relnamespace
    left join pg_inherits as i on i.inhparent = t.oid
    -- a table with partitions is never analyzed on its own account
    join pg_class as c on c.oid = coalesce(i.inhrelid, t.oid)
    where n.nspname = estimated_size.schema_name and t.relname = estimated_size.relation;
end;
comment on function bss_internal.estimated_size(text, text) is
    'Gives the rows that the planner believes a table to have, and its bytes without indexes.';


create or replace function bss_internal.is_large(schema_name text, relation text)
    returns boolean
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select
        to_regclass(format('%I.%I', is_large.schema_name, is_large.relation)) is not null
        and (
            select e.bytes >= bss_internal.setting('apply.online_bytes')::bigint
            from bss_internal.estimated_size(is_large.schema_name, is_large.relation) as e
        );
end;
comment on function bss_internal.is_large(text, text) is
    'Says whether a table is there, and so large that it is migrated while it is used.';


create or replace function bss_internal.shown_reason(schema_name text, step jsonb)
    returns text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select concat_ws(
        '; ', step ->> 'reason',
        case when step ?| array['mode', 'online'] then
            format(
                'the table has %s, and a large one at least %s',
                (
                    select pg_size_pretty(e.bytes)
                    from bss_internal.estimated_size(schema_name, step ->> 'origin') as e
                ),
                pg_size_pretty(bss_internal.setting('apply.online_bytes')::bigint)
            )
        end
    );
end;
comment on function bss_internal.shown_reason(text, jsonb) is
    'Says why a step has its form, and by which size where it has another.';


create or replace function bss_internal.steps_for(steps jsonb, schema_name text)
    returns jsonb
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if not steps @? '$[*] ? (exists(@.online) || exists(@.awaits))' then
        return steps;
    end if;
    return (
        with stage as (
            select
                o.value as stage, s.ordinality as step, o.ordinality as position,
                s.value ? 'awaits' and bss_internal.is_large(schema_name, s.value ->> 'awaits')
                    as is_late
            from jsonb_array_elements(steps_for.steps) with ordinality as s
            cross join lateral jsonb_array_elements(
                case
                    when
                        s.value ? 'online'
                        and bss_internal.is_large(schema_name, s.value ->> 'origin')
                        then s.value -> 'online'
                    else jsonb_build_array(s.value)
                end
            ) with ordinality as o
        )
        select coalesce(jsonb_agg(f.form order by s.step, s.position, f.ordinality), '[]')
        from stage as s
        cross join lateral bss_internal.forms_of(schema_name, s.stage, s.is_late)
            with ordinality as f (form, ordinality)
    );
end
$$;
comment on function bss_internal.steps_for(jsonb, text) is
    'Gives the steps of a plan in the form that the tables of a schema need: as they are or, where '
    'one is large, in stages, which have a mode.';


create or replace function bss_internal.forms_of(schema_name text, stage jsonb, is_late boolean)
    returns setof jsonb
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select
        case
            when p.name is not null then
                stage || jsonb_build_object(
                    'partition', p.name,
                    -- any two differ, and they fit whatever characters the names have
                    'partition_index',
                    concat(left(p.name, 6), '_', md5(concat_ws('.', p.name, stage ->> 'object')))
                )
            when is_late and stage ->> 'mode' is distinct from 'concurrently'
                then stage || '{"mode": "transaction"}'
            else stage
        end
    from (select (stage ->> 'each_partition')::boolean is true as is_of_each) as s
    left join lateral (
        select c.relname as name
        from pg_inherits as h
        join pg_class as c on c.oid = h.inhrelid
        where h.inhparent = to_regclass(format('%I.%I', schema_name, stage ->> 'origin'))
    ) as p on s.is_of_each
    where p.name is not null or not s.is_of_each
    order by p.name collate "C";
end;
comment on function bss_internal.forms_of(text, jsonb, boolean) is
    'Gives a stage as it is executed: once, or for each partition; later if what it needs is late.';
