-- Blueprints: a document that is published once, in versions, for all tenants that follow it.

create or replace function bss_internal.blueprint_version(blueprint text, version integer)
    returns bss_metadata.blueprint_versions
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _version bss_metadata.blueprint_versions;
begin
    select v.* into _version
    from bss_metadata.blueprint_versions as v
    where
        v.blueprint = blueprint_version.blueprint
        and (blueprint_version.version is null or v.version = blueprint_version.version)
    order by v.version desc
    limit 1;
    if found then
        return _version;
    elsif exists (
        select from bss_metadata.blueprints as b where b.name = blueprint_version.blueprint
    ) then
        raise exception using
            errcode = 'SB632',
            message = format('blueprint "%s" has no version %s', blueprint, version),
            hint = 'See bss.blueprint_versions.';
    end if;
    raise exception using
        errcode = 'SB631',
        message = format('blueprint "%s" does not exist', left(coalesce(blueprint, ''), 80)),
        hint = 'The blueprints are listed in bss.blueprints.';
end
$$;
comment on function bss_internal.blueprint_version(text, integer) is
    'Gives a version of a blueprint, the newest for null; refuses if there is none.';


create or replace function bss_internal.newest_version(blueprint text)
    returns bss_metadata.blueprint_versions
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    -- whoever migrates all that follow it should find the tenant that is about to
    perform from bss_metadata.blueprints as b
    where b.name = newest_version.blueprint
    for key share;
    return bss_internal.blueprint_version(blueprint, null);
end
$$;
comment on function bss_internal.newest_version(text) is
    'Gives the newest version of a blueprint, and lets no other be published in this transaction.';


create or replace function bss_internal.hold_blueprint(name text)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if (name ~ '^[a-z0-9][a-z0-9._-]{0,47}$') is not true then
        raise exception using
            errcode = 'SB630',
            message = format(
                'blueprint cannot be named "%s"', left(coalesce(hold_blueprint.name, ''), 80)
            ),
            detail = 'A name has 1 to 48 lower-case letters, digits, dots, hyphens and '
                'underscores, and begins with a letter or a digit.',
            hint = 'Choose a name of that form.';
    end if;
    insert into bss_metadata.blueprints (name) values (hold_blueprint.name) on conflict do nothing;
    perform from bss_metadata.blueprints as b where b.name = hold_blueprint.name for update;
end
$$;
comment on function bss_internal.hold_blueprint(text) is
    'Makes a blueprint if there is none of that name, and keeps others from publishing it.';


create or replace function bss.publish_blueprint(
    name text, document json, initiator text default null, correlation_id text default null
)
    returns integer
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _request constant jsonb := jsonb_build_object('document', coalesce(document::text, ''));
    _renames jsonb := '{}';
    _before bss_metadata.blueprint_versions;
    _plan bss_internal.plans;
    _version integer;
begin
    perform bss_internal.require_operator();
    perform bss_internal.hold_blueprint(name);
    select v.* into _before
    from bss_metadata.blueprint_versions as v
    where v.blueprint = name
    order by v.version desc
    limit 1;
    if _before.schema_json::text = document::text then
        return _before.version;
    end if;
    perform bss_internal.require_verdict(document);
    -- whoever follows has to get there as well
    if _before.version is not null then
        _plan := bss_internal.make_plan(s, _request)
        from jsonb_populate_record(
            null::bss_metadata.tenant_schemas, jsonb_build_object('model', _before.model)
        ) as s;
        perform bss_internal.keep_plan(_plan, null, null);
        _renames := _plan.plan -> 'renames';
    end if;
    _plan := bss_internal.make_plan(null, _request);
    perform bss_internal.keep_plan(_plan, null, null);
    _version := coalesce(_before.version, 0) + 1;
    insert into bss_metadata.blueprint_versions (
        blueprint, version, schema_json, model, renames, initiator, correlation_id
    )
    values (
        name, _version, document, _plan.plan -> 'model', _renames,
        coalesce(publish_blueprint.initiator, session_user), publish_blueprint.correlation_id
    );
    perform bss_internal.audit(
        null, 'blueprint.published', initiator, correlation_id,
        jsonb_build_object('blueprint', name, 'version', _version)
    );
    return _version;
end
$$;
comment on function bss.publish_blueprint(text, json, text, text) is
    'Makes a document the next version of a blueprint, compiled; gives that version. Tenants that '
    'follow it stay where they are.';


create or replace function bss_internal.set_blueprint(
    tenant bss_metadata.tenants, blueprint text, initiator text, correlation_id text
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    update bss_metadata.tenants as t
    set blueprint = set_blueprint.blueprint, updated_at = now()
    where t.id = tenant.id;
    perform bss_internal.audit(
        tenant.id, 'tenant.blueprint', initiator, correlation_id,
        jsonb_build_object('before', tenant.blueprint, 'after', blueprint)
    );
end
$$;
comment on function bss_internal.set_blueprint(bss_metadata.tenants, text, text, text) is
    'Lets a tenant that is held follow a blueprint, or none, and records it.';


create or replace function bss.follow_blueprint(
    tenant text, blueprint text, initiator text default null, correlation_id text default null
)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _version bss_metadata.blueprint_versions;
    _tenant bss_metadata.tenants;
begin
    perform bss_internal.require_operator();
    _version := bss_internal.newest_version(blueprint);
    _tenant := bss_internal.lock_tenant(tenant);
    perform bss_internal.refuse_pool(_tenant);
    perform bss_internal.refuse_pooled(_tenant);
    perform bss_internal.set_blueprint(_tenant, _version.blueprint, initiator, correlation_id);
end
$$;
comment on function bss.follow_blueprint(text, text, text, text) is
    'Lets a tenant follow a blueprint: the next fleet migration takes its tables there.';


create or replace function bss.unfollow_blueprint(
    tenant text, initiator text default null, correlation_id text default null
)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants;
begin
    perform bss_internal.require_operator();
    _tenant := bss_internal.lock_tenant(tenant);
    perform bss_internal.refuse_pool(_tenant);
    perform bss_internal.refuse_pooled(_tenant);
    if _tenant.blueprint is null then
        raise exception using
            errcode = 'SB635',
            message = format('tenant "%s" does not follow a blueprint', _tenant.external_id),
            hint = 'What a tenant follows is in bss.tenants.';
    end if;
    perform bss_internal.set_blueprint(_tenant, null, initiator, correlation_id);
end
$$;
comment on function bss.unfollow_blueprint(text, text, text) is
    'Lets a tenant have documents of its own from now on; its tables stay as they are.';


create or replace function bss_internal.refuse_follower(tenant bss_metadata.tenants)
    returns void
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if tenant.blueprint is not null then
        raise exception using
            errcode = 'SB634',
            message = format(
                'tenant "%s" follows blueprint "%s"', tenant.external_id, tenant.blueprint
            ),
            detail = 'Its tables are changed by a fleet migration to a version of the blueprint.',
            hint = 'Publish another version and migrate to it; a tenant, and no pool, may leave by '
                'bss.unfollow_blueprint().';
    end if;
end
$$;
comment on function bss_internal.refuse_follower(bss_metadata.tenants) is
    'Refuses a document of its own to a tenant that follows a blueprint.';


create or replace view bss.blueprints
with (security_invoker = true)
as
select
    b.name,
    (select max(v.version) from bss_metadata.blueprint_versions as v where v.blueprint = b.name)
        as version,
    (
        select count(*) from bss_metadata.tenants as t
        where t.blueprint = b.name and t.status <> 'DELETED' and t.isolation <> 'host'
    ) as tenants,
    b.created_at
from bss_metadata.blueprints as b;
comment on view bss.blueprints is 'Lists the documents that tenants may follow.';
comment on column bss.blueprints.name is 'The name.';
comment on column bss.blueprints.version is 'The newest version, which new tenants get.';
comment on column bss.blueprints.tenants is 'How many tenants follow it.';
comment on column bss.blueprints.created_at is 'When its first version was published.';


create or replace view bss.blueprint_versions
with (security_invoker = true)
as
select
    v.blueprint, v.version, v.schema_json as document, v.published_at, v.initiator,
    v.correlation_id
from bss_metadata.blueprint_versions as v;
comment on view bss.blueprint_versions is 'Lists the versions of blueprints.';
comment on column bss.blueprint_versions.blueprint is 'The blueprint.';
comment on column bss.blueprint_versions.version is 'Counts from 1 for each blueprint.';
comment on column bss.blueprint_versions.document is 'The document.';
comment on column bss.blueprint_versions.published_at is 'When it was published.';
comment on column bss.blueprint_versions.initiator is 'Who asked for it.';
comment on column bss.blueprint_versions.correlation_id is 'The request that it belongs to.';
