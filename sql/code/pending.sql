-- The steps that a migration leaves for later, since their table is large, and what becomes of
-- them. A step is tried in a transaction that holds its tenant; whatever comes of the attempt is
-- recorded in the same transaction, so that it can be interrupted at any point.

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


-- In PL/pgSQL, because that keeps its plan: it is asked before every change of a tenant.
create or replace function bss_internal.has_pending(tenant_id uuid)
    returns boolean
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return exists (
        select from bss_metadata.pending_steps as p
        where p.tenant_id = has_pending.tenant_id and p.finished_at is null
    );
end
$$;
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
