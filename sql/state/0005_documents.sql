-- The documents that others refer to by URI, and which version of which tenant does. Runs as
-- bss_owner. Row-level security is enabled here, its policies are in access.sql.

create table bss_metadata.registered_documents (
    uri text not null,
    document json not null,
    refers_to text[] not null default '{}',
    registered_at timestamptz not null default now(),
    initiator text not null,
    constraint registered_documents_uri_pkey primary key (uri),
    -- absolute, without a fragment, and short enough for an index
    constraint registered_documents_uri_check check (
        uri ~ '^[A-Za-z][A-Za-z0-9+.-]*:[!-"$-~]+$' and length(uri) <= 1024
    )
);
comment on table bss_metadata.registered_documents is
    'Holds the documents that those of all tenants may refer to by URI.';
comment on column bss_metadata.registered_documents.uri is 'What a $ref to it begins with.';
comment on column bss_metadata.registered_documents.document is
    'The document; it stays as it is for as long as it is registered.';
comment on column bss_metadata.registered_documents.refers_to is
    'The URIs of other documents that it refers to, registered or not.';
comment on column bss_metadata.registered_documents.registered_at is 'When it was registered.';
comment on column bss_metadata.registered_documents.initiator is 'Who asked for it.';
alter table bss_metadata.registered_documents
    enable row level security, force row level security;


create table bss_metadata.document_uses (
    tenant_id uuid not null,
    version integer not null,
    uri text not null,
    constraint document_uses_tenant_id_version_uri_pkey primary key (tenant_id, version, uri),
    constraint document_uses_tenant_id_version_fkey foreign key (tenant_id, version)
        references bss_metadata.tenant_schemas (tenant_id, version),
    constraint document_uses_uri_fkey foreign key (uri)
        references bss_metadata.registered_documents (uri)
);
create index document_uses_uri_idx on bss_metadata.document_uses (uri);
comment on table bss_metadata.document_uses is
    'Records which registered documents each version of a tenant''s document was compiled with.';
comment on column bss_metadata.document_uses.tenant_id is 'The tenant.';
comment on column bss_metadata.document_uses.version is 'The version of its document.';
comment on column bss_metadata.document_uses.uri is 'The registered document.';
alter table bss_metadata.document_uses enable row level security, force row level security;
