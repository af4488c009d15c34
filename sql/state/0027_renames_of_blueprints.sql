-- What each version of a blueprint renames, for those that go back over it. Runs as bss_owner.

alter table bss_metadata.blueprint_versions add column renames jsonb not null default '{}';
comment on column bss_metadata.blueprint_versions.renames is
    'What it renames of the version before, as tenant_schemas has it.';
