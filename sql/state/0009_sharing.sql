-- The shared tables: the versions of bss_shared as a whole, what documents may declare of them, and
-- which version of which tenant's document does. Runs as bss_owner. Row-level security is enabled
-- here, its policies are in access.sql.

create table bss_metadata.shared_schemas (
    version integer not null,
    document json,
    declared jsonb not null,
    taken text [] not null,
    model jsonb not null,
    fingerprint text not null,
    applied_at timestamptz not null default now(),
    initiator text not null,
    correlation_id text,
    steps bss_metadata.step [] not null,
    constraint shared_schemas_version_pkey primary key (version),
    constraint shared_schemas_version_check check (version > 0)
);
comment on table bss_metadata.shared_schemas is 'Keeps every version of the shared tables.';
comment on column bss_metadata.shared_schemas.version is 'Counts from 1.';
comment on column bss_metadata.shared_schemas.document is
    'The document that declared what is new in it; null where a table was dropped.';
comment on column bss_metadata.shared_schemas.declared is
    'The shared tables that the document declares: what it was compiled to.';
comment on column bss_metadata.shared_schemas.taken is
    'Those of them that are as it declares them; others had been declared before.';
comment on column bss_metadata.shared_schemas.model is 'All shared tables, as they are then.';
comment on column bss_metadata.shared_schemas.fingerprint is
    'The hash of the catalog that the model gave.';
comment on column bss_metadata.shared_schemas.applied_at is 'When it was applied.';
comment on column bss_metadata.shared_schemas.initiator is 'Who asked for it.';
comment on column bss_metadata.shared_schemas.correlation_id is 'The request that it belongs to.';
comment on column bss_metadata.shared_schemas.steps is
    'The steps that led to it, in their order.';
alter table bss_metadata.shared_schemas enable row level security, force row level security;


create table bss_metadata.shared_tables (
    name text not null,
    version integer not null,
    entity text not null,
    definition jsonb not null,
    constraint shared_tables_name_version_pkey primary key (name, version),
    constraint shared_tables_version_fkey foreign key (version)
        references bss_metadata.shared_schemas (version)
);
comment on table bss_metadata.shared_tables is
    'Lists what documents may declare of each shared table: what it is, and what it has been.';
comment on column bss_metadata.shared_tables.name is 'The table.';
comment on column bss_metadata.shared_tables.version is
    'The version of the shared tables in which it was first declared so.';
comment on column bss_metadata.shared_tables.entity is 'The entity, as that document names it.';
comment on column bss_metadata.shared_tables.definition is
    'What it was declared as: a table of a model, without the places in the document.';
alter table bss_metadata.shared_tables enable row level security, force row level security;


create table bss_metadata.shared_uses (
    tenant_id uuid not null,
    version integer not null,
    name text not null,
    shared_version integer not null,
    constraint shared_uses_tenant_id_version_name_pkey primary key (tenant_id, version, name),
    constraint shared_uses_tenant_id_version_fkey foreign key (tenant_id, version)
        references bss_metadata.tenant_schemas (tenant_id, version),
    constraint shared_uses_name_shared_version_fkey foreign key (name, shared_version)
        references bss_metadata.shared_tables (name, version)
);
create index shared_uses_name_shared_version_idx
    on bss_metadata.shared_uses (name, shared_version);
comment on table bss_metadata.shared_uses is
    'Records which shared tables each version of a tenant''s document declares.';
comment on column bss_metadata.shared_uses.tenant_id is 'The tenant.';
comment on column bss_metadata.shared_uses.version is 'The version of its document.';
comment on column bss_metadata.shared_uses.name is 'The shared table.';
comment on column bss_metadata.shared_uses.shared_version is
    'The version of the shared tables in which it was first declared so.';
alter table bss_metadata.shared_uses enable row level security, force row level security;


create table bss_metadata.shared_document_uses (
    version integer not null,
    uri text not null,
    constraint shared_document_uses_version_uri_pkey primary key (version, uri),
    constraint shared_document_uses_version_fkey foreign key (version)
        references bss_metadata.shared_schemas (version),
    constraint shared_document_uses_uri_fkey foreign key (uri)
        references bss_metadata.registered_documents (uri)
);
create index shared_document_uses_uri_idx on bss_metadata.shared_document_uses (uri);
comment on table bss_metadata.shared_document_uses is
    'Records which registered documents each version of the shared tables was compiled with.';
comment on column bss_metadata.shared_document_uses.version is
    'The version of the shared tables.';
comment on column bss_metadata.shared_document_uses.uri is 'The registered document.';
alter table bss_metadata.shared_document_uses
    enable row level security, force row level security;
