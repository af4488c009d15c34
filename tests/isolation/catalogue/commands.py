"""F: commands about many rows, and locks. H: notifications. L: DDL and grants. M: replication."""

from tests.isolation.canary import Kind
from tests.isolation.catalogue.entry import Attack
from tests.isolation.principal import BOUND, GATEWAYS, OPERATOR, OUTSIDERS, TENANT

BULK = (
    Attack(
        number="F1",
        title="Truncate the victim's table",
        forbidden=True,
        steps=("truncate {victim}.notes, {victim}.replies",),
    ),
    Attack(
        number="F2",
        title="Lock the victim's table",
        forbidden=True,
        steps=("lock table {victim}.notes in access exclusive mode",),
        reveals=frozenset({Kind.EFFECT}),
        reaches=(*GATEWAYS, OPERATOR),
        also_in_pools=(TENANT,),
    ),
    Attack(number="F3a", title="Copy the rows out", steps=("copy {victim}.replies to stdout",)),
    Attack(
        number="F3b",
        title="Copy the result of a query out",
        steps=("copy (select * from {victim}.replies) to stdout",),
    ),
    Attack(
        number="F3c",
        title="Copy rows in",
        forbidden=True,
        steps=("copy {victim}.replies (reply_id, note_id) from stdin",),
        works_for_superuser=False,
    ),
    Attack(
        number="F5",
        title="Give rows of one's own to the victim",
        by=BOUND,
        forbidden=True,
        steps=("update {own}.notes set tenant_id = '{victim_id}'",),
        works_for_superuser=False,
    ),
    Attack(
        number="F6a",
        title="Update all rows that there are",
        steps=("update {victim}.replies set body = concat(body, 'x') returning body",),
    ),
    Attack(
        number="F6b",
        title="Delete all rows that there are",
        steps=("with gone as (delete from {victim}.replies returning body) select * from gone",),
    ),
    Attack(
        number="F7",
        title="Merge into the victim's table",
        forbidden=True,
        steps=(
            "merge into {victim}.replies as t using (values (20000001)) as s (id)"
            " on t.reply_id = s.id when matched then update set body = 'x'"
            " when not matched then do nothing",
        ),
    ),
    Attack(
        number="F8",
        title="Show a conflicting row to a cheap function",
        steps=(
            *(
                f"insert into {{victim}}.notes ({columns}) values ({values}) on conflict"
                " on constraint notes_pkey do update set body = 'x' where sandbox.spy(notes.body)"
                " returning body"
                for columns, values in (
                    ("note_id", "20000001"),
                    ("note_id, tenant_id", "20000001, '{own_id}'"),
                    ("note_id, tenant_id", "20000001, '{victim_id}'"),
                )
            ),
        ),
    ),
    Attack(
        number="F11",
        title="Lock rows of the victim",
        steps=("select body from {victim}.notes limit 5 for update",),
    ),
    Attack(
        number="F12b",
        title="Hold the advisory lock that keeps a tenant in its pool",
        homes=("pool",),
        forbidden=True,
        steps=("select pg_advisory_xact_lock(uuid_hash_extended('{victim_id}', 0))",),
        reveals=frozenset({Kind.EFFECT}),
    ),
    Attack(
        number="F15",
        title="Leave a transaction prepared",
        forbidden=True,
        inside=False,
        steps=("begin; select 1; prepare transaction 'loot'",),
        works_for_superuser=False,
    ),
)

NOTIFICATIONS = (
    Attack(
        number="H1",
        title="Listen to what is sent when the victim writes",
        inside=False,
        on=("direct",),
        acts="begin; update {victim}.replies set body = body where tenant_id = '{victim_id}';"
        " commit;"
        " update {victim}.notes set body = body where note_id = 20000001",
        steps=("listen bss_events", "listen outbox", "select 1"),
        works_for_superuser=False,
    ),
)

DDL = (
    Attack(
        number="L2",
        title="Make a table in schema public",
        forbidden=True,
        steps=("create table public.loot (body text)",),
    ),
    Attack(
        number="L3a",
        title="Make a temporary table",
        forbidden=True,
        steps=("create temporary table loot (body text)",),
    ),
    Attack(
        number="L3b",
        title="Make a schema",
        forbidden=True,
        steps=("create schema loot",),
    ),
    Attack(
        number="L3c",
        title="Keep something in a large object",
        forbidden=True,
        steps=("select lo_from_bytea(0, 'loot')",),
    ),
    Attack(
        number="L3d",
        title="Make a table among one's own",
        forbidden=True,
        steps=("create table {own}.loot (body text)",),
    ),
    Attack(
        number="L4",
        title="Make a trigger that shows the victim's rows when it writes",
        forbidden=True,
        steps=(
            "create trigger loot after update on {victim}.notes for each row"
            " execute function tsvector_update_trigger()",
        ),
    ),
    Attack(
        number="L5",
        title="Drop what one owns, policies among it, then look",
        steps=("drop owned by current_user", "select body from {victim}.notes limit 5"),
        by=OUTSIDERS,
    ),
    Attack(
        number="L7a",
        title="Write a setting of the server",
        forbidden=True,
        inside=False,
        steps=("alter system set log_statement = 'none'",),
        works_for_superuser=False,
    ),
    Attack(
        number="L7b",
        title="Have triggers and foreign keys pass by",
        forbidden=True,
        steps=("set local session_replication_role = replica; select 1",),
    ),
    Attack(
        number="L8",
        title="Have the event trigger call operators of one's own",
        by=BOUND,
        steps=(
            "create function sandbox.eq(name, name) returns boolean language plpgsql as $$ begin"
            " if current_user <> session_user then raise notice 'canary_rights'; end if;"
            " return true; end $$;"
            "create operator sandbox.= (leftarg = name, rightarg = name, function = sandbox.eq);"
            "create function sandbox.eq(text, text) returns boolean language plpgsql as $$ begin"
            " if current_user <> session_user then raise notice 'canary_rights'; end if;"
            " return true; end $$;"
            "create operator sandbox.= (leftarg = text, rightarg = text, function = sandbox.eq);"
            "create operator sandbox.<> (leftarg = text, rightarg = text, function = sandbox.eq)",
            "set local search_path = sandbox, pg_catalog",
            "create table sandbox.loot (a integer); drop table sandbox.loot",
        ),
        works_for_superuser=False,
    ),
    Attack(
        number="L9a",
        title="Make a role",
        forbidden=True,
        steps=("create role loot_of_attack",),
    ),
    Attack(
        number="L9b",
        title="Become a member of a role",
        forbidden=True,
        steps=("grant bss_admin, pg_read_server_files to current_user",),
    ),
    Attack(
        number="L10",
        title="Switch row-level security off for the table",
        forbidden=True,
        steps=("alter table {own}.notes disable row level security",),
    ),
    Attack(
        number="L11a",
        title="Make statistics of the victim's table",
        forbidden=True,
        steps=("create statistics sandbox.loot on note_id, body from {victim}.notes",),
    ),
    Attack(
        number="L11b",
        title="Write a comment on one's own table",
        forbidden=True,
        steps=("comment on table {own}.notes is 'loot'",),
    ),
    Attack(
        number="L11c",
        title="Give what belongs to BSS to oneself",
        forbidden=True,
        steps=("reassign owned by bss_owner to current_user",),
    ),
    Attack(
        number="L12",
        title="Grant what one was granted",
        by=BOUND,
        forbidden=True,
        steps=(
            "grant select on {own}.notes to public",
            "select from information_schema.role_table_grants"
            " where table_schema = '{own}' and grantee = 'PUBLIC'",
        ),
    ),
)

REPLICATION = (
    Attack(
        number="M1",
        title="Read the changes of all tenants by a replication slot",
        forbidden=True,
        steps=("select pg_create_physical_replication_slot('loot')",),
        inside=False,
        works_for_superuser=False,
    ),
    Attack(
        number="M2a",
        title="Publish the victim's table",
        forbidden=True,
        steps=("create publication loot for table {victim}.notes",),
    ),
    Attack(
        number="M2b",
        title="Subscribe to somebody",
        forbidden=True,
        steps=(
            "create subscription loot connection 'dbname=x' publication p"
            " with (connect = false, slot_name = none)",
        ),
    ),
    Attack(
        number="M10",
        title="Dump: as pg_dump reads, with row-level security as an error",
        steps=("set local row_security = off", "copy {victim}.replies to stdout"),
    ),
)

ATTACKS = (*BULK, *NOTIFICATIONS, *DDL, *REPLICATION)
