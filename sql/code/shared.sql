-- What operators do with shared tables, and what there is to see of them.

create or replace function bss.plan_shared(document json)
    returns table (
        step integer, kind text, relation text, statement text, lock text, blocks text[],
        scans boolean, rewrites boolean, estimated_rows bigint, estimated_bytes bigint,
        reversible boolean, hazards text[], reason text, mode text
    )
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _current bss_metadata.shared_schemas := bss_internal.shared_in_force();
begin
    perform bss_internal.require_operator();
    perform bss_internal.refuse_shared_drift(_current);
    return query
    select s.*
    from bss_internal.shown_steps(
        bss_internal.plan_shared_document(_current, document) -> 'steps',
        bss_internal.shared_tenant()
    ) as s
    order by s.step;
end
$$;
comment on function bss.plan_shared(json) is
    'Lists the steps that would take the shared tables to what a document declares of them. '
    'Changes nothing.';


create or replace function bss.apply_shared(
    document json, initiator text default null, correlation_id text default null
)
    returns integer
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _lock_timeout text;
    _current bss_metadata.shared_schemas;
    _plan jsonb;
    _version integer;
begin
    perform bss_internal.require_operator();
    perform bss_internal.require_verdict(document);
    _lock_timeout := bss_internal.limit_lock_wait();
    _current := bss_internal.lock_shared('exclusive');
    perform bss_internal.refuse_shared_drift(_current);
    _plan := bss_internal.plan_shared_document(_current, document);
    _version := _current.version;
    if
        _plan -> 'steps' <> '[]'
        or bss_internal.unknown_definitions(_plan -> 'declared') <> '[]'
    then
        _version := bss_internal.carry_out_sharing(
            _current, _plan, _plan, initiator, correlation_id
        );
    end if;
    perform set_config('lock_timeout', _lock_timeout, true);
    return _version;
end
$$;
comment on function bss.apply_shared(json, text, text) is
    'Takes the shared tables to what a document declares of them, in one transaction; gives the '
    'version that they are then at.';


create or replace function bss_internal.refuse_used(table_name text)
    returns void
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenants text;
begin
    select string_agg(format('"%s"', t.external_id), ', ' order by t.external_id) into _tenants
    from bss_metadata.tenants as t
    join lateral bss_internal.schema_in_force(t.id) as s on true
    join bss_metadata.shared_uses as u on u.tenant_id = t.id and u.version = s.version
    where
        u.name = refuse_used.table_name and t.status <> 'DELETED' and t.isolation <> 'pool';
    if _tenants is not null then
        raise exception using
            errcode = 'SB616',
            message = format('shared table "%s" is in use', table_name),
            detail = format('The documents in force of these tenants declare it: %s.', _tenants),
            hint = 'Take these tenants to documents without it first.',
            schema = 'bss_shared',
            table = table_name;
    end if;
end
$$;
comment on function bss_internal.refuse_used(text) is
    'Refuses to go on if the document in force of a tenant declares a shared table.';


create or replace function bss_internal.plan_unsharing(
    current bss_metadata.shared_schemas, table_name text
)
    returns jsonb
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if not coalesce(jsonb_path_query_array(current.model, '$.tables.name') ? table_name, false) then
        raise exception using
            errcode = 'SB615',
            message = format('shared table "%s" does not exist', left(table_name, 80)),
            hint = 'See bss.shared_tables.';
    end if;
    perform bss_internal.refuse_used(table_name);
    return bss_internal.compile(
        'unshare', jsonb_build_object('base', current.model, 'name', table_name)
    );
end
$$;
comment on function bss_internal.plan_unsharing(bss_metadata.shared_schemas, text) is
    'Gives the plan that drops a shared table; refuses if it is in use.';


create or replace function bss.drop_shared(
    table_name text, initiator text default null, correlation_id text default null
)
    returns integer
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _lock_timeout text;
    _current bss_metadata.shared_schemas;
    _plan jsonb;
    _version integer;
begin
    perform bss_internal.require_operator();
    _lock_timeout := bss_internal.limit_lock_wait();
    _current := bss_internal.lock_shared('exclusive');
    perform bss_internal.refuse_shared_drift(_current);
    _plan := bss_internal.plan_unsharing(_current, table_name);
    -- what documents of the past declared can be declared anew, by whoever is the first
    delete from bss_metadata.shared_uses as u where u.name = table_name;
    delete from bss_metadata.shared_tables as s where s.name = table_name;
    _version := bss_internal.carry_out_sharing(
        _current, _plan, '{}', initiator, correlation_id
    );
    perform set_config('lock_timeout', _lock_timeout, true);
    return _version;
exception when dependent_objects_still_exist then
    raise exception using
        errcode = 'SB616',
        message = format('shared table "%s" is in use', table_name),
        detail = 'Another table refers to it.',
        hint = 'Take the reference out of the document that makes it first.',
        schema = 'bss_shared',
        table = table_name;
end
$$;
comment on function bss.drop_shared(text, text, text) is
    'Drops a shared table with its rows, unless the document in force of a tenant declares it; '
    'gives the version that the shared tables are then at.';


create or replace view bss.shared_tables
with (security_invoker = true)
as
select t.name, t.version, t.entity, t.definition
from bss_metadata.shared_tables as t;
comment on view bss.shared_tables is
    'Lists what documents may declare of each shared table: what it is, and what it has been.';
comment on column bss.shared_tables.name is 'The table, in bss_shared.';
comment on column bss.shared_tables.version is
    'The version of the shared tables in which it was first declared so.';
comment on column bss.shared_tables.entity is 'The entity, as that document names it.';
comment on column bss.shared_tables.definition is
    'What it was declared as: a table of a model, without the places in the document.';


create or replace view bss.shared_versions
with (security_invoker = true)
as
select
    s.version, s.applied_at, s.initiator, s.correlation_id, s.document,
    cardinality(s.steps)::bigint as steps, s.fingerprint
from bss_metadata.shared_schemas as s;
comment on view bss.shared_versions is 'Lists the versions of the shared tables.';
comment on column bss.shared_versions.version is 'Counts from 1.';
comment on column bss.shared_versions.applied_at is 'When it was applied.';
comment on column bss.shared_versions.initiator is 'Who asked for it.';
comment on column bss.shared_versions.correlation_id is 'The request that it belongs to.';
comment on column bss.shared_versions.document is
    'The document that declared what is new in it; null where a table was dropped.';
comment on column bss.shared_versions.steps is 'How many steps it took.';
comment on column bss.shared_versions.fingerprint is 'The hash of the catalog that it gave.';


create or replace view bss.shared_uses
with (security_invoker = true)
as
select t.external_id as tenant, u.version, u.name, u.shared_version, u.tenant_id
from bss_metadata.shared_uses as u
join bss_metadata.tenants as t on t.id = u.tenant_id;
comment on view bss.shared_uses is
    'Lists the shared tables that the versions of tenants'' documents declare.';
comment on column bss.shared_uses.tenant is 'The external id of the tenant.';
comment on column bss.shared_uses.version is 'The version of its document.';
comment on column bss.shared_uses.name is 'The shared table.';
comment on column bss.shared_uses.shared_version is
    'The version of the shared tables in which it was first declared so.';
comment on column bss.shared_uses.tenant_id is 'The tenant.';
