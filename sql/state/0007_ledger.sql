-- The steps of a version are kept with the version, as one value: a row for each, with its foreign
-- key, costs more than the proof of what the steps have made. bss_metadata.schema_migrations is a
-- view from now on, which shows them as the table did. Runs as bss_owner.

create type bss_metadata.step as (
    kind text,
    relation text,
    statement text,
    applied_at timestamptz
);
comment on type bss_metadata.step is 'A step that was carried out.';
comment on column bss_metadata.step.kind is 'What kind of change it was.';
comment on column bss_metadata.step.relation is 'The table that it was made to.';
comment on column bss_metadata.step.statement is 'The statement as it was executed.';
comment on column bss_metadata.step.applied_at is 'When it was executed.';

alter table bss_metadata.tenant_schemas
add column steps bss_metadata.step [] not null default '{}';
comment on column bss_metadata.tenant_schemas.steps is
    'The steps that took the tenant to it, in their order; see bss_metadata.schema_migrations.';

update bss_metadata.tenant_schemas as s
set steps = array(
    select row(m.kind, m.relation, m.statement, m.applied_at)::bss_metadata.step
    from bss_metadata.schema_migrations as m
    where m.tenant_id = s.tenant_id and m.version = s.version
    order by m.position
);
alter table bss_metadata.tenant_schemas alter column steps drop default;

-- replaced by others of the same name, but of another type or on another table
drop function if exists bss_internal.make_plan(bss_metadata.tenant_schemas, jsonb);
drop view if exists bss.schema_versions;
drop table bss_metadata.schema_migrations;

-- models and steps are large and alike; the server's first compression method takes a noticeable
-- part of the time that a tenant is provisioned in, the second hardly any
do $$
begin
    if exists (
        select from pg_catalog.pg_settings as s
        where s.name = 'default_toast_compression' and 'lz4' = any (s.enumvals)
    ) then
        alter table bss_metadata.tenant_schemas
        alter column model set compression lz4,
        alter column steps set compression lz4;
    end if;
end
$$;
