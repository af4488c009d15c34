-- Proof: what a plan has made is compared with what was meant. Whoever is the first to carry a plan
-- out compares all that the catalog says, and leaves hashes of it that are compared after that.

create or replace function bss_internal.prove(
    tenant bss_metadata.tenants, model jsonb, snapshot jsonb
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _answer jsonb := bss_internal.compile(
        'compare',
        jsonb_build_object(
            'model', model, 'snapshot', snapshot,
            'placement', case when tenant.id is null then 'shared' else 'tenant' end
        )
    );
    _differences jsonb := _answer -> 'differences';
begin
    perform bss_internal.raise_diagnostics(_answer -> 'diagnostics');
    if _differences = '[]' then
        return;
    end if;
    raise exception using
        errcode = 'SB401',
        message = case
            when tenant.id is null then 'shared tables are not what documents say'
            else format(
                'tables of tenant "%s" are not what its schema says', tenant.external_id
            )
        end,
        detail = (
            select string_agg(
                format(
                    '%s.%s: found %s, should be %s.', d.value ->> 'relation', d.value ->> 'object',
                    coalesce(d.value ->> 'found', 'nothing'),
                    coalesce(d.value ->> 'meant', 'nothing')
                ),
                E'\n' order by d.ordinality
            )
            from jsonb_array_elements(_differences) with ordinality as d
            where d.ordinality <= 20
        ),
        hint = case
            when tenant.id is null
                then 'Somebody changed them by hand. Undo that, or put it into the document.'
            else
                'Somebody changed them by hand: see bss.drift(). Undo it with bss.repair(), or put '
                'it into the document.'
        end,
        schema = tenant.schema_name,
        table = _differences #>> '{0,relation}';
end
$$;
comment on function bss_internal.prove(bss_metadata.tenants, jsonb, jsonb) is
    'Compares what the catalog has with what a model says, and refuses any difference.';


create or replace function bss_internal.snapshot_hash(snapshot jsonb)
    returns text
    immutable parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
    return encode(sha256(convert_to(snapshot::text, 'UTF8')), 'hex');
comment on function bss_internal.snapshot_hash(jsonb) is
    'Gives the hash by which a plan knows the snapshot that it leads to.';


-- In PL/pgSQL, because that keeps its plan: it is called for every tenant that is migrated.
create or replace function bss_internal.changed_tables(plan jsonb)
    returns text[]
    immutable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return array(
        select s.value ->> 'relation' from jsonb_array_elements(plan -> 'steps') as s
        union
        select r.value ->> 1 from jsonb_array_elements(plan #> '{renames,tables}') as r
    );
end
$$;
comment on function bss_internal.changed_tables(jsonb) is
    'Lists the tables that a plan changes, by the names that they had and those that they get.';


create or replace function bss_internal.adds_columns(plan jsonb)
    returns boolean
    immutable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return not plan @? '$.steps[*] ? (
        @.kind != "add_column" || exists(@.online) || exists(@.awaits)
    )';
end
$$;
comment on function bss_internal.adds_columns(jsonb) is
    'Says whether all that a plan does is to add columns, at once.';


create or replace function bss_internal.prove_plan(
    tenant bss_metadata.tenants, plan bss_internal.plans, before text
)
    returns text
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _was_proven constant boolean := before is not null;
    _relations constant text[]
        := case when _was_proven then bss_internal.changed_tables(plan.plan) end;
    -- columns are added to tables that nobody has looked at before, so all are looked at now; where
    -- nothing was drifted before, the tables that the plan does not change still are not
    _adds_columns constant boolean := _was_proven and bss_internal.adds_columns(plan.plan);
    -- taken before what they stand for: if that is changed meanwhile, they differ the next time
    _stamps constant jsonb := case when _was_proven then
        bss_internal.stamps(tenant, case when not _adds_columns then _relations end)
    end;
    _new constant jsonb := case when _adds_columns then _stamps end;
    _fingerprint text := plan.fingerprint;
    _part text := bss_internal.changed_fingerprint(tenant, _relations, _new, before);
    _is_known constant boolean := case
        when _part is null then plan.fingerprint = bss_internal.fingerprint(tenant)
        else plan.part = _part
    end;
    _snapshot jsonb;
begin
    if _is_known is not true then
        -- in one statement, so that the hashes that are kept are of the catalog that is proven
        select
            bss_internal.fingerprint(tenant),
            bss_internal.changed_fingerprint(tenant, _relations, _new, before),
            bss_internal.snapshot(tenant)
        into _fingerprint, _part, _snapshot;
        -- servers differ in how they print what they mean, so other words only raise the question
        if bss_internal.snapshot_hash(_snapshot) is distinct from plan.plan ->> 'snapshot' then
            perform bss_internal.prove(tenant, plan.plan -> 'model', _snapshot);
        end if;
        perform bss_internal.keep_plan(plan, _fingerprint, coalesce(_part, plan.part));
    end if;
    if _was_proven then
        perform bss_internal.keep_stamps(tenant.id, _fingerprint, plan.plan -> 'model', _stamps);
    end if;
    return _fingerprint;
end
$$;
comment on function bss_internal.prove_plan(bss_metadata.tenants, bss_internal.plans, text) is
    'Refuses what a plan has made if it is not what was meant; takes the fingerprint of the '
    'version before it, and gives that of the catalog.';
