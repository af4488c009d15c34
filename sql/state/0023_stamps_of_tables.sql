-- Stamps of each table by itself, so that what a plan does not change need not be read again to be
-- proven. Runs as bss_owner.

-- they are taken anew when they are next needed
delete from bss_internal.catalog_stamps;
alter table bss_internal.catalog_stamps drop column stamp;
alter table bss_internal.catalog_stamps add column stamps jsonb not null;
comment on column bss_internal.catalog_stamps.stamps is
    'What bss_internal.stamps() gave: sums of the hashes of rows of the catalog, each by its place '
    'and the transaction that wrote it.';

-- replaced by others of other names or types
drop function if exists bss_internal.stamp(bss_metadata.tenants);
drop function if exists bss_internal.keep_stamp(bss_metadata.tenants, text, jsonb);
