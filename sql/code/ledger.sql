-- The ledger, as it is read: the versions of the documents of tenants, and the steps to each.

create or replace view bss_metadata.schema_migrations
with (security_invoker = true)
as
select
    s.tenant_id, s.version, m.position::integer as position, m.kind, m.relation, m.statement,
    m.applied_at
from bss_metadata.tenant_schemas as s
cross join lateral unnest(s.steps)
    with ordinality as m (kind, relation, statement, applied_at, position);
comment on view bss_metadata.schema_migrations is
    'Lists the steps that took a tenant to each version, in the transaction that took them.';
comment on column bss_metadata.schema_migrations.tenant_id is 'The tenant.';
comment on column bss_metadata.schema_migrations.version is 'The version that the step belongs to.';
comment on column bss_metadata.schema_migrations.position is 'The order of the step.';
comment on column bss_metadata.schema_migrations.kind is 'What kind of change it was.';
comment on column bss_metadata.schema_migrations.relation is 'The table that it was made to.';
comment on column bss_metadata.schema_migrations.statement is 'The statement as it was executed.';
comment on column bss_metadata.schema_migrations.applied_at is 'When it was executed.';


create or replace view bss.schema_versions
with (security_invoker = true)
as
select
    -- a tenant in a pool does not see who else the pool is
    coalesce(t.external_id, 'pool:' || s.blueprint) as tenant,
    s.version, s.applied_at, s.initiator, s.correlation_id,
    cardinality(s.steps)::bigint as steps,
    s.fingerprint, s.tenant_id, s.blueprint, s.blueprint_version,
    (
        select count(*) from bss_metadata.pending_steps as p
        where
            p.tenant_id = s.tenant_id and p.version = s.version and p.finished_at is null
    ) as pending
from bss_metadata.tenant_schemas as s
left join bss_metadata.tenants as t on t.id = s.tenant_id;
comment on view bss.schema_versions is
    'Lists the versions of the documents of tenants, and of pools.';
comment on column bss.schema_versions.tenant is 'The external id of the tenant, or the pool.';
comment on column bss.schema_versions.version is 'Counts from 1 for each tenant.';
comment on column bss.schema_versions.applied_at is 'When it was applied.';
comment on column bss.schema_versions.initiator is 'Who asked for it.';
comment on column bss.schema_versions.correlation_id is 'The request that it belongs to.';
comment on column bss.schema_versions.steps is 'How many steps it took.';
comment on column bss.schema_versions.fingerprint is 'The hash of the catalog that it gave.';
comment on column bss.schema_versions.tenant_id is 'The tenant.';
comment on column bss.schema_versions.blueprint is
    'The blueprint that the document is from; null for a document of the tenant''s own.';
comment on column bss.schema_versions.blueprint_version is 'The version of the blueprint.';
comment on column bss.schema_versions.pending is 'How many steps are still to come.';
