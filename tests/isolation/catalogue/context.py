"""A: to be taken for another tenant. T: by a token. P: by what PostgREST says of a request."""

from tests.isolation.canary import Kind
from tests.isolation.catalogue.entry import Attack
from tests.isolation.principal import (
    BOUND,
    GATEWAY,
    GATEWAYS,
    OPERATOR,
    OUTSIDE,
    OUTSIDERS,
    STRANGERS,
    TENANT,
    TOKEN,
)

LOOK = "select body from {victim}.notes limit 5"
POOLED = (GATEWAY, TOKEN)
"""Who shares a session with the victim's clients."""

SPOOFS = (
    Attack(
        number="A1a",
        title="Name the victim in the setting that applications use",
        steps=("set local app.current_tenant_id = '{victim_id}'", LOOK),
    ),
    Attack(
        number="A1b",
        title="Name the victim in settings of other names",
        steps=(
            "select set_config(name, '{victim_id}', false) from unnest("
            "array['app.tenant_id', 'bss.tenant', 'bss.context', 'request.jwt.claims']) as name",
            LOOK,
        ),
    ),
    Attack(
        number="A3a",
        title="Name the victim at the start of the session",
        options="-c app.current_tenant_id={victim_id}",
        on=("direct",),
        steps=(LOOK,),
    ),
    Attack(
        number="A3b",
        title="Write the context at the start of the session",
        options="-c backtrace_functions={victim_context}",
        on=("direct",),
        steps=(LOOK,),
    ),
    Attack(
        number="A4a",
        title="Write the context into the settings of one's own role",
        forbidden=True,
        steps=("alter role current_user set backtrace_functions = '{victim_context}'",),
    ),
    Attack(
        number="A4b",
        title="Write the context into the settings of the database",
        forbidden=True,
        steps=("alter database \"{database}\" set backtrace_functions = '{victim_context}'",),
    ),
    Attack(
        number="A5a",
        title="Write the context by SET",
        steps=("set local backtrace_functions = '{victim_context}'", LOOK),
    ),
    Attack(
        number="A5b",
        title="Write the context by set_config() and by pg_settings",
        steps=(
            "select set_config('backtrace_functions', '{victim_context}', true)",
            "update pg_settings set setting = '{victim_context}'"
            " where name = 'backtrace_functions'",
            LOOK,
        ),
    ),
    Attack(
        number="A5c",
        title="Write the context by a setting of a function of one's own",
        steps=(
            "create function sandbox.look() returns setof text"
            " set backtrace_functions = '{victim_context}' language sql"
            " begin atomic select n.body from {victim}.notes as n; end",
            "select * from sandbox.look() limit 5",
        ),
    ),
    Attack(
        number="A5d",
        title="Grant the parameter of the context",
        forbidden=True,
        steps=("grant set on parameter backtrace_functions to public",),
    ),
    Attack(
        number="A7",
        title="Take up a context that was seen in a session of the victim",
        by=POOLED,
        before=(
            "select set_config('sandbox.seen', current_setting('backtrace_functions'), false)",
        ),
        steps=(
            "select set_config('backtrace_functions', current_setting('sandbox.seen'), true)",
            LOOK,
        ),
        works_for_superuser=False,
    ),
    Attack(
        number="A8a",
        title="Enter the victim without being a gateway, or by name where a token is needed",
        by=tuple(item for item in OUTSIDERS if item != GATEWAY),
        forbidden=True,
        steps=("select bss.use_tenant('{victim_name}')",),
    ),
    Attack(
        number="A8b",
        title="Enter the victim after one's own tenant, in one transaction",
        by=(GATEWAY,),
        forbidden=True,
        steps=("select bss.use_tenant('{victim_name}')",),
    ),
    Attack(
        number="A8c",
        title="Enter the victim by its uuid, then look",
        by=tuple(item for item in OUTSIDERS if item != GATEWAY),
        steps=("select bss.use_tenant('{victim_id}')", LOOK),
    ),
    Attack(
        number="A8d",
        title="Call what enters a tenant behind the functions that ask who is calling",
        forbidden=True,
        steps=("select bss_internal.set_context('{victim_id}', '{victim}')",),
    ),
    Attack(
        number="A8e",
        title="Enter the pool, as if it were a tenant",
        by=(GATEWAY,),
        homes=("pool",),
        inside=False,
        forbidden=True,
        steps=("begin; select bss.use_tenant('{own_tables}')",),
        works_for_superuser=False,
    ),
)

LEFTOVERS = (
    Attack(
        number="A9a",
        title="Find the context of the client before",
        by=(*POOLED, OUTSIDE),
        before=("select 1",),
        inside=False,
        steps=(LOOK,),
        works_for_superuser=False,
    ),
    Attack(
        number="A9b",
        title="Find the search path of the client before",
        by=POOLED,
        before=("set search_path = {victim}",),
        inside=False,
        steps=("select body from notes limit 5",),
        works_for_superuser=False,
    ),
    Attack(
        number="A9c",
        title="Execute a statement that the client before has prepared and executed",
        by=POOLED,
        before=("prepare look as " + LOOK, "execute look"),
        steps=("execute look",),
        works_for_superuser=False,
    ),
    Attack(
        number="A9d",
        title="Fetch from a cursor that the client before holds",
        by=POOLED,
        on=("direct",),
        before=("declare held cursor with hold for " + LOOK,),
        inside=False,
        steps=("fetch all from held",),
        reveals=frozenset({Kind.VALUE}),
        works_for_superuser=False,
    ),
    Attack(
        number="A9e",
        title="Fetch from a cursor that the client before holds, through a pooler that sweeps",
        by=POOLED,
        on=("pooled",),
        before=("declare held cursor with hold for " + LOOK,),
        inside=False,
        steps=("fetch all from held",),
        works_for_superuser=False,
    ),
    Attack(
        number="A9f",
        title="Find settings of the client before",
        by=POOLED,
        on=("pooled",),
        before=("set sandbox.note = '{victims_value}'",),
        steps=("select current_setting('sandbox.note', true)",),
        works_for_superuser=False,
    ),
    Attack(
        number="A9g",
        title="Find a temporary table of the client before",
        by=POOLED,
        before=("create temporary table loot as " + LOOK,),
        steps=("select * from pg_temp.loot",),
        works_for_superuser=False,
    ),
    Attack(
        number="A13",
        title="Enter a tenant outside a transaction, and look in the next statement",
        by=(GATEWAY,),
        inside=False,
        steps=("select bss.use_tenant('{victim_name}')", LOOK),
        works_for_superuser=False,
    ),
)

ROLES = (
    Attack(
        number="A10a",
        title="Become a role of BSS by SET ROLE",
        by=OUTSIDERS,
        forbidden=True,
        steps=("set local role bss_owner; select 1",),
    ),
    Attack(
        number="A10b",
        title="Become the gateway's login, or the victim's",
        by=tuple(item for item in OUTSIDERS if item != GATEWAY),
        steps=('set local role "{victims_login}"', LOOK),
        works_for_superuser=False,
    ),
    Attack(
        number="A11",
        title="Leave the role that the transaction was given, and take the victim's",
        by=BOUND,
        steps=('reset role; set local role "{victims_login}"', LOOK),
        works_for_superuser=False,
    ),
    Attack(
        number="A11b",
        title="Change who opened the session",
        forbidden=True,
        steps=('set session authorization "{victims_login}"; select 1',),
    ),
    Attack(
        number="A15",
        title="Be taken for the victim by a login whose name differs by case alone",
        by=(TENANT,),
        steps=("select bss.current_tenant_id()", LOOK),
    ),
    Attack(
        number="A16",
        title="Bind a login, one's own or the victim's",
        by=OUTSIDERS,
        forbidden=True,
        steps=("select bss.bind_login('{victims_login}', '{own_name}')",),
    ),
)

FAULTS = (
    "unsigned", "of_no_algorithm", "of_another_algorithm", "of_another_key", "of_no_key",
    "of_unknown_key", "of_retired_key", "with_other_claims", "expired", "without_end",
    "of_a_year", "of_the_future", "of_no_audience", "of_another_audience", "with_extension",
)  # fmt: skip
"""The faults of tokens, in the order of the numbers."""

TOKENS = tuple(
    Attack(
        number=f"T{number}",
        title=f"Show a token {fault.replace('_', ' ')}",
        by=GATEWAYS,
        forbidden=True,
        steps=(f"select bss.use_token('{{token_{fault}}}')",),
        works_for_superuser=False,
    )
    for number, fault in enumerate(FAULTS, start=1)
)

REQUESTS = (
    Attack(
        number="P1",
        title="Write the claims of a request, where a token is needed",
        by=(TOKEN, OUTSIDE),
        steps=(
            "select set_config('request.jwt.claims',"
            ' \'{{"tenant_id": "{victim_name}", "aud": "{database}"}}\', true)',
            "select bss.pre_request()",
            LOOK,
        ),
        works_for_superuser=False,
    ),
    Attack(
        number="P2",
        title="Write claims without an audience",
        by=GATEWAYS,
        inside=False,
        forbidden=True,
        steps=(
            "begin; select set_config('request.jwt.claims',"
            ' \'{{"tenant_id": "{victim_name}"}}\', true); select bss.pre_request()',
        ),
        works_for_superuser=False,
    ),
    Attack(
        number="P3",
        title="Send a token that is not signed",
        by=(TOKEN, OUTSIDE),
        forbidden=True,
        steps=(
            "select set_config('request.headers',"
            ' \'{{"authorization": "Bearer {token_of_no_algorithm}"}}\', true)',
            "select bss.pre_request()",
        ),
        works_for_superuser=False,
    ),
)

OPERATORS = (
    Attack(
        number="O1",
        title="Read rows as an operator who has not said why",
        by=(OPERATOR,),
        steps=("select bss.use_tenant('{victim_name}')", LOOK),
    ),
    Attack(
        number="O2",
        title="Act as an operator without a reason",
        by=(OPERATOR,),
        forbidden=True,
        steps=("select bss.as_operator(e' \\t')",),
        works_for_superuser=False,
    ),
    Attack(
        number="O3",
        title="Act as an operator where it cannot be recorded",
        by=(OPERATOR,),
        steps=(
            "set transaction read only; select bss.as_operator('ticket')",
            "select bss.use_tenant('{victim_name}')",
            LOOK,
        ),
    ),
    Attack(
        number="O4",
        title="Act as an operator without being one",
        by=(*BOUND, *STRANGERS),
        forbidden=True,
        steps=("select bss.as_operator('ticket')",),
    ),
    Attack(
        number="O5",
        title="Read the values that a migration set aside",
        steps=("select value from bss_metadata.quarantined_values",),
    ),
    Attack(
        number="O6",
        title="Change rows as an operator who has not said why",
        by=(OPERATOR,),
        forbidden=True,
        steps=("update {victim}.notes set body = 'x'",),
    ),
)

ATTACKS = (*SPOOFS, *LEFTOVERS, *ROLES, *TOKENS, *REQUESTS, *OPERATORS)
