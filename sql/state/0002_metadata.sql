-- What BSS knows of its tenants: who they are, what they handed in, what was made of it, and who
-- did what. Runs as bss_owner. Row-level security is enabled here, its policies are in access.sql.

create table bss_metadata.settings (
    name text not null,
    value jsonb not null,
    description text not null,
    constraint settings_name_pkey primary key (name),
    -- every setting so far is a limit or a period; one that is not brings a wider check with it
    constraint settings_value_check check (
        jsonb_typeof(value) in ('number', 'string')
        and (jsonb_typeof(value) <> 'number' or (value #>> '{}')::numeric >= 0)
    )
);
comment on table bss_metadata.settings is 'Holds what an operator may adjust.';
comment on column bss_metadata.settings.name is 'The name, with a prefix for the subject.';
comment on column bss_metadata.settings.value is
    'A number, or a string that is read as an interval.';
comment on column bss_metadata.settings.description is 'What it governs, and its unit.';

insert into bss_metadata.settings (name, value, description) values
    ('limit.document_bytes', '1048576', 'The largest document, in bytes.'),
    ('limit.depth', '64', 'The deepest nesting of a document, in levels.'),
    ('limit.entities', '500', 'The entities of one model.'),
    ('limit.columns', '1500', 'The columns of one entity.'),
    ('limit.enum_values', '1000', 'The values of one enum.'),
    ('limit.schema_nodes', '10000', 'The sub-schemas of a document after $ref expansion.'),
    ('limit.pattern_length', '1000', 'The longest pattern, in characters.'),
    ('limit.number_digits', '1000', 'The digits of one number, its exponent written out.'),
    ('plan.cache_entries', '1000', 'How many plans are kept for the next tenant.'),
    ('apply.lock_timeout', '"2s"', 'How long a migration waits for a lock.'),
    ('tenant.grace_period', '"30 days"', 'How long a deprovisioned tenant''s data is kept.');


create table bss_metadata.tenants (
    id uuid not null default gen_random_uuid(),
    external_id text not null,
    schema_name text not null,
    display_name text,
    status text not null default 'INITIALIZING',
    config jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    drop_after timestamptz,
    constraint tenants_id_pkey primary key (id),
    constraint tenants_external_id_check check (
        external_id ~ '^[a-z0-9][a-z0-9._-]{0,47}$'
        and external_id !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
    ),
    constraint tenants_schema_name_check check (schema_name ~ '^tenant_[a-z0-9_]{1,56}$'),
    constraint tenants_status_check check (
        status in ('INITIALIZING', 'ACTIVE', 'SUSPENDED', 'DEACTIVATING', 'INACTIVE', 'DELETED')
    ),
    constraint tenants_drop_after_check check (
        (status in ('DEACTIVATING', 'INACTIVE')) = (drop_after is not null)
    )
);
-- a deleted tenant stays on record, its name is free again
create unique index tenants_external_id_key
    on bss_metadata.tenants (external_id) where status <> 'DELETED';
create unique index tenants_schema_name_key
    on bss_metadata.tenants (schema_name) where status <> 'DELETED';
comment on table bss_metadata.tenants is 'Registers every tenant that there is or was.';
comment on column bss_metadata.tenants.id is 'The identity that rows and policies use.';
comment on column bss_metadata.tenants.external_id is 'The name that people and gateways use.';
comment on column bss_metadata.tenants.schema_name is 'The schema that holds its tables.';
comment on column bss_metadata.tenants.display_name is 'What to call it on a screen.';
comment on column bss_metadata.tenants.status is 'Where it stands in its life.';
comment on column bss_metadata.tenants.config is 'What its provider keeps about it.';
comment on column bss_metadata.tenants.created_at is 'When it was provisioned.';
comment on column bss_metadata.tenants.updated_at is 'When this row last changed.';
comment on column bss_metadata.tenants.drop_after is
    'When its data may be dropped; set while it is being deprovisioned.';
alter table bss_metadata.tenants enable row level security, force row level security;


create table bss_metadata.tenant_schemas (
    tenant_id uuid not null,
    version integer not null,
    schema_json json not null,
    model jsonb not null,
    fingerprint text not null,
    applied_at timestamptz not null default now(),
    initiator text not null,
    correlation_id text,
    constraint tenant_schemas_tenant_id_version_pkey primary key (tenant_id, version),
    constraint tenant_schemas_tenant_id_fkey foreign key (tenant_id)
        references bss_metadata.tenants (id),
    constraint tenant_schemas_version_check check (version > 0)
);
comment on table bss_metadata.tenant_schemas is 'Keeps every version of every tenant''s document.';
comment on column bss_metadata.tenant_schemas.tenant_id is 'The tenant.';
comment on column bss_metadata.tenant_schemas.version is 'Counts from 1 for each tenant.';
comment on column bss_metadata.tenant_schemas.schema_json is
    'The document as it was handed in, its properties in their order.';
comment on column bss_metadata.tenant_schemas.model is 'What the document was compiled to.';
comment on column bss_metadata.tenant_schemas.fingerprint is
    'The hash of the catalog that the model gave, without the names of schema and tenant.';
comment on column bss_metadata.tenant_schemas.applied_at is 'When it was applied.';
comment on column bss_metadata.tenant_schemas.initiator is 'Who asked for it.';
comment on column bss_metadata.tenant_schemas.correlation_id is 'The request that it belongs to.';
alter table bss_metadata.tenant_schemas enable row level security, force row level security;


create table bss_metadata.schema_migrations (
    tenant_id uuid not null,
    version integer not null,
    position integer not null,
    kind text not null,
    relation text not null,
    statement text not null,
    applied_at timestamptz not null default clock_timestamp(),
    constraint schema_migrations_tenant_id_version_position_pkey
        primary key (tenant_id, version, position),
    constraint schema_migrations_tenant_id_version_fkey foreign key (tenant_id, version)
        references bss_metadata.tenant_schemas (tenant_id, version)
);
comment on table bss_metadata.schema_migrations is
    'Lists the steps that took a tenant to each version, in the transaction that took them.';
comment on column bss_metadata.schema_migrations.tenant_id is 'The tenant.';
comment on column bss_metadata.schema_migrations.version is 'The version that the step belongs to.';
comment on column bss_metadata.schema_migrations.position is 'The order of the step.';
comment on column bss_metadata.schema_migrations.kind is 'What kind of change it was.';
comment on column bss_metadata.schema_migrations.relation is 'The table that it was made to.';
comment on column bss_metadata.schema_migrations.statement is 'The statement as it was executed.';
comment on column bss_metadata.schema_migrations.applied_at is 'When it was executed.';
alter table bss_metadata.schema_migrations enable row level security, force row level security;


create table bss_metadata.tenant_audit_log (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid,
    action_type text not null,
    action_timestamp timestamptz not null default clock_timestamp(),
    initiator text not null,
    session_user_name text not null default session_user,
    correlation_id text,
    details jsonb not null default '{}',
    constraint tenant_audit_log_id_pkey primary key (id),
    constraint tenant_audit_log_tenant_id_fkey foreign key (tenant_id)
        references bss_metadata.tenants (id)
);
create index tenant_audit_log_tenant_id_action_timestamp_idx
    on bss_metadata.tenant_audit_log (tenant_id, action_timestamp);
comment on table bss_metadata.tenant_audit_log is 'Records who did what to which tenant.';
comment on column bss_metadata.tenant_audit_log.id is 'The identity of the entry.';
comment on column bss_metadata.tenant_audit_log.tenant_id is
    'The tenant; null where the action concerns the installation.';
comment on column bss_metadata.tenant_audit_log.action_type is 'The action, as a dotted name.';
comment on column bss_metadata.tenant_audit_log.action_timestamp is 'When it happened.';
comment on column bss_metadata.tenant_audit_log.initiator is 'On whose behalf, as the caller said.';
comment on column bss_metadata.tenant_audit_log.session_user_name is
    'The login that did it, as the server knows it.';
comment on column bss_metadata.tenant_audit_log.correlation_id is 'The request that it belongs to.';
comment on column bss_metadata.tenant_audit_log.details is 'The facts of the action.';
alter table bss_metadata.tenant_audit_log enable row level security, force row level security;


create table bss_internal.plans (
    key text not null,
    plan jsonb not null,
    fingerprint text not null,
    kept_at timestamptz not null default now(),
    constraint plans_key_pkey primary key (key)
);
create index plans_kept_at_idx on bss_internal.plans (kept_at);
comment on table bss_internal.plans is
    'Keeps plans that were carried out and proven, so that the next tenant costs no compilation.';
comment on column bss_internal.plans.key is
    'The hash of everything that the plan follows from: both models, the limits, the compiler.';
comment on column bss_internal.plans.plan is 'The answer of the compiler.';
comment on column bss_internal.plans.fingerprint is 'The catalog that the plan leads to.';
comment on column bss_internal.plans.kept_at is 'When it was first carried out.';


create table bss_internal.context_key (
    key bytea not null,
    is_single boolean not null default true,
    constraint context_key_is_single_key unique (is_single),
    constraint context_key_is_single_check check (is_single),
    constraint context_key_key_check check (length(key) = 64)
);
comment on table bss_internal.context_key is
    'Holds the key that signs the tenant context. It may be replaced at any time: a context lives '
    'for one transaction.';
comment on column bss_internal.context_key.key is '64 random bytes.';
comment on column bss_internal.context_key.is_single is 'Keeps the table at one row.';

-- gen_random_uuid() is the server's strong random source: four of them are 488 random bits
insert into bss_internal.context_key (key)
select decode(replace(string_agg(gen_random_uuid()::text, ''), '-', ''), 'hex')
from generate_series(1, 4);
