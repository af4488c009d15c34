-- The partitions that are made as time goes by, and what governs them. Runs as bss_owner.

create table bss_metadata.partitions (
    tenant_id uuid not null,
    relation text not null,
    name text not null,
    lower text not null,
    upper text not null,
    bound text not null,
    created_at timestamptz not null default now(),
    constraint partitions_tenant_id_name_pkey primary key (tenant_id, name),
    constraint partitions_tenant_id_fkey foreign key (tenant_id)
        references bss_metadata.tenants (id)
);
comment on table bss_metadata.partitions is
    'Lists the partitions of ranges. No document names them: bss.maintain_partitions() makes them.';
comment on column bss_metadata.partitions.tenant_id is 'The tenant.';
comment on column bss_metadata.partitions.relation is 'The table.';
comment on column bss_metadata.partitions.name is 'The partition.';
comment on column bss_metadata.partitions.lower is 'Where its range begins.';
comment on column bss_metadata.partitions.upper is 'Where its range has ended.';
comment on column bss_metadata.partitions.bound is 'The range, as the server prints it.';
comment on column bss_metadata.partitions.created_at is 'When it was made.';
alter table bss_metadata.partitions enable row level security, force row level security;

insert into bss_metadata.settings (name, value, description) values
    ('limit.partitions', '1000', 'The partitions of one table.'),
    ('partition.ahead', '3', 'The partitions of a range that are made before they are needed.');
