-- What tells without printing it that a tenant's catalog is still what it was. Runs as bss_owner.

create table bss_internal.catalog_stamps (
    tenant_id uuid not null,
    fingerprint text not null,
    stamp numeric not null,
    constraint catalog_stamps_tenant_id_pkey primary key (tenant_id),
    constraint catalog_stamps_tenant_id_fkey foreign key (tenant_id)
        references bss_metadata.tenants (id)
);
comment on table bss_internal.catalog_stamps is
    'Keeps which rows of the catalog were a tenant''s when its fingerprint was taken.';
comment on column bss_internal.catalog_stamps.tenant_id is 'The tenant.';
comment on column bss_internal.catalog_stamps.fingerprint is 'The fingerprint.';
comment on column bss_internal.catalog_stamps.stamp is
    'The sum of the hashes of all rows, each by its place and the transaction that wrote it.';

alter table bss_internal.plans add column part text;
comment on column bss_internal.plans.part is
    'The fingerprint of the tables alone that the plan changes; null until it is proven.';

-- replaced by others of the same name with one more parameter
drop function if exists bss_internal.fingerprint(bss_metadata.tenants);
drop function if exists bss_internal.keep_plan(bss_internal.plans, text);

-- what is copied for every tenant of a fleet is compressed by the method that takes less time
do $$
begin
    if exists (
        select from pg_catalog.pg_settings as s
        where s.name = 'default_toast_compression' and 'lz4' = any (s.enumvals)
    ) then
        alter table bss_internal.plans alter column plan set compression lz4;
        alter table bss_metadata.tenant_schemas alter column schema_json set compression lz4;
        alter table bss_metadata.blueprint_versions
        alter column schema_json set compression lz4,
        alter column model set compression lz4;
    end if;
end
$$;
