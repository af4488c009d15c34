-- Which rows of what is granted in access_grants.sql. Tenants see what is theirs; operators,
-- analytics and monitoring see all of what they are granted; the functions, which run as bss_owner,
-- check for themselves who calls them.

create policy owner_all on bss_metadata.tenants to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.tenants for select
to bss_admin, bss_analytics, bss_monitor using (true);
create policy tenant_read on bss_metadata.tenants for select
using (id = (select bss.current_tenant_id()));

create policy owner_all on bss_metadata.tenant_schemas to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.tenant_schemas for select
to bss_admin, bss_analytics, bss_monitor using (true);
create policy tenant_read on bss_metadata.tenant_schemas for select
using (tenant_id = (select bss.current_tenant_id()));
create policy pool_read on bss_metadata.tenant_schemas for select
using (
    tenant_id = (
        select t.pool_id from bss_metadata.tenants as t
        where t.id = (select bss.current_tenant_id())
    )
);

create policy owner_all on bss_metadata.blueprints to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.blueprints for select to bss_admin using (true);

create policy owner_all on bss_metadata.blueprint_versions
to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.blueprint_versions for select
to bss_admin using (true);

create policy owner_all on bss_metadata.fleet_migrations
to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.fleet_migrations for select to bss_admin using (true);

create policy owner_all on bss_metadata.fleet_tenants to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.fleet_tenants for select to bss_admin using (true);

create policy owner_all on bss_metadata.partitions to bss_owner using (true) with check (true);

create policy owner_all on bss_metadata.pending_steps to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.pending_steps for select
to bss_admin, bss_analytics, bss_monitor using (true);
create policy tenant_read on bss_metadata.pending_steps for select
using (tenant_id = (select bss.current_tenant_id()));

create policy owner_all on bss_metadata.quarantined_values
to bss_owner using (true) with check (true);
-- they are values of rows: an operator says why, and enters the tenant
create policy analytics_read on bss_metadata.quarantined_values for select
to bss_analytics using (true);
create policy tenant_read on bss_metadata.quarantined_values for select
using (tenant_id = (select bss.current_tenant_id()));

create policy owner_all on bss_metadata.tenant_audit_log
to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.tenant_audit_log for select
to bss_admin, bss_analytics using (true);
create policy tenant_read on bss_metadata.tenant_audit_log for select
using (tenant_id = (select bss.current_tenant_id()));

create policy owner_all on bss_metadata.audit_links to bss_owner using (true) with check (true);
create policy owner_all on bss_metadata.audit_heads to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.audit_heads for select to bss_admin using (true);

create policy owner_all on bss_metadata.registered_documents
to bss_owner using (true) with check (true);
create policy all_read on bss_metadata.registered_documents for select
to bss_admin, bss_app, bss_tenant, bss_analytics using (true);

create policy owner_all on bss_metadata.document_uses to bss_owner using (true) with check (true);

create policy owner_all on bss_metadata.epochs to bss_owner using (true) with check (true);
create policy all_read on bss_metadata.epochs for select
to bss_admin, bss_app, bss_tenant, bss_analytics, bss_monitor using (true);

create policy owner_all on bss_metadata.outbox to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.outbox for select
to bss_admin, bss_analytics, bss_monitor using (true);
create policy tenant_read on bss_metadata.outbox for select
using (tenant_id = (select bss.current_tenant_id()));

create policy owner_all on bss_metadata.consumers to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.consumers for select
to bss_admin, bss_monitor using (true);

create policy owner_all on bss_metadata.consumer_streams
to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.consumer_streams for select
to bss_admin, bss_monitor using (true);

create policy owner_all on bss_metadata.deliveries to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.deliveries for select
to bss_admin, bss_monitor using (true);

create policy owner_all on bss_metadata.handlers to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.handlers for select to bss_admin using (true);
create policy owner_all on bss_metadata.received_events
to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.received_events for select
to bss_admin, bss_monitor using (true);
create policy owner_all on bss_metadata.services to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.services for select
to bss_admin, bss_monitor using (true);
create policy owner_all on bss_metadata.calls to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.calls for select
to bss_admin, bss_monitor using (true);
create policy owner_all on bss_metadata.counts to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.counts for select
to bss_admin, bss_monitor using (true);
create policy owner_all on bss_metadata.tasks to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.tasks for select
to bss_admin, bss_analytics, bss_monitor using (true);
create policy tenant_read on bss_metadata.tasks for select
using (tenant_id = (select bss.current_tenant_id()));
create policy owner_all on bss_metadata.relays to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.relays for select
to bss_admin, bss_monitor using (true);

create policy owner_all on bss_metadata.shared_schemas to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.shared_schemas for select to bss_admin using (true);

create policy owner_all on bss_metadata.shared_tables to bss_owner using (true) with check (true);
create policy all_read on bss_metadata.shared_tables for select
to bss_admin, bss_app, bss_tenant, bss_analytics using (true);

create policy owner_all on bss_metadata.shared_uses to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.shared_uses for select to bss_admin using (true);

create policy owner_all on bss_metadata.shared_document_uses
to bss_owner using (true) with check (true);

create policy owner_all on bss_metadata.logins to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.logins for select to bss_admin using (true);

create policy owner_all on bss_metadata.tenant_keys to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.tenant_keys for select to bss_admin using (true);

create policy owner_all on bss_metadata.drift_findings to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.drift_findings for select
to bss_admin, bss_monitor using (true);

create policy owner_all on bss_metadata.ddl_log to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.ddl_log for select
to bss_admin, bss_monitor using (true);
