"""Defences around rows: policies, constraints, privileges, roles, what `bss harden` does."""

from tests.isolation.defences.entry import Defence

NOTES = "{victim}.notes"
OF_TENANTS = (
    "tenants", "tenant_schemas", "pending_steps", "quarantined_values", "tenant_audit_log",
)  # fmt: skip
OF_OPERATORS = (
    "logins", "ddl_log", "drift_findings", "fleet_tenants", "blueprints", "blueprint_versions",
    "shared_uses",
)  # fmt: skip
OF_THE_OWNER = ("partitions", "document_uses")
VIEWS = ("tenants", "schema_versions", "pending_steps", "quarantined_values", "audit_log")

ROWS = (
    Defence(
        name="row-level security",
        removal=f"alter table {NOTES} disable row level security",
    ),
    Defence(
        name="row-level security that is forced on the owner",
        removal=f"alter table {NOTES} no force row level security",
    ),
    Defence(
        name="the policy that asks whose the table is, in reading",
        removal=f"alter policy tenant_isolation on {NOTES} using (true)",
    ),
    Defence(
        name="the policy that asks whose the table is, in writing",
        removal=f"alter policy tenant_isolation on {NOTES} with check (true)",
    ),
    Defence(
        name="that the policy asks for the tenant of the table and for no other",
        removal=f"alter policy tenant_isolation on {NOTES} using ("
        "(select nullif(bss.current_tenant_id() in ('{victim_id}', '{own_id}'), false))"
        " is not null)",
    ),
    Defence(
        name="that no other policy lets rows through",
        removal=f"create policy loot on {NOTES} for select using (true)",
    ),
    Defence(
        name="the policy for functions of BSS, which is for bss_owner alone",
        removal=f"alter policy operator_all on {NOTES} to public;"
        " grant usage on schema bss_internal to public;"
        " grant execute on function bss_internal.is_operator() to public",
    ),
    Defence(
        name="the same, which asks for an operator",
        removal=f"alter policy operator_all on {NOTES} using (true)",
    ),
    Defence(
        name="the policy for analysts, which is for them alone",
        removal=f"alter policy analytics_read on {NOTES} to public",
    ),
    Defence(
        name="that a table has the rows of its tenant alone, by its policy and by its check",
        removal="alter table {own}.notes drop constraint notes_tenant_id_check;"
        " alter policy tenant_isolation on {own}.notes with check ("
        "(select nullif(bss.current_tenant_id() = '{own_id}', false)) is not null)",
    ),
    Defence(
        name="that a table has no rows of others, by its check and by whom its policy asks for",
        removal=f"alter table {NOTES} drop constraint notes_tenant_id_check;"
        f" alter policy tenant_isolation on {NOTES} with check ("
        "tenant_id = (select bss.current_tenant_id()))",
    ),
    Defence(
        name="that partitions are closed, by privileges and by row-level security",
        removal="alter table {part} disable row level security; grant select on {part} to bss_app",
    ),
    Defence(
        name="that a tenant's schema is closed to the logins of others",
        removal="grant usage on schema {victim} to bss_tenant",
    ),
    Defence(
        name="that analysts write nothing",
        removal=f"grant update on {NOTES} to bss_analytics",
    ),
    Defence(
        name="that nobody truncates",
        # so does what tells of the rows that go
        removal="grant truncate on {victim}.notes, {victim}.replies to bss_app;"
        " drop trigger capture_truncate on {victim}.notes;"
        " drop trigger capture_truncate on {victim}.replies",
    ),
    Defence(
        name="that nobody refers to another's table",
        removal=f"grant references on {NOTES} to bss_app",
    ),
    Defence(
        name="that nobody makes triggers",
        removal=f"grant trigger on {NOTES} to bss_app",
    ),
    Defence(
        name="that nobody makes tables in a tenant's schema",
        removal="grant create on schema {own} to bss_app",
    ),
    Defence(
        name="that a tenant's tables are bss_owner's",
        removal="alter table {own}.notes owner to bss_app",
    ),
    Defence(
        name="the event trigger that closes what is made by hand",
        removal="drop event trigger bss_ddl; drop table {victim}.made_by_hand;"
        " create table {victim}.made_by_hand as select '{victims_value}'::text as body;"
        " grant select on {victim}.made_by_hand to public",
    ),
)

METADATA = (
    *(
        Defence(
            name=f"the policy of bss_metadata.{table} for tenants",
            removal=f"alter policy tenant_read on bss_metadata.{table} using (true)",
        )
        for table in OF_TENANTS
    ),
    Defence(
        name="the policy of bss_metadata.tenant_schemas for tenants of the same pool",
        removal="alter policy pool_read on bss_metadata.tenant_schemas using (true)",
    ),
    *(
        Defence(
            name=f"that bss_metadata.{table} is for operators, by privileges and by its policy",
            removal=f"grant select on bss_metadata.{table} to bss_app;"
            f" alter policy operator_read on bss_metadata.{table} to bss_admin, bss_app",
        )
        for table in OF_OPERATORS
    ),
    *(
        Defence(
            name=f"that bss_metadata.{table} is for BSS, by privileges and by its policy",
            removal=f"grant select on bss_metadata.{table} to bss_app;"
            f" alter policy owner_all on bss_metadata.{table} to bss_owner, bss_app",
        )
        for table in OF_THE_OWNER
    ),
    Defence(
        name="that operators say why before they read values that were set aside",
        removal="alter policy analytics_read on bss_metadata.quarantined_values"
        " to bss_analytics, bss_admin",
    ),
    *(
        Defence(
            name=f"that bss.{view} is read with its reader's rights",
            removal=f"alter view bss.{view} reset (security_invoker)",
        )
        for view in VIEWS
    ),
    Defence(
        name="that the keys of tokens are for nobody",
        removal="grant usage on schema bss_internal to bss_app;"
        " grant select on bss_internal.token_keys to bss_app",
    ),
    Defence(
        name="that the Python of the compiler is for nobody to write",
        removal="grant usage on schema bss_internal to bss_app;"
        " grant update, select on bss_internal.python_modules to bss_app",
    ),
    Defence(
        name="that the bindings are for functions alone to write",
        removal="grant select, update on bss_metadata.logins to bss_app;"
        " alter policy owner_all on bss_metadata.logins to bss_owner, bss_app",
    ),
)

DATABASE = (
    Defence(
        name="bss harden: temporary tables",
        removal='grant temporary on database "{database}" to public',
    ),
    Defence(
        name="bss harden: schemas, and with them trusted extensions",
        removal='grant create on database "{database}" to public',
    ),
    Defence(name="bss harden: schema public", removal="grant create on schema public to public"),
    Defence(
        name="bss harden: large objects",
        removal="grant execute on function lo_from_bytea(oid, bytea) to public",
    ),
    Defence(
        name="that PL/Python is not trusted",
        removal="update pg_language set lanpltrusted = true where lanname = 'plpython3u';"
        " grant usage on language plpython3u to public",
    ),
    Defence(
        name="that nobody may set the parameter of the context",
        removal="grant set on parameter backtrace_functions to public",
        restore="revoke set on parameter backtrace_functions from public",
    ),
    Defence(
        name="that bss_owner has no members",
        removal="grant bss_owner to bss_app",
        restore="revoke bss_owner from bss_app",
    ),
    Defence(
        name="that no role of BSS makes roles",
        removal='alter role "{gateways_login}" createrole',
        restore='alter role "{gateways_login}" nocreaterole',
    ),
    Defence(
        name="that no role of BSS reads the server's files",
        removal="grant pg_read_server_files to bss_monitor",
        restore="revoke pg_read_server_files from bss_monitor",
    ),
    Defence(
        name="that no role of BSS replicates",
        removal='alter role "{gateways_login}" replication',
        restore='alter role "{gateways_login}" noreplication',
    ),
    Defence(
        name="that nobody passes triggers by",
        removal="grant set on parameter session_replication_role to bss_app",
        restore="revoke set on parameter session_replication_role from bss_app",
    ),
    Defence(
        name="that the pooler sweeps a session before it hands it on",
        settings={"server_reset_query_always": "0"},
    ),
)

DEFENCES = (*ROWS, *METADATA, *DATABASE)
