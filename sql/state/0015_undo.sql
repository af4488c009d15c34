-- What each version gave another name, so that an older one can be gone back to under the names
-- that things had. Runs as bss_owner.

alter table bss_metadata.tenant_schemas
add column renames jsonb not null default '{}';
comment on column bss_metadata.tenant_schemas.renames is
    'The tables and columns that it gave another name, as pairs and with their tables; most give '
    'none.';
alter table bss_metadata.tenant_schemas alter column renames drop default;

-- replaced by others that show more
drop function if exists bss.plan_schema(text, json);
drop function if exists bss.plan_entity(text, json);
drop function if exists bss.plan_shared(json);
drop function if exists bss_internal.plan_request(text, jsonb);
drop function if exists bss_internal.shown_steps(jsonb, bss_metadata.tenants);
drop function if exists bss_internal.plan_extent(text, jsonb);
drop function if exists bss_internal.estimated_rows(text, text);
