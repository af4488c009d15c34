-- Who may do what with BSS itself. First everything is taken back, then every privilege is given
-- here, and every policy in access.sql, and nowhere else.

do $$
declare
    _roles constant text := 'public, bss_admin, bss_app, bss_tenant, bss_analytics, '
        'bss_subscriber, bss_monitor';
    _schema text;
    _function record;
    _policy record;
begin
    foreach _schema in array array[
        'bss', 'bss_metadata', 'bss_internal', 'bss_shared', 'bss_checks', 'bss_capture',
        'bss_watch'
    ] loop
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
        where n.nspname = 'bss_checks' and p.proname !~ '^[tv]_[0-9a-f]{32}$'
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

grant usage on schema bss
to bss_admin, bss_app, bss_tenant, bss_analytics, bss_subscriber, bss_monitor;
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
grant execute on function bss.reveal(bss.secret), bss.secret_digest(text, text, text)
to bss_admin, bss_app, bss_tenant;
-- whoever writes the first secret of a tenant decides which master key wraps its key
grant execute on function bss.use_master_key(bytea) to bss_admin, bss_app;


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
grant execute on function bss.rotate_tenant_key(text, text, text) to bss_admin;
grant execute on function bss.reencrypt_secrets(text, integer, text, text) to bss_admin;
grant execute on function bss.destroy_tenant_key(text, text, text, text) to bss_admin;
grant execute on function bss.rewrap_tenant_keys(bytea, bytea, text, text) to bss_admin;
grant execute on function bss.purge_audit(interval, text, text) to bss_admin;


-- Checks of values. Whoever writes a row calls them, and they call each other by name.

alter default privileges for role bss_owner in schema bss_checks
grant execute on functions to bss_admin, bss_app, bss_tenant;
-- those of a release before that left out the operators, who write shared tables
grant execute on all functions in schema bss_checks to bss_admin;
-- whoever may execute one of a trigger may make it that of a temporary table, with columns and casts
-- of their own, which it would then call as bss_owner
do $$
declare
    _function record;
begin
    for _function in
        select p.oid
        from pg_catalog.pg_proc as p
        where
            p.pronamespace = 'bss_checks'::pg_catalog.regnamespace
            and p.prorettype = 'trigger'::pg_catalog.regtype
    loop
        execute pg_catalog.format(
            'revoke all on function %s from public, bss_admin, bss_app, bss_tenant',
            _function.oid::pg_catalog.regprocedure
        );
    end loop;
end
$$;
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
grant execute on function
bss_checks.secret_place(text, text), bss_checks.is_secret_of(bss.secret, text, text)
to bss_admin, bss_app, bss_tenant;
-- the type itself: casts and comparisons call these for whoever asks
grant execute on function
bss_checks.secret_in(cstring), bss_checks.secret_out(bss.secret),
bss_checks.secret_receive(internal), bss_checks.secret_send(bss.secret),
bss_checks.secret_same(bss.secret, bss.secret), bss_checks.secret_hash(bss.secret)
to bss_admin, bss_app, bss_tenant, bss_analytics;


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
grant execute on function bss.release(text, bigint) to bss_admin, bss_subscriber;
grant execute on function bss.report_relay(
    text, bigint, text, integer, integer, integer, interval, text
) to bss_admin, bss_subscriber;


-- Other services, and tasks. Whose task it is, the functions see for themselves.

grant execute on function
bss.receive_event(jsonb), bss.retry_received(integer), bss.revive_received(text, text),
bss.register_handler(text, regprocedure), bss.unregister_handler(text, text),
bss.set_service(text, text, text, interval, integer, integer, interval),
bss.request_validation(json, text), bss.resolve_tenant(text, text),
bss.claim_call(text, text), bss.finish_call(bigint, bigint, jsonb),
bss.fail_call(bigint, bigint, text, boolean, interval), bss.cancel_call(bigint),
bss.maintain_services()
to bss_admin;
grant execute on function
bss.schedule_task(text, jsonb, timestamptz, text, text), bss.claim_tasks(text, integer, text[]),
bss.extend_task(bigint, bigint), bss.finish_task(bigint, bigint, jsonb),
bss.fail_task(bigint, bigint, text, boolean), bss.cancel_task(bigint)
to bss_admin, bss_app, bss_tenant;


-- What can be read. The views run with the reader's rights, so the tables are granted as well; the
-- policies say which rows.

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
-- the wrapped keys are nobody's to read
grant select (
    tenant_id, version, status, master_key_id, created_at, retired_at, destroyed_at
) on bss_metadata.tenant_keys to bss_admin;
grant select on bss.tenant_keys to bss_admin;
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
grant select on bss_metadata.outbox, bss.events, bss.debezium_outbox
to bss_admin, bss_app, bss_tenant, bss_analytics;
grant select (origin, first_id) on bss_metadata.epochs
to bss_admin, bss_app, bss_tenant, bss_analytics;
grant select on bss_metadata.consumers, bss_metadata.consumer_streams, bss.consumers
to bss_admin, bss_monitor;
grant select on bss.dead_letters to bss_admin;
grant select (consumer, event_id, ordinal, tenant_id, attempts, due_at, reason, dead_at)
on bss_metadata.deliveries to bss_admin;
grant select on bss_metadata.relays, bss.relays to bss_admin, bss_monitor;
-- monitoring sees how far readers are, not what they read
grant select (id, xid, tenant_id, topic, created_at) on bss_metadata.outbox to bss_monitor;
grant select (consumer, event_id, dead_at) on bss_metadata.deliveries to bss_monitor;
grant select (first_id) on bss_metadata.epochs to bss_monitor;
grant select on
    bss_metadata.handlers, bss_metadata.received_events, bss_metadata.calls, bss.handlers,
    bss.received_events, bss.service_calls
to bss_admin;
grant select on bss_metadata.tasks, bss.tasks to bss_admin, bss_app, bss_tenant, bss_analytics;
grant select on
    bss_metadata.services, bss_metadata.counts, bss.services, bss.metrics
to bss_admin, bss_monitor;
grant select (status) on bss_metadata.received_events to bss_monitor;
grant select (service, outcome, created_at) on bss_metadata.calls to bss_monitor;
grant select (status, due_at) on bss_metadata.tasks to bss_monitor;
-- monitoring counts tenants and versions; it has no business with documents and actions
grant select on bss_metadata.tenants, bss.tenants to bss_monitor;
grant select (tenant_id, version, applied_at, blueprint_version)
on bss_metadata.tenant_schemas to bss_monitor;
grant select on
    bss_metadata.drift_findings, bss.drift_findings, bss_metadata.ddl_log, bss.ddl_log
to bss_admin, bss_monitor;
grant select (tenant_id, version, position, state, started_at, finished_at)
on bss_metadata.pending_steps to bss_monitor;
