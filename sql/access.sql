-- Who may do what with BSS itself. First everything is taken back, then every privilege and every
-- policy is given, here and nowhere else; so this page is the whole truth.

do $$
declare
    _roles constant text := 'public, bss_admin, bss_app, bss_tenant, bss_analytics, '
        'bss_subscriber, bss_monitor';
    _schema text;
    _policy record;
begin
    foreach _schema in array array[
        'bss', 'bss_metadata', 'bss_internal', 'bss_shared', 'bss_checks', 'bss_capture'
    ] loop
        execute pg_catalog.format('revoke all on schema %I from %s', _schema, _roles);
        execute pg_catalog.format('revoke all on all tables in schema %I from %s', _schema, _roles);
        -- those of bss_checks have the default privileges below, which a snapshot verifies
        if _schema <> 'bss_checks' then
            execute pg_catalog.format(
                'revoke all on all functions in schema %I from %s', _schema, _roles
            );
        end if;
    end loop;
    execute pg_catalog.format(
        'alter default privileges for role bss_owner in schema bss_checks '
        'revoke all on functions from %s', _roles
    );
    for _policy in
        select p.polname, p.polrelid::pg_catalog.regclass as relation
        from pg_catalog.pg_policy as p
        join pg_catalog.pg_class as c on c.oid = p.polrelid
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
        where n.nspname = 'bss_metadata'
    loop
        execute pg_catalog.format('drop policy %I on %s', _policy.polname, _policy.relation);
    end loop;
end
$$;


-- Schemas. bss_internal is opened to nobody: what its functions do is reached through those of bss.

grant usage on schema bss
to bss_admin, bss_app, bss_tenant, bss_analytics, bss_subscriber, bss_monitor;
grant usage on schema bss_metadata to bss_admin, bss_app, bss_tenant, bss_analytics, bss_monitor;
grant usage on schema bss_shared to bss_app, bss_tenant, bss_analytics;
grant usage on schema bss_checks to bss_app, bss_tenant;


-- The context: whoever else may set this parameter may be any tenant.

grant set on parameter backtrace_functions to bss_owner;


-- Everyone that row-level security applies to.

grant execute on function bss.current_tenant_id()
to bss_admin, bss_app, bss_tenant, bss_analytics;


-- Gateways and tenants.

grant execute on function bss.use_tenant(text) to bss_app;
grant execute on function bss.check_schema(json) to bss_admin, bss_app, bss_tenant;
grant execute on function bss.validate_document(json, jsonb) to bss_admin, bss_app, bss_tenant;
grant execute on function bss.validate(text, text, jsonb) to bss_admin, bss_app, bss_tenant;
grant execute on function bss.explain_violation(text, text, text, text)
to bss_admin, bss_app, bss_tenant;
grant execute on function bss.schema(text, integer)
to bss_admin, bss_app, bss_tenant, bss_analytics;


-- Operators.

grant execute on function bss.provision_tenant(text, json, text, text, text) to bss_admin;
grant execute on function bss.suspend_tenant(text, text, text) to bss_admin;
grant execute on function bss.resume_tenant(text, text, text) to bss_admin;
grant execute on function bss.deprovision_tenant(text, interval, text, text) to bss_admin;
grant execute on function bss.drop_tenant(text, text, text, text) to bss_admin;
grant execute on function bss.plan_schema(text, json) to bss_admin;
grant execute on function bss.plan_entity(text, json) to bss_admin;
grant execute on function bss.apply_schema(text, json, text, text) to bss_admin;
grant execute on function bss.apply_entity(text, json, text, text) to bss_admin;
grant execute on function bss.register_document(text, json, text) to bss_admin;
grant execute on function bss.unregister_document(text, text) to bss_admin;
grant execute on function bss.maintain_partitions(text, text, text) to bss_admin;
grant execute on function bss.purge_archived(text, interval, text, text) to bss_admin;
grant execute on function bss.set_setting(text, jsonb) to bss_admin;
grant execute on function bss.drop_unused_checks(text, text) to bss_admin;
grant execute on function bss.lint() to bss_admin;
grant execute on function bss.verify_audit() to bss_admin;
grant execute on function bss.purge_audit(interval, text, text) to bss_admin;


-- Checks of values. Whoever writes a row calls them, and they call each other by name.

alter default privileges for role bss_owner in schema bss_checks
grant execute on functions to bss_app, bss_tenant;


-- Readers of events. Whose consumer it is, the functions see for themselves.

grant execute on function bss.subscribe(text, text[], text[], text) to bss_admin, bss_subscriber;
grant execute on function bss.unsubscribe(text) to bss_admin, bss_subscriber;
grant execute on function bss.poll(text, integer, bigint) to bss_admin, bss_subscriber;
grant execute on function bss.ack(text, bigint, bigint) to bss_admin, bss_subscriber;
grant execute on function bss.nack(text, bigint, bigint, text) to bss_admin, bss_subscriber;
grant execute on function bss.replay(text, text) to bss_admin, bss_subscriber;
grant execute on function bss.revive(text, bigint) to bss_admin, bss_subscriber;
grant execute on function bss.stay_awake() to bss_admin, bss_subscriber;
grant execute on function bss.fall_asleep() to bss_admin, bss_subscriber;
grant execute on function bss.rouse(bigint, pg_snapshot) to bss_admin, bss_subscriber;
grant execute on procedure bss.dispatch(interval, interval) to bss_admin, bss_subscriber;
grant execute on function bss.maintain_outbox() to bss_admin;


-- What can be read. The views run with the reader's rights, so the tables are granted as well; the
-- policies below say which rows.

grant select on bss_metadata.settings, bss.settings to bss_admin, bss_monitor;
grant select on
    bss_metadata.tenants, bss_metadata.tenant_schemas, bss_metadata.schema_migrations,
    bss_metadata.tenant_audit_log, bss.tenants, bss.schema_versions, bss.audit_log
to bss_admin, bss_app, bss_tenant, bss_analytics;
-- what every tenant's document may refer to
grant select on bss_metadata.registered_documents, bss.registered_documents
to bss_admin, bss_app, bss_tenant, bss_analytics;
grant select on bss_metadata.audit_heads, bss.audit_heads to bss_admin;
grant select on bss_metadata.outbox, bss.events to bss_admin, bss_app, bss_tenant, bss_analytics;
grant select (origin, first_id) on bss_metadata.epochs
to bss_admin, bss_app, bss_tenant, bss_analytics;
grant select on bss_metadata.consumers, bss.consumers to bss_admin, bss_monitor;
grant select on bss_metadata.deliveries, bss.dead_letters to bss_admin;
-- monitoring sees how far readers are, not what they read
grant select (id, xid, tenant_id, topic, created_at) on bss_metadata.outbox to bss_monitor;
grant select (consumer, dead_at) on bss_metadata.deliveries to bss_monitor;
-- monitoring counts tenants and versions; it has no business with documents and actions
grant select on bss_metadata.tenants, bss.tenants to bss_monitor;
grant select (tenant_id, version, applied_at) on bss_metadata.tenant_schemas to bss_monitor;


-- Policies. Tenants see what is theirs; operators, analytics and monitoring see all of what they
-- are granted; the functions, which run as bss_owner, check for themselves who calls them.

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

create policy owner_all on bss_metadata.partitions to bss_owner using (true) with check (true);

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
to bss_admin, bss_app, bss_tenant, bss_analytics using (true);

create policy owner_all on bss_metadata.outbox to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.outbox for select
to bss_admin, bss_analytics, bss_monitor using (true);
create policy tenant_read on bss_metadata.outbox for select
using (tenant_id = (select bss.current_tenant_id()));

create policy owner_all on bss_metadata.consumers to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.consumers for select
to bss_admin, bss_monitor using (true);

create policy owner_all on bss_metadata.deliveries to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.deliveries for select
to bss_admin, bss_monitor using (true);
