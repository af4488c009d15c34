-- The keys that tenants' secrets are encrypted with, each wrapped by a master key that is not here.
-- Runs as bss_owner.

create table bss_metadata.tenant_keys (
    tenant_id uuid not null,
    version integer not null,
    status text not null default 'ACTIVE',
    wrapped_key bytea,
    master_key_id text,
    created_at timestamptz not null default now(),
    retired_at timestamptz,
    destroyed_at timestamptz,
    constraint tenant_keys_tenant_id_version_pkey primary key (tenant_id, version),
    constraint tenant_keys_tenant_id_fkey foreign key (tenant_id)
        references bss_metadata.tenants (id),
    constraint tenant_keys_version_check check (version > 0),
    constraint tenant_keys_status_check check (status in ('ACTIVE', 'RETIRED', 'DESTROYED')),
    constraint tenant_keys_wrapped_key_check check (
        (wrapped_key is null) = (status = 'DESTROYED')
        and (master_key_id is null) = (status = 'DESTROYED')
    )
);
create unique index tenant_keys_tenant_id_key
    on bss_metadata.tenant_keys (tenant_id) where status = 'ACTIVE';
comment on table bss_metadata.tenant_keys is
    'Keeps the keys that the secrets of tenants are encrypted with, wrapped by a master key.';
comment on column bss_metadata.tenant_keys.tenant_id is 'The tenant.';
comment on column bss_metadata.tenant_keys.version is 'Counts from 1 for each tenant.';
comment on column bss_metadata.tenant_keys.status is
    'ACTIVE encrypts and decrypts, RETIRED decrypts, DESTROYED is no more.';
comment on column bss_metadata.tenant_keys.wrapped_key is
    'The key, encrypted with the master key; null once it is destroyed.';
comment on column bss_metadata.tenant_keys.master_key_id is
    'Tells which master key that is, and nothing of it.';
comment on column bss_metadata.tenant_keys.created_at is 'When it was made.';
comment on column bss_metadata.tenant_keys.retired_at is 'When the next one took its place.';
comment on column bss_metadata.tenant_keys.destroyed_at is 'When it was destroyed.';
alter table bss_metadata.tenant_keys enable row level security, force row level security;


-- What a master key is kept under that is handed in for one transaction: in a setting, which the
-- session can read, and cannot read without this.
create table bss_internal.transaction_key (
    key bytea not null,
    is_single boolean not null default true,
    constraint transaction_key_is_single_key unique (is_single),
    constraint transaction_key_is_single_check check (is_single),
    constraint transaction_key_key_check check (length(key) = 64)
);
comment on table bss_internal.transaction_key is
    'Has the key of this database that hides a master key from the session that handed it in.';
comment on column bss_internal.transaction_key.key is 'Has 64 random bytes.';
comment on column bss_internal.transaction_key.is_single is 'Keeps the table at one row.';

insert into bss_internal.transaction_key (key)
select sha512(
    decode(string_agg(replace(gen_random_uuid()::text, '-', ''), ''), 'hex')
)
from generate_series(1, 8);
