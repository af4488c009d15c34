-- What each version of a blueprint renames, for those that pass over it. Runs as bss_owner.

-- not with a default at once: functions of the release before use the type of its rows
alter table bss_metadata.blueprint_versions add column renames jsonb;
update bss_metadata.blueprint_versions set renames = '{}';
alter table bss_metadata.blueprint_versions
alter column renames set default '{}',
alter column renames set not null;
comment on column bss_metadata.blueprint_versions.renames is
    'What it renames of the version before, as tenant_schemas has it.';
