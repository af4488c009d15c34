-- Who may do what with BSS itself. First everything is taken back, then every privilege and every
-- policy is given, here and nowhere else; so this page is the whole truth.

do $$
declare
    _roles constant text := 'public, bss_admin, bss_app, bss_tenant, bss_analytics, '
        'bss_subscriber, bss_monitor';
    _schema text;
    _function record;
    _policy record;
begin
    foreach _schema in array
        array['bss', 'bss_metadata', 'bss_internal', 'bss_shared', 'bss_checks', 'bss_watch']
    loop
        execute pg_catalog.format('revoke all on schema %I from %s', _schema, _roles);
        -- shared tables have the privileges of their model, which a snapshot verifies
        if _schema <> 'bss_shared' then
            execute pg_catalog.format(
                'revoke all on all tables in schema %I from %s', _schema, _roles
            );
        end if;
        -- those of bss_checks have the default privileges below, which a snapshot verifies
        if _schema <> 'bss_checks' then
            execute pg_catalog.format(
                'revoke all on all routines in schema %I from %s', _schema, _roles
            );
        end if;
    end loop;
    for _function in
        select p.oid
        from pg_catalog.pg_proc as p
        join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
        where n.nspname = 'bss_checks' and p.proname !~ '^v_[0-9a-f]{32}$'
    loop
        execute pg_catalog.format(
            'revoke all on function %s from %s', _function.oid::pg_catalog.regprocedure, _roles
        );
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

grant usage on schema bss to bss_admin, bss_app, bss_tenant, bss_analytics, bss_monitor;
grant usage on schema bss_metadata to bss_admin, bss_app, bss_tenant, bss_analytics, bss_monitor;
grant usage on schema bss_shared to bss_admin, bss_app, bss_tenant, bss_analytics;
grant usage on schema bss_checks to bss_admin, bss_app, bss_tenant;

-- Whoever executes DDL, wherever, calls what records it. It does nothing outside an event trigger.

grant usage on schema bss_watch to public;
grant execute on function bss_watch.record_commands(name), bss_watch.record_drops(name, text)
to public;


-- The context: whoever else may set this parameter may be any tenant.

grant set on parameter backtrace_functions to bss_owner;
-- by which all rows of a tenant move without what each of them would set off
grant set on parameter session_replication_role to bss_owner;


-- Everyone that row-level security applies to.

grant execute on function bss.current_tenant_id(), bss.bound_tenant_id()
to bss_admin, bss_app, bss_tenant, bss_analytics;


-- Gateways and tenants.

grant execute on function bss.use_tenant(text) to bss_admin, bss_app;
grant execute on function bss.use_token(text), bss.pre_request() to bss_app;
grant execute on function bss.check_schema(json) to bss_admin, bss_app, bss_tenant;
grant execute on function bss.validate_document(json, jsonb) to bss_admin, bss_app, bss_tenant;
grant execute on function bss.validate(text, text, jsonb) to bss_admin, bss_app, bss_tenant;
grant execute on function bss.explain_violation(text, text, text, text)
to bss_admin, bss_app, bss_tenant;
grant execute on function bss.schema(text, integer)
to bss_admin, bss_app, bss_tenant, bss_analytics;


-- Operators.

grant execute on function bss.provision_tenant(text, json, text, text, text, text, text)
to bss_admin;
grant execute on function bss.suspend_tenant(text, text, text) to bss_admin;
grant execute on function bss.resume_tenant(text, text, text) to bss_admin;
grant execute on function bss.deprovision_tenant(text, interval, text, text) to bss_admin;
grant execute on function bss.drop_tenant(text, text, text, text) to bss_admin;
grant execute on function bss.drop_pool(text, text, text) to bss_admin;
grant execute on function bss.move_tenant(text, text, text, text) to bss_admin;
grant execute on function bss.bind_login(name, text, text, text) to bss_admin;
grant execute on function bss.require_token(name, text, text) to bss_admin;
grant execute on function bss.unbind_login(name, text, text) to bss_admin;
grant execute on function bss.add_token_key(text, bytea, text, text) to bss_admin;
grant execute on function bss.retire_token_key(text, timestamptz, text, text) to bss_admin;
grant execute on function bss.token_keys() to bss_admin;
grant execute on function bss.as_operator(text, text) to bss_admin;
grant execute on function bss.plan_schema(text, json) to bss_admin;
grant execute on function bss.plan_entity(text, json) to bss_admin;
grant execute on function bss.plan_rollback(text, integer) to bss_admin;
grant execute on function bss.apply_schema(text, json, text, text) to bss_admin;
grant execute on function bss.apply_entity(text, json, text, text) to bss_admin;
grant execute on function bss.rollback_schema(text, integer, text, text) to bss_admin;
grant execute on function bss.deprecated(text) to bss_admin;
grant execute on function bss.drop_deprecated(text, interval, text, text) to bss_admin;
grant execute on function bss.publish_blueprint(text, json, text, text) to bss_admin;
grant execute on function bss.follow_blueprint(text, text, text, text) to bss_admin;
grant execute on function bss.unfollow_blueprint(text, text, text) to bss_admin;
grant execute on function bss.plan_fleet(text, integer, text[], numeric, integer) to bss_admin;
grant execute on function bss.start_fleet_migration(
    text, integer, text[], numeric, integer, integer, text, text
) to bss_admin;
grant execute on function bss.migrate_next(bigint) to bss_admin;
grant execute on function bss.pause_fleet_migration(bigint, text) to bss_admin;
grant execute on function bss.resume_fleet_migration(bigint, integer, text) to bss_admin;
grant execute on function bss.retry_fleet_migration(bigint, text) to bss_admin;
grant execute on function bss.cancel_fleet_migration(bigint, text) to bss_admin;
grant execute on function bss.plan_shared(json) to bss_admin;
grant execute on function bss.apply_shared(json, text, text) to bss_admin;
grant execute on function bss.drop_shared(text, text, text) to bss_admin;
grant execute on function bss.run_pending_step(text) to bss_admin;
grant execute on function bss.fail_pending_step(text, text, text) to bss_admin;
grant execute on procedure bss.run_pending(text) to bss_admin;
grant execute on function bss.cancel_pending(text, text, text) to bss_admin;
grant execute on function bss.register_document(text, json, text) to bss_admin;
grant execute on function bss.unregister_document(text, text) to bss_admin;
grant execute on function bss.maintain_partitions(text, text, text) to bss_admin;
grant execute on function bss.purge_archived(text, interval, text, text) to bss_admin;
grant execute on function bss.set_setting(text, jsonb) to bss_admin;
grant execute on function bss.drop_unused_checks(text, text) to bss_admin;
grant execute on function bss.drift(text) to bss_admin;
grant execute on function bss.drift_all(text, text) to bss_admin;
grant execute on function bss.plan_repair(text, text[]) to bss_admin;
grant execute on function bss.repair(text, text[], text, text) to bss_admin;
grant execute on function bss.lint() to bss_admin;
grant execute on function bss.verify_audit() to bss_admin;
grant execute on function bss.purge_audit(interval, text, text) to bss_admin;


-- Checks of values. Whoever writes a row calls them, and they call each other by name.

alter default privileges for role bss_owner in schema bss_checks
grant execute on functions to bss_admin, bss_app, bss_tenant;
-- those of a release before that left out the operators, who write shared tables
grant execute on all functions in schema bss_checks to bss_admin;
grant execute on function
bss_checks.name_points(text),
bss_checks.property_names(text),
bss_checks.regex_escape(),
bss_checks.regex_words(text),
bss_checks.regex_depths(text),
bss_checks.regex_point(text),
bss_checks.is_regex_class(text),
bss_checks.is_regex_atom(text),
bss_checks.regex_name(text),
bss_checks.are_regex_groups(text),
bss_checks.are_regex_bounds(text),
bss_checks.is_regex(text),
bss_checks.label_points(text),
bss_checks.punycode_bias(bigint, integer, boolean),
bss_checks.from_punycode(text),
bss_checks.to_punycode(text),
bss_checks.punycode_number(bigint, bigint),
bss_checks.points(text),
bss_checks.has_context(integer[], integer),
bss_checks.is_in_join(integer[], integer),
bss_checks.is_in_direction(integer[]),
bss_checks.is_u_label(text),
bss_checks.a_label(text),
bss_checks.is_idn_hostname(text)
to bss_app, bss_tenant;


-- What can be read. The views run with the reader's rights, so the tables are granted as well; the
-- policies below say which rows.

grant select on bss_metadata.settings, bss.settings to bss_admin, bss_monitor;
grant select on
    bss_metadata.tenants, bss_metadata.tenant_schemas, bss_metadata.schema_migrations,
    bss_metadata.tenant_audit_log, bss_metadata.pending_steps, bss_metadata.quarantined_values,
    bss.tenants, bss.schema_versions, bss.pending_steps, bss.quarantined_values, bss.audit_log
to bss_admin, bss_app, bss_tenant, bss_analytics;
grant select on
    bss_metadata.blueprints, bss_metadata.blueprint_versions, bss_metadata.fleet_migrations,
    bss_metadata.fleet_tenants, bss.blueprints, bss.blueprint_versions, bss.fleet_migrations,
    bss.fleet_rings, bss.fleet_tenants, bss.pools
to bss_admin;
grant select on bss_metadata.logins, bss.logins to bss_admin;
-- what every tenant's document may refer to
grant select on bss_metadata.registered_documents, bss.registered_documents
to bss_admin, bss_app, bss_tenant, bss_analytics;
-- what every tenant's document may declare; who did so is for operators
grant select on bss_metadata.shared_tables, bss.shared_tables
to bss_admin, bss_app, bss_tenant, bss_analytics;
grant select on
    bss_metadata.shared_schemas, bss_metadata.shared_uses, bss.shared_versions, bss.shared_uses
to bss_admin;
grant select on bss_metadata.audit_heads, bss.audit_heads to bss_admin;
-- monitoring counts tenants and versions; it has no business with documents and actions
grant select on bss_metadata.tenants, bss.tenants to bss_monitor;
grant select (tenant_id, version, applied_at, blueprint_version)
on bss_metadata.tenant_schemas to bss_monitor;
grant select on
    bss_metadata.drift_findings, bss.drift_findings, bss_metadata.ddl_log, bss.ddl_log
to bss_admin, bss_monitor;
grant select (tenant_id, version, position, state, started_at, finished_at)
on bss_metadata.pending_steps to bss_monitor;


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
using (
    tenant_id = (select bss.current_tenant_id())
    or tenant_id = (
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
create policy operator_read on bss_metadata.quarantined_values for select
to bss_admin, bss_analytics using (true);
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

create policy owner_all on bss_metadata.drift_findings to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.drift_findings for select
to bss_admin, bss_monitor using (true);

create policy owner_all on bss_metadata.ddl_log to bss_owner using (true) with check (true);
create policy operator_read on bss_metadata.ddl_log for select
to bss_admin, bss_monitor using (true);
