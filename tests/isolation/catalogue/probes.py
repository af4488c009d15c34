"""D: to learn from constraints and errors. E: to learn from the catalog, statistics and plans."""

from tests.isolation.canary import Kind
from tests.isolation.catalogue.entry import Attack
from tests.isolation.principal import (
    ANALYST,
    BOUND,
    GATEWAY,
    GATEWAYS,
    OPERATOR,
    OUTSIDERS,
    TENANT,
    TOKEN,
)

KEYS = ("20000001", "77777777")
SLUGS = ("canary_value_of_globex20000001", "canary_value_of_globex77777777")
INSIDE = (GATEWAY, TOKEN)
ACTIVITY = "select query from pg_stat_activity where datname = current_database()"

CONSTRAINTS = (
    Attack(
        number="D1a",
        title="Insert a key that the victim has, among one's own rows",
        by=BOUND,
        guesses=KEYS,
        steps=("insert into {own}.notes (note_id) values ({guess})",),
        works_for_superuser=False,
    ),
    Attack(
        number="D1b",
        title="Insert a key that the victim has, among its rows",
        by=BOUND,
        guesses=KEYS,
        steps=("insert into {victim}.notes (note_id, tenant_id) values ({guess}, '{own_id}')",),
        works_for_superuser=False,
    ),
    Attack(
        number="D1c",
        title="Insert a value that is unique, and that the victim has",
        by=BOUND,
        guesses=SLUGS,
        steps=(
            "insert into {own}.notes (note_id, slug) values (5, '{guess}')",
            "insert into {victim}.notes (note_id, slug) values (5, '{guess}')",
            "insert into {victim}.notes (note_id, slug, tenant_id)"
            " values (6, '{guess}', '{victim_id}')",
        ),
    ),
    Attack(
        number="D2",
        title="The same, with ON CONFLICT DO NOTHING",
        by=BOUND,
        guesses=KEYS,
        steps=(
            "insert into {victim}.notes (note_id) values ({guess}) on conflict do nothing",
            *(
                "insert into {victim}.notes (note_id, tenant_id)"
                f" values ({{guess}}, '{tenant}') on conflict do nothing"
                for tenant in ("{own_id}", "{victim_id}")
            ),
        ),
    ),
    Attack(
        number="D4",
        title="Refer to a row that the victim has",
        by=BOUND,
        guesses=KEYS,
        steps=("insert into {own}.replies (reply_id, note_id) values (5, {guess})",),
        works_for_superuser=False,
    ),
    Attack(
        number="D4b",
        title="Refer to it from among its rows",
        by=BOUND,
        guesses=KEYS,
        steps=(
            "insert into {victim}.replies (reply_id, note_id, tenant_id)"
            " values (5, {guess}, '{own_id}')",
        ),
        works_for_superuser=False,
    ),
    Attack(
        number="D5",
        title="Make a table of one's own that refers to the victim's",
        forbidden=True,
        steps=(
            "create table sandbox.loot (note_id bigint, tenant_id uuid,"
            " foreign key ({key}) references {victim}.notes ({key}))",
        ),
    ),
    Attack(
        number="D7",
        title="Change a key of one's own to one that the victim has",
        by=BOUND,
        guesses=KEYS,
        steps=("update {own}.notes set note_id = {guess} where note_id = 3",),
        works_for_superuser=False,
    ),
)

CATALOG = (
    Attack(
        number="E1",
        title="Read names, comments and rules in the catalog",
        steps=(
            "select nspname from pg_namespace",
            "select relname from pg_class",
            "select attname from pg_attribute",
            "select description from pg_description",
            "select pg_get_expr(adbin, adrelid) from pg_attrdef",
            "select rolname from pg_roles",
            "select table_name from information_schema.tables",
        ),
        reveals=frozenset({Kind.NAME, Kind.COMMENT, Kind.LOGIN}),
    ),
    Attack(
        number="E2",
        title="Read how many rows there are, as the planner knows it, and sizes",
        steps=(
            "select reltuples::bigint from pg_class",
            "select n_live_tup, n_tup_ins from pg_stat_all_tables",
        ),
        reveals=frozenset({Kind.COUNT}),
    ),
    Attack(
        number="E3",
        title="Read in a plan how many rows the planner expects below a key",
        guesses=("20000001", "20004001"),
        steps=("explain select from {victim}.notes where note_id < {guess}",),
        by=OUTSIDERS,
        reveals=frozenset({Kind.EXISTENCE}),
        reaches=GATEWAYS,
        also_in_pools=(TENANT,),
    ),
    Attack(
        number="E4",
        title="Read in a plan how many rows a policy has removed",
        steps=(
            # an index of a pool finds the tenant's rows, and removes none
            "set enable_indexscan = off",
            "set enable_bitmapscan = off",
            "explain (analyze, costs off, timing off) select from {victim}.notes",
        ),
        reveals=frozenset({Kind.COUNT}),
        reaches=(*GATEWAYS, ANALYST, OPERATOR),
        also_in_pools=(TENANT,),
    ),
    Attack(
        number="E6a",
        title="Read what clients of the same gateway are executing",
        on=("direct",),
        by=INSIDE,
        beside=("select '{victims_value}'",),
        steps=(ACTIVITY,),
        reveals=frozenset({Kind.VALUE}),
        works_for_superuser=False,
    ),
    Attack(
        number="E6b",
        title="Read what the victim's own login is executing",
        by=tuple(item for item in OUTSIDERS if item not in INSIDE),
        beside=("select '{victims_value}'",),
        steps=(ACTIVITY,),
    ),
    Attack(
        number="E8a",
        title="Read which statements and cursors others have in their sessions",
        by=OUTSIDERS,
        beside=(
            "prepare loot as select '{victims_value}'::text",
            "declare loot cursor for select '{victims_value}'::text",
        ),
        steps=(
            "select * from pg_prepared_statements",
            "select * from pg_cursors",
            "select * from pg_prepared_xacts",
        ),
        works_for_superuser=False,
    ),
    Attack(
        number="E8b",
        title="Read which tables others have locked",
        beside=("lock table {victim}.notes in access share mode",),
        steps=(
            "select relation::regclass from pg_locks where relation = (select c.oid from pg_class"
            " as c where c.relname = 'notes' and c.relnamespace = '{victim}'::regnamespace)",
        ),
        forbidden=True,
        tells=Kind.ACTIVITY,
        reveals=frozenset({Kind.ACTIVITY}),
    ),
    Attack(
        number="E9",
        title="Read how far sequences are",
        forbidden=True,
        steps=("select nextval('bss_metadata.fleet_migrations_id_seq')",),
    ),
    Attack(
        number="E12",
        title="Read what checks, policies and functions say",
        steps=(
            "select pg_get_constraintdef(oid) from pg_constraint",
            "select * from pg_policies",
        ),
        reveals=frozenset({Kind.RULE}),
        of_documents=True,
    ),
    Attack(
        number="E14",
        title="Notice that somebody is writing",
        inside=False,
        acts="select pg_current_xact_id()",
        steps=("select pg_snapshot_xmax(pg_current_snapshot())",),
        reveals=frozenset({Kind.ACTIVITY}),
    ),
)

METADATA_OF_TENANTS = (
    "tenants", "tenant_schemas", "schema_migrations", "pending_steps", "quarantined_values",
    "tenant_audit_log", "logins", "ddl_log", "drift_findings", "fleet_tenants", "partitions",
    "document_uses", "shared_uses", "blueprints", "blueprint_versions", "outbox", "deliveries",
    "calls", "tasks", "tenant_keys", "consumer_streams",
)  # fmt: skip
"""What BSS keeps of tenants; a test compares it with the catalog."""
OF_DOCUMENTS = frozenset({"tenant_schemas", "schema_migrations"})
VIEWS = (
    "tenants", "schema_versions", "pending_steps", "quarantined_values", "audit_log", "logins",
    "ddl_log", "drift_findings", "fleet_tenants", "blueprints", "blueprint_versions",
    "shared_uses", "events", "dead_letters", "debezium_outbox", "service_calls", "tasks",
    "tenant_keys",
)  # fmt: skip

METADATA = (
    *(
        Attack(
            number=f"N{number}a",
            title=f"Read what bss_metadata.{table} has of others",
            steps=(f"select * from bss_metadata.{table}",),
            of_documents=table in OF_DOCUMENTS,
        )
        for number, table in enumerate(METADATA_OF_TENANTS, start=1)
    ),
    *(
        Attack(
            number=f"N{number}b",
            title=f"Read what bss.{view} has of others",
            steps=(f"select * from bss.{view}",),
            of_documents=view == "schema_versions",
        )
        for number, view in enumerate(VIEWS, start=1)
    ),
    Attack(
        number="N20",
        title="Add a tenant to what BSS keeps",
        forbidden=True,
        steps=(
            "insert into bss_metadata.tenants (external_id, schema_name)"
            " values ('loot', 'tenant_loot')",
        ),
    ),
    Attack(
        number="N21",
        title="Bind one's own login to the victim",
        forbidden=True,
        steps=("update bss_metadata.logins set tenant_id = '{victim_id}'",),
    ),
    Attack(
        number="U1",
        title="Remove entries of the audit log",
        forbidden=True,
        steps=("delete from bss_metadata.tenant_audit_log",),
        works_for_superuser=False,
    ),
    Attack(
        number="U2",
        title="Have a function of bss_owner remove them",
        forbidden=True,
        steps=("select sandbox.forget()",),
        works_for_superuser=False,
    ),
    Attack(
        number="U3",
        title="Have a superuser change what an entry says, and hope that nobody notices",
        by=(OPERATOR,),
        seen=True,
        steps=("select sandbox.tamper()", "select * from bss.verify_audit()"),
        works_for_superuser=False,
    ),
)

ATTACKS = (*CONSTRAINTS, *CATALOG, *METADATA)
