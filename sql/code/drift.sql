-- Drift: what somebody changed behind the ledger. A fingerprint raises the question, and only where
-- it is another than that of the ledger is the catalog compared with the model, part by part.

create or replace function bss_internal.differences(tenant bss_metadata.tenants, model jsonb)
    returns table (relation text, object text, kind text, found jsonb, meant jsonb)
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _answer jsonb := bss_internal.compile(
        'compare',
        jsonb_build_object(
            'model', coalesce(model, '{}'), 'snapshot', bss_internal.snapshot(tenant),
            'placement', 'tenant'
        )
    );
begin
    perform bss_internal.raise_diagnostics(_answer -> 'diagnostics');
    return query
    select
        d.relation, d.object,
        case when o.value is null then d.kind else 'object' end, d.found, d.meant
    from rows from (
        jsonb_to_recordset(_answer -> 'differences')
            as (relation text, object text, kind text, found jsonb, meant jsonb)
    ) with ordinality as d
    left join
        jsonb_array_elements(bss_internal.snapshot_others(tenant.schema_name)) as o
        on o.value ->> 'name' = d.relation
    order by d.ordinality;
end
$$;
comment on function bss_internal.differences(bss_metadata.tenants, jsonb) is
    'Lists where a tenant''s schema and a model differ.';


create or replace function bss_internal.seems_drifted(tenant bss_metadata.tenants)
    returns boolean
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _schema bss_metadata.tenant_schemas := bss_internal.schema_in_force(tenant.id);
    _step bss_metadata.pending_steps := bss_internal.open_step(tenant.id);
    _fingerprint text := bss_internal.fingerprint(
        tenant, null, case _step.mode when 'concurrently' then _step.object end
    );
begin
    return case
        when _fingerprint is null then true -- the schema is missing
        when _schema.version is null then bss_internal.snapshot(tenant) <> '{"tables": []}'
        else _schema.fingerprint <> _fingerprint
    end;
exception when internal_error or undefined_table or undefined_object then
    -- something went while the catalog was read: worth a second look, when nobody changes it
    return true;
end
$$;
comment on function bss_internal.seems_drifted(bss_metadata.tenants) is
    'Says whether a tenant''s schema is worth a comparison, since it has another fingerprint than '
    'that of the ledger.';


create or replace function bss_internal.find_drift(tenant bss_metadata.tenants)
    returns table (relation text, object text, kind text, found jsonb, meant jsonb)
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if bss_internal.seems_drifted(tenant) then
        return query
        select d.*
        from bss_internal.schema_in_force(tenant.id) as s
        cross join lateral bss_internal.differences(tenant, s.model) as d;
    end if;
end
$$;
comment on function bss_internal.find_drift(bss_metadata.tenants) is
    'Lists where the schema of a tenant, who is held to it, and its model in force differ.';


create or replace function bss_internal.refuse_deleted(tenant bss_metadata.tenants)
    returns void
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    -- it is found by its uuid, or was dropped while others waited for it
    if tenant.status = 'DELETED' then
        raise exception using
            errcode = 'SB601',
            message = format('tenant "%s" does not exist', tenant.external_id),
            detail = 'It has been dropped.',
            hint = 'The tenants that there are have another status than DELETED in bss.tenants.';
    end if;
end
$$;
comment on function bss_internal.refuse_deleted(bss_metadata.tenants) is
    'Refuses a tenant that has been dropped: it has no schema, and should have none.';


create or replace function bss_internal.hold_tenant(tenant text)
    returns bss_metadata.tenants
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants := bss_internal.find_tenant(tenant);
    _lock_timeout text := bss_internal.limit_lock_wait();
begin
    select t.* into _tenant from bss_metadata.tenants as t where t.id = _tenant.id for share;
    perform set_config('lock_timeout', _lock_timeout, true);
    perform bss_internal.refuse_deleted(_tenant);
    perform bss_internal.refuse_pooled(_tenant);
    return _tenant;
exception when lock_not_available or deadlock_detected then
    raise exception using
        errcode = 'SB403',
        message = format('tenant "%s" is in use', _tenant.external_id),
        detail = 'Another transaction provisions, migrates or drops it.',
        hint = 'Try again when that has ended; nothing has been changed.';
end
$$;
comment on function bss_internal.hold_tenant(text) is
    'Gives a tenant whom nobody changes until the end of the transaction, beside others who look.';


create or replace function bss.drift(tenant text)
    returns table (relation text, object text, kind text, found jsonb, meant jsonb)
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    perform bss_internal.require_operator();
    return query
    select d.* from bss_internal.find_drift(bss_internal.hold_tenant(drift.tenant)) as d;
end
$$;
comment on function bss.drift(text) is
    'Lists what a tenant''s schema has that its model has not, and the reverse. Changes nothing.';


create or replace function bss_internal.record_drift(
    tenant bss_metadata.tenants, initiator text, correlation_id text
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _found jsonb;
    _new jsonb;
begin
    select coalesce(jsonb_agg(d), '[]') into _found from bss_internal.find_drift(tenant) as d;
    delete from bss_metadata.drift_findings as f
    where
        f.tenant_id = tenant.id
        and not exists (
            select
            from jsonb_to_recordset(_found) as d (relation text, object text, kind text)
            where (d.relation, d.object, d.kind) = (f.relation, f.object, f.kind)
        );
    with recorded as (
        insert into bss_metadata.drift_findings as f (
            tenant_id, relation, object, kind, found, meant
        )
        select tenant.id, d.relation, d.object, d.kind, d.found, d.meant
        from jsonb_to_recordset(_found)
            as d (relation text, object text, kind text, found jsonb, meant jsonb)
        on conflict on constraint drift_findings_tenant_id_relation_object_kind_pkey do update
            set found = excluded.found, meant = excluded.meant, found_at = excluded.found_at
            where (f.found, f.meant) is distinct from (excluded.found, excluded.meant)
        returning f.relation, f.object, f.kind, f.found, f.meant
    )
    select jsonb_agg(r order by r.relation, r.object, r.kind) into _new from recorded as r;
    if _new is not null then
        perform bss_internal.audit(
            tenant.id, 'schema.drift', initiator, correlation_id,
            jsonb_build_object('findings', _new)
        );
    end if;
end
$$;
comment on function bss_internal.record_drift(bss_metadata.tenants, text, text) is
    'Keeps what has drifted in a tenant''s schema, and records what was not known before.';


create or replace function bss.drift_all(
    initiator text default null, correlation_id text default null
)
    returns table (
        tenant text, relation text, object text, kind text, found jsonb, meant jsonb,
        found_at timestamptz
    )
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants;
begin
    perform bss_internal.require_operator();
    for _tenant in
        select t.*
        from bss_metadata.tenants as t
        where
            t.status <> 'DELETED' and t.isolation <> 'pool'
            and (
                bss_internal.seems_drifted(t)
                or exists (select from bss_metadata.drift_findings as f where f.tenant_id = t.id)
            )
        order by t.external_id
    loop
        -- one that somebody changes right now is looked at the next time
        select t.* into _tenant
        from bss_metadata.tenants as t
        where t.id = _tenant.id and t.status <> 'DELETED'
        for share skip locked;
        if found then
            perform bss_internal.record_drift(_tenant, initiator, correlation_id);
        end if;
    end loop;
    return query
    select f.tenant, f.relation, f.object, f.kind, f.found, f.meant, f.found_at
    from bss.drift_findings as f
    order by f.tenant, f.relation, f.object, f.kind;
end
$$;
comment on function bss.drift_all(text, text) is
    'Looks for drift in the schemas of all tenants, records what is new, and lists all that there '
    'is.';


create or replace view bss.drift_findings
with (security_invoker = true)
as
select
    t.external_id as tenant, f.relation, f.object, f.kind, f.found, f.meant, f.found_at,
    f.tenant_id
from bss_metadata.drift_findings as f
join bss_metadata.tenants as t on t.id = f.tenant_id
where t.status <> 'DELETED';
comment on view bss.drift_findings is 'Lists what bss.drift_all() found when it last ran.';
comment on column bss.drift_findings.tenant is 'The external id of the tenant.';
comment on column bss.drift_findings.relation is 'The table, or what else it is about.';
comment on column bss.drift_findings.object is 'The part of it, or itself.';
comment on column bss.drift_findings.kind is 'What kind of part it is.';
comment on column bss.drift_findings.found is 'What the catalog has; null for nothing.';
comment on column bss.drift_findings.meant is 'What the model has; null for nothing.';
comment on column bss.drift_findings.found_at is 'When it was first found like this.';
comment on column bss.drift_findings.tenant_id is 'The tenant.';


create or replace view bss.ddl_log
with (security_invoker = true)
as
select
    l.occurred_at, t.external_id as tenant, l.schema_name, l.command_tag, l.object_type,
    l.object_identity, l.is_drop, l.is_protected, l.session_user_name, l.current_user_name,
    l.application_name, l.client_address, l.transaction_id, l.tenant_id, l.id
from bss_metadata.ddl_log as l
left join bss_metadata.tenants as t on t.id = l.tenant_id;
comment on view bss.ddl_log is
    'Shows what others than BSS created, altered or dropped in schemas of tenants and of BSS.';
comment on column bss.ddl_log.occurred_at is 'When it happened.';
comment on column bss.ddl_log.tenant is
    'The external id of the tenant whose schema it was; null for a schema of BSS.';
comment on column bss.ddl_log.schema_name is 'The schema.';
comment on column bss.ddl_log.command_tag is 'The command.';
comment on column bss.ddl_log.object_type is 'What kind of object it was about.';
comment on column bss.ddl_log.object_identity is 'The object, with its schema.';
comment on column bss.ddl_log.is_drop is 'Whether the object was dropped.';
comment on column bss.ddl_log.is_protected is
    'Whether it is a table that was given row-level security, and its privileges taken back.';
comment on column bss.ddl_log.session_user_name is 'The login that did it.';
comment on column bss.ddl_log.current_user_name is 'The role that it acted as.';
comment on column bss.ddl_log.application_name is 'What the client called itself.';
comment on column bss.ddl_log.client_address is
    'Where the client was; null for a socket of the server''s machine.';
comment on column bss.ddl_log.transaction_id is 'The transaction that it belongs to.';
comment on column bss.ddl_log.tenant_id is 'The tenant.';
comment on column bss.ddl_log.id is 'The identity of the entry.';


create or replace function bss_internal.refuse_drift(tenant bss_metadata.tenants)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _schema bss_metadata.tenant_schemas := bss_internal.schema_in_force(tenant.id);
begin
    if
        _schema.fingerprint = coalesce(
            bss_internal.known_fingerprint(tenant), bss_internal.fingerprint(tenant)
        )
        or (_schema.version is null and bss_internal.snapshot(tenant) = '{"tables": []}')
    then
        return;
    end if;
    -- ledger and catalog were read one after the other: somebody may be changing both
    perform from bss_metadata.tenants as t where t.id = tenant.id for share;
    _schema := bss_internal.schema_in_force(tenant.id);
    if _schema.fingerprint is distinct from bss_internal.fingerprint(tenant) then
        -- servers differ in how they print what they mean, so the hash only raises the question
        perform bss_internal.prove(
            tenant, coalesce(_schema.model, '{}'), bss_internal.snapshot(tenant)
        );
    end if;
end
$$;
comment on function bss_internal.refuse_drift(bss_metadata.tenants) is
    'Refuses to go on if somebody changed the tables of a tenant behind the ledger.';


create or replace function bss_internal.refuse_to_advance(
    tenant bss_metadata.tenants, fingerprint text
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _stamps jsonb;
begin
    perform bss_internal.refuse_pending(tenant);
    -- taken before what they stand for: if that is changed meanwhile, they differ the next time
    _stamps := bss_internal.stamps(tenant);
    if fingerprint = bss_internal.known_fingerprint(tenant, _stamps) then
        return;
    end if;
    perform bss_internal.refuse_drift(tenant);
    delete from bss_internal.catalog_stamps as s where s.tenant_id = tenant.id;
    perform bss_internal.keep_stamps(
        tenant.id, fingerprint, (bss_internal.schema_in_force(tenant.id)).model, _stamps
    );
end
$$;
comment on function bss_internal.refuse_to_advance(bss_metadata.tenants, text) is
    'Refuses to take a tenant to another version while steps are to come, or its tables are not '
    'those of the version that it is at, which has the fingerprint.';
