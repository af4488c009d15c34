-- Documents that many tenants follow, and the migrations that take these along. Runs as bss_owner.
-- Row-level security is enabled here, its policies are in access.sql.

create table bss_metadata.blueprints (
    name text not null,
    created_at timestamptz not null default now(),
    constraint blueprints_name_pkey primary key (name),
    constraint blueprints_name_check check (name ~ '^[a-z0-9][a-z0-9._-]{0,47}$')
);
comment on table bss_metadata.blueprints is 'Names the documents that tenants may follow.';
comment on column bss_metadata.blueprints.name is 'The name.';
comment on column bss_metadata.blueprints.created_at is 'When its first version was published.';
alter table bss_metadata.blueprints enable row level security, force row level security;


create table bss_metadata.blueprint_versions (
    blueprint text not null,
    version integer not null,
    schema_json json not null,
    model jsonb not null,
    published_at timestamptz not null default now(),
    initiator text not null,
    correlation_id text,
    constraint blueprint_versions_blueprint_version_pkey primary key (blueprint, version),
    constraint blueprint_versions_blueprint_fkey foreign key (blueprint)
        references bss_metadata.blueprints (name),
    constraint blueprint_versions_version_check check (version > 0)
);
comment on table bss_metadata.blueprint_versions is 'Keeps every version of every blueprint.';
comment on column bss_metadata.blueprint_versions.blueprint is 'The blueprint.';
comment on column bss_metadata.blueprint_versions.version is 'Counts from 1 for each blueprint.';
comment on column bss_metadata.blueprint_versions.schema_json is
    'The document as it was handed in, its properties in their order.';
comment on column bss_metadata.blueprint_versions.model is
    'What a new tenant''s tables are: what the document was compiled to.';
comment on column bss_metadata.blueprint_versions.published_at is 'When it was published.';
comment on column bss_metadata.blueprint_versions.initiator is 'Who asked for it.';
comment on column bss_metadata.blueprint_versions.correlation_id is
    'The request that it belongs to.';
alter table bss_metadata.blueprint_versions enable row level security, force row level security;


alter table bss_metadata.tenants
add column blueprint text,
add constraint tenants_blueprint_fkey foreign key (blueprint)
    references bss_metadata.blueprints (name);
create index tenants_blueprint_idx on bss_metadata.tenants (blueprint) where blueprint is not null;
comment on column bss_metadata.tenants.blueprint is 'The blueprint that it follows.';

alter table bss_metadata.tenant_schemas
add column blueprint text,
add column blueprint_version integer,
add constraint tenant_schemas_blueprint_blueprint_version_fkey
    foreign key (blueprint, blueprint_version)
    references bss_metadata.blueprint_versions (blueprint, version),
add constraint tenant_schemas_blueprint_version_check check (
    (blueprint is null) = (blueprint_version is null)
);
comment on column bss_metadata.tenant_schemas.blueprint is
    'The blueprint that the document is from; null for a document of the tenant''s own.';
comment on column bss_metadata.tenant_schemas.blueprint_version is 'The version of the blueprint.';


create table bss_metadata.fleet_migrations (
    id bigint generated always as identity,
    blueprint text not null,
    version integer not null,
    status text not null default 'running',
    error_budget integer not null,
    initiator text not null,
    correlation_id text,
    started_at timestamptz not null default now(),
    ended_at timestamptz,
    constraint fleet_migrations_id_pkey primary key (id),
    constraint fleet_migrations_blueprint_version_fkey foreign key (blueprint, version)
        references bss_metadata.blueprint_versions (blueprint, version),
    constraint fleet_migrations_status_check check (
        status in ('running', 'paused', 'stopped', 'finished', 'canceled')
    ),
    constraint fleet_migrations_error_budget_check check (error_budget >= 0),
    constraint fleet_migrations_ended_at_check check (
        (status in ('finished', 'canceled')) = (ended_at is not null)
    )
);
create unique index fleet_migrations_blueprint_key
    on bss_metadata.fleet_migrations (blueprint) where ended_at is null;
comment on table bss_metadata.fleet_migrations is
    'Lists the migrations of all tenants that follow a blueprint.';
comment on column bss_metadata.fleet_migrations.id is 'The identity of the migration.';
comment on column bss_metadata.fleet_migrations.blueprint is 'The blueprint.';
comment on column bss_metadata.fleet_migrations.version is 'The version that it leads to.';
comment on column bss_metadata.fleet_migrations.status is
    'Whether it goes on; it is stopped when more tenants have failed than the budget allows.';
comment on column bss_metadata.fleet_migrations.error_budget is
    'How many tenants may fail before no other is begun.';
comment on column bss_metadata.fleet_migrations.initiator is 'Who asked for it.';
comment on column bss_metadata.fleet_migrations.correlation_id is 'The request that it belongs to.';
comment on column bss_metadata.fleet_migrations.started_at is 'When it was started.';
comment on column bss_metadata.fleet_migrations.ended_at is
    'When no tenant was left, or it was canceled.';
alter table bss_metadata.fleet_migrations enable row level security, force row level security;


create table bss_metadata.fleet_tenants (
    fleet_migration_id bigint not null,
    tenant_id uuid not null,
    ring integer,
    state text not null,
    base text not null,
    from_version integer,
    to_version integer,
    attempts integer not null default 0,
    retry_at timestamptz not null default '-infinity',
    sqlstate text,
    message text,
    detail text,
    updated_at timestamptz not null default now(),
    constraint fleet_tenants_fleet_migration_id_tenant_id_pkey
        primary key (fleet_migration_id, tenant_id),
    constraint fleet_tenants_fleet_migration_id_fkey foreign key (fleet_migration_id)
        references bss_metadata.fleet_migrations (id),
    constraint fleet_tenants_tenant_id_fkey foreign key (tenant_id)
        references bss_metadata.tenants (id),
    constraint fleet_tenants_state_check check (
        state in ('pending', 'migrated', 'current', 'drifted', 'failed', 'skipped')
    ),
    constraint fleet_tenants_ring_check check (ring >= 0 or (ring is null and state <> 'pending'))
);
create index fleet_tenants_fleet_migration_id_ring_idx
    on bss_metadata.fleet_tenants (fleet_migration_id, ring, tenant_id) where state = 'pending';
create index fleet_tenants_fleet_migration_id_idx
    on bss_metadata.fleet_tenants (fleet_migration_id) where state = 'failed';
comment on table bss_metadata.fleet_tenants is
    'Says of every tenant of a fleet migration what came of it; committed with its tables.';
comment on column bss_metadata.fleet_tenants.fleet_migration_id is 'The migration.';
comment on column bss_metadata.fleet_tenants.tenant_id is 'The tenant.';
comment on column bss_metadata.fleet_tenants.ring is
    'The tenants of a ring begin when those before it are done; null where there is nothing to do.';
comment on column bss_metadata.fleet_tenants.state is
    'What came of it; "current" is a tenant that was at the version before.';
comment on column bss_metadata.fleet_tenants.base is
    'What the plan starts from; tenants that have the same share a plan.';
comment on column bss_metadata.fleet_tenants.from_version is
    'The version of its document before; null for none.';
comment on column bss_metadata.fleet_tenants.to_version is
    'The version of its document that the migration made.';
comment on column bss_metadata.fleet_tenants.attempts is 'How often its tables were in use.';
comment on column bss_metadata.fleet_tenants.retry_at is 'When it is tried again.';
comment on column bss_metadata.fleet_tenants.sqlstate is 'The code of the error.';
comment on column bss_metadata.fleet_tenants.message is 'The error, or why it was left out.';
comment on column bss_metadata.fleet_tenants.detail is 'The DETAIL of the error.';
comment on column bss_metadata.fleet_tenants.updated_at is 'When this row last changed.';
alter table bss_metadata.fleet_tenants enable row level security, force row level security;


create table bss_internal.fleet_plans (
    fleet_migration_id bigint not null,
    base text not null,
    release text not null,
    plan_key text not null,
    constraint fleet_plans_fleet_migration_id_base_release_pkey
        primary key (fleet_migration_id, base, release),
    constraint fleet_plans_fleet_migration_id_fkey foreign key (fleet_migration_id)
        references bss_metadata.fleet_migrations (id)
);
comment on table bss_internal.fleet_plans is
    'Remembers which plan the tenants of a fleet migration share that start from the same.';
comment on column bss_internal.fleet_plans.fleet_migration_id is 'The migration.';
comment on column bss_internal.fleet_plans.base is 'What the plan starts from.';
comment on column bss_internal.fleet_plans.release is 'The release that made the plan.';
comment on column bss_internal.fleet_plans.plan_key is 'The key of the plan.';

insert into bss_metadata.settings (name, value, description) values
    ('fleet.attempts', '10', 'How often a tenant whose tables are in use is tried.'),
    ('fleet.retry_delay', '"1s"', 'How long it is left alone; twice as long after each attempt.');


-- the plan of a blueprint is kept when it is published, before any tenant has proven it
alter table bss_internal.plans alter column fingerprint drop not null;
comment on column bss_internal.plans.fingerprint is
    'The catalog that the plan leads to; null until that has been compared with what was meant.';

-- replaced by others of the same name with one more parameter
drop function if exists bss.provision_tenant(text, json, text, text, text);
drop function if exists bss_internal.register_tenant(text, text);
drop function if exists bss_internal.carry_out(
    bss_metadata.tenants, bss_metadata.tenant_schemas, bss_internal.plans, text, text
);
drop function if exists bss_internal.advance(
    bss_metadata.tenants, bss_metadata.tenant_schemas, jsonb, text, text
);
