-- Shared tables: reference data that the tenants of all documents read which declare it. The first
-- document that declares a table makes it; the others use it as it is, or as it has been. Only
-- bss.apply_shared() changes one.
--
-- Three modes of a lock on bss_metadata.shared_schemas keep this apart, to the end of the
-- transaction, as those on bss_internal.check_lock do:
--
--   row share            whoever is about to use tables: many at a time
--   share row exclusive  whoever makes tables: one at a time, beside those who use others
--   exclusive            whoever changes or drops tables: alone

create or replace function bss_internal.shared_tenant()
    returns bss_metadata.tenants
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
    return jsonb_populate_record(
        null::bss_metadata.tenants, '{"external_id": "bss_shared", "schema_name": "bss_shared"}'
    );
comment on function bss_internal.shared_tenant() is
    'Gives the shared tables as those of a tenant without an id, to what works on a tenant''s.';


create or replace function bss_internal.shared_in_force()
    returns bss_metadata.shared_schemas
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select s.* from bss_metadata.shared_schemas as s order by s.version desc limit 1;
end;
comment on function bss_internal.shared_in_force() is
    'Gives the version that the shared tables are at.';


create or replace function bss_internal.lock_shared(mode text)
    returns bss_metadata.shared_schemas
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if mode = 'exclusive' and current_setting('transaction_isolation') <> 'read committed' then
        raise exception using
            errcode = 'SB404',
            message = 'this transaction cannot tell how the shared tables are',
            detail = format(
                'Its isolation level is %s: it does not see what others have committed since.',
                current_setting('transaction_isolation')
            ),
            hint = 'Call it in a transaction that is read committed.';
    end if;
    case mode
        when 'row share' then
            lock table bss_metadata.shared_schemas in row share mode;
        when 'share row exclusive' then
            lock table bss_metadata.shared_schemas in share row exclusive mode;
        when 'exclusive' then
            lock table bss_metadata.shared_schemas in exclusive mode;
    end case;
    return bss_internal.shared_in_force();
exception when lock_not_available or deadlock_detected then
    raise exception using
        errcode = 'SB403',
        message = 'shared tables are in use',
        detail = format(
            'Another transaction uses or changes them, and did not end within %s.',
            bss_internal.setting('apply.lock_timeout')
        ),
        hint = 'Try again when that has ended; nothing has been changed.';
end
$$;
comment on function bss_internal.lock_shared(text) is
    'Keeps others from changing the shared tables until the end of the transaction; gives the '
    'version that they are at.';


create or replace function bss_internal.refuse_shared_drift(current bss_metadata.shared_schemas)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants := bss_internal.shared_tenant();
begin
    if current.fingerprint is distinct from bss_internal.fingerprint(_tenant) then
        perform bss_internal.prove(
            _tenant, coalesce(current.model, '{}'), bss_internal.snapshot(_tenant)
        );
    end if;
end
$$;
comment on function bss_internal.refuse_shared_drift(bss_metadata.shared_schemas) is
    'Refuses to go on if somebody changed the shared tables behind the ledger.';


create or replace function bss_internal.unknown_definitions(declared jsonb)
    returns jsonb
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select coalesce(jsonb_agg(d.value), '[]')
    from jsonb_array_elements(declared -> 'tables') as d
    where not exists (
        select from bss_metadata.shared_tables as s
        where s.name = d.value ->> 'name' and s.definition = d.value -> 'definition'
    );
end;
comment on function bss_internal.unknown_definitions(jsonb) is
    'Gives those of the tables that a document declares which no document has declared so.';


create or replace function bss_internal.plan_sharing(
    current bss_metadata.shared_schemas, declared jsonb
)
    returns jsonb
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _unknown constant jsonb := bss_internal.unknown_definitions(declared);
    _taken constant jsonb := jsonb_path_query_array(_unknown, '$.name');
    _plan jsonb;
begin
    if _unknown = '[]' then
        return null;
    end if;
    _plan := bss_internal.compile(
        'share',
        jsonb_build_object(
            'declared', declared -> 'model', 'base', current.model, 'taken', _taken
        )
    );
    perform bss_internal.raise_diagnostics(_plan -> 'diagnostics');
    return _plan || jsonb_build_object('taken', _taken);
end
$$;
comment on function bss_internal.plan_sharing(bss_metadata.shared_schemas, jsonb) is
    'Gives the plan for the shared tables that a document is the first to declare; null if it is '
    'the first for none.';


create or replace function bss_internal.carry_out_sharing(
    current bss_metadata.shared_schemas,
    plan jsonb,
    used jsonb,
    initiator text,
    correlation_id text
)
    returns integer
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants := bss_internal.shared_tenant();
    _version integer := coalesce(current.version, 0) + 1;
    _unknown constant jsonb := bss_internal.unknown_definitions(used -> 'declared');
    _steps bss_metadata.step [] := bss_internal.execute_steps(_tenant, plan -> 'steps');
    _fingerprint text;
    _snapshot jsonb;
begin
    -- in one statement, so that the hash that is kept is of the catalog that is proven
    select bss_internal.fingerprint(_tenant), bss_internal.snapshot(_tenant)
    into _fingerprint, _snapshot;
    perform bss_internal.prove(_tenant, plan -> 'model', _snapshot);
    insert into bss_metadata.shared_schemas (
        version, document, declared, taken, model, fingerprint, initiator, correlation_id, steps
    )
    values (
        _version, (used ->> 'document')::json, coalesce(used #> '{declared,model}', '{}'),
        array(select jsonb_array_elements_text(coalesce(plan -> 'taken', '[]'))), plan -> 'model',
        _fingerprint, coalesce(carry_out_sharing.initiator, session_user),
        carry_out_sharing.correlation_id, _steps
    );
    insert into bss_metadata.shared_tables (name, version, entity, definition)
    select t.name, _version, t.entity, t.definition
    from jsonb_to_recordset(_unknown) as t (name text, entity text, definition jsonb);
    insert into bss_metadata.shared_document_uses (version, uri)
    select _version, d.value from jsonb_array_elements_text(used -> 'documents') as d;
    perform bss_internal.audit(
        null, 'shared.updated', initiator, correlation_id,
        jsonb_build_object(
            'from', current.version, 'to', _version, 'steps', cardinality(_steps)
        )
    );
    return _version;
end
$$;
comment on function bss_internal.carry_out_sharing(
    bss_metadata.shared_schemas, jsonb, jsonb, text, text
) is
    'Takes the shared tables to their next version: executes a plan, proves what came of it, and '
    'records it, with the document and what it declares.';


create or replace function bss_internal.share(
    plan jsonb, initiator text, correlation_id text
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _current bss_metadata.shared_schemas;
    _sharing jsonb;
begin
    if not plan ? 'declared' then
        return;
    end if;
    _current := bss_internal.lock_shared('row share');
    if bss_internal.unknown_definitions(plan -> 'declared') <> '[]' then
        _current := bss_internal.lock_shared('share row exclusive');
    end if;
    perform bss_internal.refuse_shared_drift(_current);
    _sharing := bss_internal.plan_sharing(_current, plan -> 'declared');
    if _sharing is not null then
        perform bss_internal.carry_out_sharing(
            _current, _sharing, plan, initiator, correlation_id
        );
    end if;
exception when duplicate_table or unique_violation then
    raise exception using
        errcode = 'SB403',
        message = 'shared tables have been made meanwhile',
        detail = 'This transaction sees the database as it was before.',
        hint = 'Try again in another transaction; nothing has been changed.';
end
$$;
comment on function bss_internal.share(jsonb, text, text) is
    'Makes the shared tables that a plan of a tenant is the first to declare, and keeps those that '
    'it uses from being changed.';


create or replace function bss_internal.record_uses(
    tenant_id uuid, version integer, plan jsonb
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if plan -> 'documents' <> '[]' then
        insert into bss_metadata.document_uses (tenant_id, version, uri)
        select record_uses.tenant_id, record_uses.version, d.value
        from jsonb_array_elements_text(plan -> 'documents') as d;
    end if;
    if plan ? 'declared' then
        insert into bss_metadata.shared_uses (tenant_id, version, name, shared_version)
        select record_uses.tenant_id, record_uses.version, s.name, s.version
        from jsonb_to_recordset(plan #> '{declared,tables}') as d (name text, definition jsonb)
        join bss_metadata.shared_tables as s on s.name = d.name and s.definition = d.definition;
    end if;
end
$$;
comment on function bss_internal.record_uses(uuid, integer, jsonb) is
    'Records the registered documents and the shared tables that a version of a tenant''s document '
    'refers to.';


create or replace function bss_internal.plan_shared_document(
    current bss_metadata.shared_schemas, document json
)
    returns jsonb
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _plan jsonb := bss_internal.compile(
        'plan',
        jsonb_build_object(
            'document', document::text, 'base', current.model, 'placement', 'shared'
        )
    );
begin
    perform bss_internal.raise_diagnostics(_plan -> 'diagnostics');
    return _plan || jsonb_build_object(
        'taken', jsonb_path_query_array(_plan, '$.declared.tables.name')
    );
end
$$;
comment on function bss_internal.plan_shared_document(bss_metadata.shared_schemas, json) is
    'Gives the plan that takes the shared tables to what a document declares of them.';


create or replace function bss_internal.shared_source(relation text, constraint_name text)
    returns bss_metadata.shared_schemas
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select s.*
    from bss_metadata.shared_schemas as s
    where shared_source.relation = any (s.taken)
        or exists (
            select from jsonb_array_elements(s.declared -> 'tables') as t
            where
                shared_source.relation is null and t.value ->> 'name' = any (s.taken)
                and jsonb_path_query_array(
                    jsonb_build_array(t.value -> 'constraints', t.value -> 'indexes'),
                    '$[*][*].name'
                ) ? shared_source.constraint_name
        )
    order by s.version desc
    limit 1;
end;
comment on function bss_internal.shared_source(text, text) is
    'Gives the version with the document by which a shared table is as it is: the table of that '
    'name, or with a constraint of that name.';


create or replace function bss_internal.source_of(
    tenant bss_metadata.tenants, relation text, constraint_name text
)
    returns table (document json, model jsonb)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select s.schema_json, s.model
    from bss_internal.schema_in_force(tenant.id) as s
    where tenant.id is not null
    union all
    select s.document, s.declared
    from bss_internal.shared_source(source_of.relation, source_of.constraint_name) as s
    where tenant.id is null;
end;
comment on function bss_internal.source_of(bss_metadata.tenants, text, text) is
    'Gives the document that a table comes from, and what it was compiled to: that of the tenant, '
    'or of a shared table.';
