-- What somebody changed behind BSS, as far as it is known, and who it was. Runs as bss_owner.
-- Row-level security is enabled here, its policies are in access.sql.

create table bss_metadata.drift_findings (
    tenant_id uuid not null,
    relation text not null,
    object text not null,
    kind text not null,
    found jsonb,
    meant jsonb,
    found_at timestamptz not null default now(),
    constraint drift_findings_tenant_id_relation_object_kind_pkey
        primary key (tenant_id, relation, object, kind),
    constraint drift_findings_tenant_id_fkey foreign key (tenant_id)
        references bss_metadata.tenants (id)
);
comment on table bss_metadata.drift_findings is
    'Holds what bss.drift_all() found of every tenant when it last ran.';
comment on column bss_metadata.drift_findings.tenant_id is 'The tenant.';
comment on column bss_metadata.drift_findings.relation is 'The table, or what else it is about.';
comment on column bss_metadata.drift_findings.object is 'The part of it, or itself.';
comment on column bss_metadata.drift_findings.kind is 'What kind of part it is.';
comment on column bss_metadata.drift_findings.found is 'What the catalog has; null for nothing.';
comment on column bss_metadata.drift_findings.meant is 'What the model has; null for nothing.';
comment on column bss_metadata.drift_findings.found_at is 'When it was first found like this.';
alter table bss_metadata.drift_findings enable row level security, force row level security;


create table bss_metadata.ddl_log (
    id uuid not null default gen_random_uuid(),
    occurred_at timestamptz not null default clock_timestamp(),
    tenant_id uuid,
    schema_name text not null,
    command_tag text not null,
    object_type text not null,
    object_identity text not null,
    is_drop boolean not null default false,
    is_protected boolean not null default false,
    session_user_name text not null default session_user,
    current_user_name text not null,
    application_name text not null default current_setting('application_name'),
    client_address inet default inet_client_addr(),
    transaction_id xid8 not null default pg_current_xact_id(),
    constraint ddl_log_id_pkey primary key (id),
    constraint ddl_log_tenant_id_fkey foreign key (tenant_id)
        references bss_metadata.tenants (id)
);
create index ddl_log_tenant_id_occurred_at_idx on bss_metadata.ddl_log (tenant_id, occurred_at);
comment on table bss_metadata.ddl_log is
    'Records what others than BSS created, altered or dropped in schemas of tenants and of BSS.';
comment on column bss_metadata.ddl_log.id is 'The identity of the entry.';
comment on column bss_metadata.ddl_log.occurred_at is 'When it happened.';
comment on column bss_metadata.ddl_log.tenant_id is
    'The tenant whose schema it was; null for a schema of BSS.';
comment on column bss_metadata.ddl_log.schema_name is 'The schema.';
comment on column bss_metadata.ddl_log.command_tag is
    'The command, without its text, which may have values in it.';
comment on column bss_metadata.ddl_log.object_type is 'What kind of object it was about.';
comment on column bss_metadata.ddl_log.object_identity is 'The object, with its schema.';
comment on column bss_metadata.ddl_log.is_drop is 'Whether the object was dropped.';
comment on column bss_metadata.ddl_log.is_protected is
    'Whether it is a table that was given row-level security, and its privileges taken back.';
comment on column bss_metadata.ddl_log.session_user_name is 'The login that did it.';
comment on column bss_metadata.ddl_log.current_user_name is 'The role that it acted as.';
comment on column bss_metadata.ddl_log.application_name is 'What the client called itself.';
comment on column bss_metadata.ddl_log.client_address is
    'Where the client was; null for a socket of the server''s machine.';
comment on column bss_metadata.ddl_log.transaction_id is 'The transaction that it belongs to.';
alter table bss_metadata.ddl_log enable row level security, force row level security;


insert into bss_metadata.settings (name, value, description) values
(
    'drift.foreign_ddl', '"record"',
    'What becomes of DDL by others than BSS in schemas of tenants and of BSS: record or refuse.'
);
comment on column bss_metadata.settings.value is
    'A number, a string that is read as an interval, or one of a few words.';
