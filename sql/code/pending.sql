-- The steps that a migration leaves for later, since their table is large, and what becomes of
-- them. A step is tried in a transaction that holds its tenant; whatever comes of the attempt is
-- recorded in the same transaction, so that it can be interrupted at any point.

create or replace function bss_internal.table_bytes(schema_name text, relation text)
    returns bigint
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select coalesce(sum(pg_relation_size(coalesce(i.inhrelid, t.oid))), 0)::bigint
    from pg_class as t
    join pg_namespace as n on n.oid = t.relnamespace
    left join pg_inherits as i on i.inhparent = t.oid
    where
        n.nspname = table_bytes.schema_name and t.relname = table_bytes.relation
        and t.relkind in ('r', 'p');
end;
comment on function bss_internal.table_bytes(text, text) is
    'Gives the size of a table, or of its partitions together, without indexes.';


create or replace function bss_internal.is_large(schema_name text, relation text)
    returns boolean
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select
        to_regclass(format('%I.%I', is_large.schema_name, is_large.relation)) is not null
        and bss_internal.table_bytes(is_large.schema_name, is_large.relation)
        >= bss_internal.setting('apply.online_bytes')::bigint;
end;
comment on function bss_internal.is_large(text, text) is
    'Says whether a table is there, and so large that it is migrated while it is used.';


create or replace function bss_internal.partition_steps(schema_name text, step jsonb)
    returns setof jsonb
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select
        step || jsonb_build_object(
            'partition', c.relname,
            -- any two differ, and it fits whatever characters the names have
            'partition_index',
            concat(left(c.relname, 6), '_', md5(concat_ws('.', c.relname, step ->> 'object')))
        )
    from pg_inherits as i
    join pg_class as c on c.oid = i.inhrelid
    where
        i.inhparent
        = to_regclass(format('%I.%I', partition_steps.schema_name, step ->> 'relation'))
    order by c.relname collate "C";
end;
comment on function bss_internal.partition_steps(text, jsonb) is
    'Makes of a step that is for each partition of its table as many as there are.';


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
                pg_size_pretty(bss_internal.table_bytes(schema_name, step ->> 'origin')),
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


create or replace function bss_internal.record_pending(
    tenant bss_metadata.tenants, version integer, steps jsonb
)
    returns bigint
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    with added as (
        insert into bss_metadata.pending_steps (
            tenant_id, version, position, kind, relation, object, mode, lock, statement, undo,
            state, rows_estimated, finished_at
        )
        select
            tenant.id, record_pending.version, f.number, f.step ->> 'kind',
            coalesce(f.step ->> 'partition', f.step ->> 'relation'),
            coalesce(f.step ->> 'partition_index', f.step ->> 'object', f.step ->> 'relation'),
            f.step ->> 'mode', f.step ->> 'lock', f.statement,
            (
                select coalesce(
                    jsonb_agg(
                        f.step || jsonb_build_object('statement', u.value, 'mode', 'now')
                        order by u.ordinality
                    ),
                    '[]'
                )
                from jsonb_array_elements(f.step -> 'undo') with ordinality as u
            ),
            case f.step ->> 'mode' when 'now' then 'done' else 'waiting' end,
            (
                select e.rows
                from bss_internal.estimated_size(tenant.schema_name, f.step ->> 'relation') as e
            ),
            case f.step ->> 'mode' when 'now' then now() end
        from bss_internal.fill(steps, tenant) as f
        where f.step ? 'mode'
        returning finished_at
    )
    select count(*) from added as a where a.finished_at is null;
end;
comment on function bss_internal.record_pending(bss_metadata.tenants, integer, jsonb) is
    'Enters the stages of a plan into the ledger, and gives the number of those that are to come.';


create or replace function bss_internal.has_pending(tenant_id uuid)
    returns boolean
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select exists (
        select from bss_metadata.pending_steps as p
        where p.tenant_id = has_pending.tenant_id and p.finished_at is null
    );
end;
comment on function bss_internal.has_pending(uuid) is
    'Says whether a migration of a tenant has steps to come.';


create or replace function bss_internal.refuse_pending(tenant bss_metadata.tenants)
    returns void
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if bss_internal.has_pending(tenant.id) then
        raise exception using
            errcode = 'SB415',
            message = format('migration of tenant "%s" has pending steps', tenant.external_id),
            detail = (
                select format(
                    'Version %s has %s of them; the next is %s of table "%s".',
                    p.version, count(*),
                    (array_agg(p.kind order by p.position))[1],
                    (array_agg(p.relation order by p.position))[1]
                )
                from bss_metadata.pending_steps as p
                where p.tenant_id = tenant.id and p.finished_at is null
                group by p.version
            ),
            hint = 'Run "bss migrate", or give the version up with bss.cancel_pending().';
    end if;
end
$$;
comment on function bss_internal.refuse_pending(bss_metadata.tenants) is
    'Refuses to go on while a migration of a tenant has steps to come.';
