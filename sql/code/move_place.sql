-- Where a tenant moves to: a silo that is made for it, or the pool of its blueprint.

create or replace function bss_internal.place_tenant(
    tenant bss_metadata.tenants, schema_name text, pool_id uuid
)
    returns bss_metadata.tenants
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    update bss_metadata.tenants as t
    set
        schema_name = place_tenant.schema_name, pool_id = place_tenant.pool_id,
        isolation = case when place_tenant.pool_id is null then 'silo' else 'pool' end,
        updated_at = now()
    where t.id = tenant.id
    returning t.*;
end;
comment on function bss_internal.place_tenant(bss_metadata.tenants, text, uuid) is
    'Enters where a tenant is to be, which others see when this transaction commits.';


create or replace function bss_internal.free_schema(tenant bss_metadata.tenants)
    returns text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select
        w.name || case
            when
                exists (select from pg_namespace as n where n.nspname = w.name)
                or exists (
                    select from bss_metadata.tenants as t
                    where t.schema_name = w.name and t.status <> 'DELETED'
                )
                then '_' || left(tenant.id::text, 7) else ''
        end
    from (
        select bss_internal.schema_name('tenant_', tenant.external_id) as name
    ) as w;
end;
comment on function bss_internal.free_schema(bss_metadata.tenants) is
    'Gives a name for a schema of a tenant that is nobody''s.';


create or replace function bss_internal.isolating_plan(tenant bss_metadata.tenants)
    returns jsonb
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _plan jsonb := bss_internal.compile(
        'isolate',
        jsonb_build_object('base', (bss_internal.schema_in_force(tenant.id)).model)
    );
begin
    perform bss_internal.raise_diagnostics(_plan -> 'diagnostics');
    return _plan;
end
$$;
comment on function bss_internal.isolating_plan(bss_metadata.tenants) is
    'Gives what makes the tables of a pool for one of its tenants, its steps by when they are '
    'taken.';


create or replace function bss_internal.take_steps(tenant bss_metadata.tenants, steps jsonb)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    update bss_metadata.tenant_schemas as s
    set steps = s.steps || bss_internal.execute_steps(tenant, take_steps.steps)
    where
        s.tenant_id = tenant.id
        and s.version = (
            select max(v.version) from bss_metadata.tenant_schemas as v
            where v.tenant_id = tenant.id
        );
end
$$;
comment on function bss_internal.take_steps(bss_metadata.tenants, jsonb) is
    'Carries out steps, and enters them into the ledger as some of the newest version.';


create or replace function bss_internal.enter_version(
    tenant bss_metadata.tenants,
    schema bss_metadata.tenant_schemas,
    model jsonb,
    initiator text,
    correlation_id text
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _version constant integer := coalesce(
        (
            select max(s.version) from bss_metadata.tenant_schemas as s
            where s.tenant_id = tenant.id
        ),
        0
    ) + 1;
begin
    -- of the catalog that it gives, there is a fingerprint when all is there
    insert into bss_metadata.tenant_schemas (
        tenant_id, version, schema_json, model, fingerprint, initiator, correlation_id, steps,
        renames, blueprint, blueprint_version
    )
    values (
        tenant.id, _version, schema.schema_json, enter_version.model, '',
        coalesce(enter_version.initiator, session_user), enter_version.correlation_id, '{}', '{}',
        schema.blueprint, schema.blueprint_version
    );
    insert into bss_metadata.document_uses (tenant_id, version, uri)
    select tenant.id, _version, u.uri
    from bss_metadata.document_uses as u
    where (u.tenant_id, u.version) = (schema.tenant_id, schema.version);
    insert into bss_metadata.shared_uses (tenant_id, version, name, shared_version)
    select tenant.id, _version, u.name, u.shared_version
    from bss_metadata.shared_uses as u
    where (u.tenant_id, u.version) = (schema.tenant_id, schema.version);
end
$$;
comment on function bss_internal.enter_version(
    bss_metadata.tenants, bss_metadata.tenant_schemas, jsonb, text, text
) is
    'Enters the version of a pool into the ledger as the next one of a tenant.';


create or replace function bss_internal.open_silo(
    tenant bss_metadata.tenants, plan jsonb, initiator text, correlation_id text
)
    returns bss_metadata.tenants
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _schema constant bss_metadata.tenant_schemas := bss_internal.schema_in_force(tenant.id);
    _silo constant bss_metadata.tenants := bss_internal.place_tenant(
        tenant, bss_internal.free_schema(tenant), null
    );
begin
    perform bss_internal.make_schema(_silo.schema_name);
    perform bss_internal.enter_version(
        _silo, _schema, plan -> 'model', initiator, correlation_id
    );
    perform bss_internal.take_steps(_silo, plan -> 'first');
    -- the same ranges as in the pool, so that no row has to change its partition
    perform bss_internal.make_range(r, p.name, p.lower, p.upper)
    from bss_internal.range_tables as r
    join bss_metadata.partitions as p on p.tenant_id = tenant.pool_id and p.relation = r.relation
    where r.tenant_id = _silo.id;
    return _silo;
end
$$;
comment on function bss_internal.open_silo(bss_metadata.tenants, jsonb, text, text) is
    'Makes the tables of a pool for one of its tenants, without what rows are not to meet yet.';


create or replace function bss_internal.prepare_silo(silo bss_metadata.tenants, plan jsonb)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _relation text;
begin
    perform bss_internal.take_steps(silo, plan -> 'behind');
    for _relation in select t.relation from bss_internal.tables_in(silo.schema_name) as t loop
        execute format('analyze %I.%I', silo.schema_name, _relation);
    end loop;
    if plan -> 'last' = '[]' then
        perform bss_internal.prove_silo(silo, plan);
    end if;
end
$$;
comment on function bss_internal.prepare_silo(bss_metadata.tenants, jsonb) is
    'Makes the indexes of a silo whose rows have been copied, tells the planner of the rows, and '
    'proves what is there if that is all.';


create or replace function bss_internal.prove_silo(silo bss_metadata.tenants, plan jsonb)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    perform bss_internal.prove(silo, plan -> 'model', bss_internal.snapshot(silo));
    update bss_metadata.tenant_schemas as s set fingerprint = bss_internal.fingerprint(silo)
    where s.tenant_id = silo.id and s.fingerprint = '';
end
$$;
comment on function bss_internal.prove_silo(bss_metadata.tenants, jsonb) is
    'Proves what came of the plan of a silo, and records that.';


create or replace function bss_internal.complete_silo(silo bss_metadata.tenants, plan jsonb)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if plan -> 'last' <> '[]' then
        perform bss_internal.take_steps(silo, plan -> 'last');
        perform bss_internal.prove_silo(silo, plan);
    end if;
end
$$;
comment on function bss_internal.complete_silo(bss_metadata.tenants, jsonb) is
    'Makes what is left of a silo, if anything, and proves what came of it.';


create or replace function bss_internal.misfits(source jsonb, target jsonb)
    returns text
    immutable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    with parts as (
        select
            m.place, t.value ->> 'name' as relation, c.value ->> 'name' as name,
            c.value - array['pointer', 'property', 'comment', 'renamed_from'] as part,
            c.value ? 'deprecated' or t.value ? 'deprecated' as is_deprecated
        from (
            values ('source', misfits.source), ('target', misfits.target)
        ) as m (place, model)
        cross join lateral jsonb_array_elements(m.model -> 'tables') as t
        cross join lateral jsonb_array_elements(t.value -> 'columns') as c
        -- whose a row is, is said otherwise in a pool
        where not t.value ? 'placement' and c.value ->> 'name' <> 'tenant_id'
    )

    select string_agg(format('%s.%s', p.relation, p.name), ', ' order by p.relation, p.name)
    from parts as p
    where
        -- what no document has any more may be lacking, but not be lost
        not (p.place = 'target' and p.is_deprecated)
        and not exists (
            select from parts as o
            where
                o.place <> p.place and (o.relation, o.name) = (p.relation, p.name)
                and o.part = p.part
        );
end;
comment on function bss_internal.misfits(jsonb, jsonb) is
    'Names the columns in which the tables of a tenant and those of a pool differ; null for none.';


create or replace function bss_internal.refuse_misfit(
    tenant bss_metadata.tenants, pool bss_metadata.tenants
)
    returns void
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _own constant bss_metadata.tenant_schemas := bss_internal.schema_in_force(tenant.id);
    _pool constant bss_metadata.tenant_schemas := bss_internal.schema_in_force(pool.id);
    _is_same_version constant boolean := (_own.blueprint, _own.blueprint_version)
        is not distinct from (_pool.blueprint, _pool.blueprint_version);
    _misfits constant text := bss_internal.misfits(_own.model, _pool.model);
begin
    if not _is_same_version or _misfits is not null then
        raise exception using
            errcode = 'SB653',
            message = format(
                'tenant "%s" does not fit into pool "%s"', tenant.external_id, pool.external_id
            ),
            detail = case
                when _is_same_version then format('They differ in %s.', _misfits)
                else format(
                    'It is at version %s of the blueprint, where 0 is a document of its own, and '
                    'the pool at version %s.',
                    coalesce(_own.blueprint_version, 0), _pool.blueprint_version
                )
            end,
            hint = 'Migrate both to the same version of the blueprint; drop what it no longer has '
                'with bss.drop_deprecated().';
    end if;
end
$$;
comment on function bss_internal.refuse_misfit(
    bss_metadata.tenants, bss_metadata.tenants
) is
    'Refuses to go on if the rows of a tenant have no place in the tables of a pool.';


create or replace function bss_internal.open_pool(
    tenant bss_metadata.tenants, initiator text, correlation_id text
)
    returns bss_metadata.tenants
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _pool bss_metadata.tenants;
begin
    if tenant.blueprint is null then
        raise exception using
            errcode = 'SB653',
            message = format('tenant "%s" follows no blueprint', tenant.external_id),
            detail = 'The tables of a pool are those of a blueprint.',
            hint = 'Let it follow one with bss.follow_blueprint(), and migrate it.';
    end if;
    perform bss_internal.refuse_pending(tenant);
    perform bss_internal.refuse_drift(tenant);
    _pool := bss_internal.pool_of(tenant.blueprint, initiator, correlation_id);
    _pool := bss_internal.settled_pool(_pool.id);
    perform bss_internal.refuse_misfit(tenant, _pool);
    return bss_internal.place_tenant(tenant, _pool.schema_name, _pool.id);
end
$$;
comment on function bss_internal.open_pool(bss_metadata.tenants, text, text) is
    'Gives a tenant of a silo a place in the pool of its blueprint, if its tables are alike.';


create or replace function bss_internal.settled_pool(pool_id uuid)
    returns bss_metadata.tenants
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _pool constant bss_metadata.tenants := bss_internal.hold_tenant(settled_pool.pool_id::text);
begin
    perform bss_internal.refuse_pending(_pool);
    perform bss_internal.refuse_drift(_pool);
    return _pool;
end
$$;
comment on function bss_internal.settled_pool(uuid) is
    'Gives a pool that is what its model says, and stays so until the end of the transaction.';


create or replace function bss_internal.lock_for_move(tenant text)
    returns bss_metadata.tenants
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants;
begin
    perform bss_internal.require_operator();
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception using
            errcode = 'SB659',
            message = 'this transaction cannot move a tenant',
            detail = format(
                'Its isolation level is %s: it does not see what the tenant writes meanwhile.',
                current_setting('transaction_isolation')
            ),
            hint = 'Call it in a transaction that is read committed.';
    end if;
    _tenant := bss_internal.lock_tenant(tenant);
    perform bss_internal.refuse_pool(_tenant);
    perform bss_internal.require_status(_tenant, '{ACTIVE,SUSPENDED}');
    return _tenant;
end
$$;
comment on function bss_internal.lock_for_move(text) is
    'Gives a tenant that an operator may move, and keeps others from changing it.';
