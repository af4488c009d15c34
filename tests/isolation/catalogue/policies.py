"""C: to see rows before a policy does. G: to find a way around policies."""

from tests.isolation.catalogue.entry import Attack
from tests.isolation.principal import ANALYST, BOUND, GATEWAY, OPERATOR, PRINCIPALS, TOKEN

LOOK = "select body from {victim}.notes limit 5"
WITHOUT_READERS = tuple(item for item in PRINCIPALS if item not in (ANALYST, OPERATOR))

ATTACKS = (
    Attack(number="C0a", title="Read the victim's rows", steps=(LOOK,)),
    Attack(
        number="C0b",
        title="Read the victim's rows by their key, which is known",
        steps=("select * from {victim}.notes where note_id = 20000001",),
    ),
    Attack(
        number="C0c",
        title="Read the rows of a table that is parted",
        steps=("select * from {victim}.readings",),
    ),
    Attack(
        number="C0d",
        title="Read a part of it by its own name",
        steps=("select * from {part}",),
    ),
    Attack(
        number="C1",
        title="Show each row to a cheap function before the policy",
        steps=(
            "select from {victim}.notes where sandbox.spy(body) limit 5",
            # of the partitions of a silo, a policy is a filter that is asked once
            "select from {victim}.readings where sandbox.spy(body) limit 5",
        ),
    ),
    Attack(
        number="C3",
        title="Show to a cheap function what the views of BSS are made of",
        steps=(
            "select from bss.tenants where sandbox.spy(external_id)",
            "select from bss.schema_versions where sandbox.spy(tenant)",
            "select from bss.audit_log where sandbox.spy(correlation_id)",
            "select from bss.quarantined_values where sandbox.spy(value)",
        ),
    ),
    Attack(
        number="C4",
        title="The same, by the condition of a join",
        steps=(
            "select from {victim}.notes as v join generate_series(1, 2) as n on sandbox.spy(v.body)"
            " limit 5",
            "select from {victim}.notes as v left join {victim}.replies as r"
            " on r.note_id = v.note_id and sandbox.spy(r.body) limit 5",
        ),
    ),
    Attack(
        number="C5",
        title="Show to an operator of one's own what the planner knows of the values",
        steps=(
            "create function sandbox.below(text, text) returns boolean language plpgsql"
            " as $$ begin raise notice 'seen: % %', $1, $2; return true; end $$",
            "create operator sandbox.<<< (leftarg = text, rightarg = text,"
            " function = sandbox.below, restrict = scalarltsel)",
            "explain select from {victim}.notes where body operator(sandbox.<<<) 'x'",
            "select most_common_vals, histogram_bounds from pg_stats where schemaname = '{victim}'",
        ),
    ),
    Attack(
        number="C6",
        title="The same, within CASE and within an array",
        steps=(
            "select case body when 'x' then 1 end from {victim}.notes"
            " where case body when sandbox.spy(body)::text then true else true end limit 5",
            "select from {victim}.notes where array[body]::text[] = array['x'::text]"
            " or sandbox.spy(array[body]) limit 5",
        ),
    ),
    Attack(
        number="C7",
        title="Use a plan that was made for the victim, under its search path",
        by=(GATEWAY, TOKEN),
        on=("direct",),
        before=("prepare seen as " + LOOK, "execute seen"),
        steps=(
            "set local search_path = {victim}, bss_shared, public, pg_temp",
            "execute seen",
        ),
        works_for_superuser=False,
    ),
    Attack(
        number="C8",
        title="Prepare a statement with a subquery and a function, and execute it otherwise",
        by=BOUND,
        steps=(
            "prepare sub as with v as (select body from {victim}.notes)"
            " select (select max(body) from v), * from {own}.notes as o"
            " where exists (select from {victim}.notes as x where x.note_id <> o.note_id)",
            "set local plan_cache_mode = force_generic_plan; reset role; execute sub",
            "deallocate sub; select (select max(body) from {victim}.notes)",
        ),
    ),
    Attack(
        number="C11",
        title="Switch row-level security off",
        steps=("set local row_security = off", LOOK),
    ),
    Attack(
        number="C13",
        title="Read in parallel workers",
        steps=(
            "set local parallel_setup_cost = 0; set local parallel_tuple_cost = 0;"
            " set local min_parallel_table_scan_size = 0",
            # which of the two there is depends on the server's version
            "select set_config(name, 'on', true) from pg_settings"
            " where name in ('force_parallel_mode', 'debug_parallel_query')",
            LOOK,
        ),
    ),
    Attack(
        number="C14",
        title="Have a value of a row raised as an error",
        steps=(
            "select body::integer from {victim}.notes"
            " where note_id > 20000000 and body::integer > 0",
        ),
    ),
    Attack(
        number="C16",
        title="Read by the place of a row",
        steps=(
            "select xmin, * from {victim}.notes where ctid = '(0,1)'",
            "select * from {victim}.notes where ctid = any (array["
            "'(0,1)'::tid, '(0,2)', '(1,1)', '(2,1)'])",
        ),
    ),
    Attack(
        number="G1",
        title="Read views of one's own over the victim's tables",
        steps=(
            "create view sandbox.seen as select * from {victim}.notes;"
            " grant select on sandbox.seen to public",
            "select * from sandbox.seen limit 5",
        ),
    ),
    Attack(
        number="G2",
        title="Call a function of bss_owner that reads the victim's rows",
        by=WITHOUT_READERS,
        steps=("select sandbox.careless() limit 5",),
    ),
    Attack(
        number="G3",
        title="Keep the victim's rows in a materialized view",
        steps=(
            "create materialized view sandbox.kept as select * from {victim}.notes limit 5",
            "select * from sandbox.kept",
        ),
    ),
    Attack(
        number="G5",
        title="Read a table that somebody made by hand among the victim's, and granted to all",
        steps=("select * from {victim}.made_by_hand",),
    ),
    Attack(
        number="G6",
        title="Make a policy that lets everything through",
        forbidden=True,
        steps=("create policy loot on {victim}.notes using (true)",),
    ),
    Attack(
        number="G7a",
        title="Change the victim's rows",
        forbidden=True,
        steps=("update {victim}.notes set body = 'x' where note_id = 20000002",),
    ),
    Attack(
        number="G7b",
        title="Delete the victim's rows",
        forbidden=True,
        steps=("delete from {victim}.notes where note_id = 20000002",),
    ),
    Attack(
        number="G7c",
        title="Insert a row of the victim's",
        homes=("silo",),
        forbidden=True,
        steps=("insert into {victim}.notes (note_id) values (5)",),
    ),
    Attack(
        number="G7d",
        title="Read the default of the victim's table, then insert with its tenant's id",
        forbidden=True,
        steps=("insert into {own}.notes (note_id, tenant_id) values (5, '{victim_id}')",),
        works_for_superuser=False,
    ),
    Attack(
        number="G7e",
        title="Put a row of one's own among the victim's",
        homes=("silo",),
        forbidden=True,
        steps=("insert into {victim}.notes (note_id, tenant_id) values (5, '{own_id}')",),
        works_for_superuser=False,
    ),
    Attack(
        number="G7f",
        title="Put rows into the pool for a tenant that is not in it",
        by=(GATEWAY,),
        homes=("pool",),
        inside=False,
        forbidden=True,
        steps=(
            "begin; select bss.use_tenant('{stranger_name}');"
            " insert into {victim}.notes (note_id) values (5)",
        ),
        works_for_superuser=False,
    ),
    Attack(
        number="G9",
        title="Make a rule for one's own table",
        forbidden=True,
        steps=("create rule loot as on insert to {own}.notes do also select 1",),
    ),
    Attack(
        number="G11a",
        title="Reach other servers",
        forbidden=True,
        steps=("create foreign data wrapper loot",),
    ),
    Attack(
        number="G11b",
        title="Read the server's files",
        forbidden=True,
        steps=("create table sandbox.loot (line text)", "copy sandbox.loot from 'PG_VERSION'"),
    ),
    Attack(
        number="G11c",
        title="Run a program where the server runs",
        forbidden=True,
        steps=("copy (select 1) to program 'cat > /dev/null'",),
    ),
    Attack(
        number="G12",
        title="Have the victim's rows returned by functions of BSS",
        by=BOUND,
        steps=(
            "select bss.validate('{victim_id}', 'Note', '{{}}')",
            "select * from bss.explain_violation('notes_pkey', '{victim}.notes', null, null)",
            LOOK,
        ),
    ),
    Attack(
        number="G13",
        title="Show to a cheap function the rows of a shared schema's metadata",
        steps=("select sandbox.spy(t) from bss_metadata.tenants as t",),
    ),
)
