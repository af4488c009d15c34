"""B: to have functions of BSS do what their caller wants. K: the same by PL/Python."""

from tests.isolation.canary import Kind
from tests.isolation.catalogue.entry import Attack
from tests.isolation.principal import (
    BOUND,
    GATEWAY,
    GATEWAYS,
    OPERATOR,
    OUTSIDE,
    OUTSIDERS,
    TENANT,
    TOKEN,
)

FUNCTIONS = (
    # what is called when a function of BSS takes an operator or a function of the caller's
    "create function sandbox.say(text, text) returns boolean language plpgsql as $$ begin"
    " if current_user <> session_user then raise notice 'canary_rights of %', current_user; end if;"
    " return $1 operator(pg_catalog.=) $2; end $$;"
    "create function sandbox.say(uuid, uuid) returns boolean language plpgsql as $$ begin"
    " if current_user <> session_user then raise notice 'canary_rights of %', current_user; end if;"
    " return $1 operator(pg_catalog.=) $2; end $$;"
    "create function sandbox.say(name, name) returns boolean language plpgsql as $$ begin"
    " if current_user <> session_user then raise notice 'canary_rights of %', current_user; end if;"
    " return $1 operator(pg_catalog.=) $2; end $$;"
    "create function sandbox.left(text, integer) returns text language plpgsql as $$ begin"
    " if current_user <> session_user then raise notice 'canary_rights of %', current_user; end if;"
    " return pg_catalog.left($1, $2); end $$;"
    "create function sandbox.format(text, variadic text[]) returns text language plpgsql as $$"
    " begin if current_user <> session_user then raise notice 'canary_rights of %', current_user;"
    " end if; return pg_catalog.format($1, variadic $2); end $$;"
    "create function sandbox.regexp_replace(text, text, text) returns text language plpgsql as $$"
    " begin if current_user <> session_user then raise notice 'canary_rights of %', current_user;"
    " end if; return pg_catalog.regexp_replace($1, $2, $3); end $$;"
    "create function sandbox.current_setting(text) returns text language sql"
    " return case $1 when 'backtrace_functions' then '{victim_context}'"
    " else pg_catalog.current_setting($1) end;"
    "create function sandbox.pg_has_role(name, text, text) returns boolean language sql"
    " return true;"
    "create operator sandbox.= (leftarg = text, rightarg = text, function = sandbox.say);"
    "create operator sandbox.= (leftarg = uuid, rightarg = uuid, function = sandbox.say);"
    "create operator sandbox.= (leftarg = name, rightarg = name, function = sandbox.say)"
)
PATH = "set local search_path = sandbox, pg_catalog"
ASK = (
    "select bss.validate('{own_name}', 'Note', '{{\"note_id\": 1}}')",
    "select bss.schema('{own_name}')",
    "select * from bss.explain_violation('notes_kind_enum_check', 'notes', null, '{own}')",
    "select bss.validate_document('{{\"type\": \"string\"}}', '1')",
)
APPLY = (
    'select bss.apply_schema(\'{own_name}\', $doc${{"title": "Thing", "type": "object",'
    ' %s "properties": {{"thing_id": {{"type": "integer"}}%s}}}}$doc$)'
)
IN_A_NAME = r', "a": {{"x-bss": {{"column": "a\" text; drop table {victim}.made_by_hand; --"}}}}'
IN_A_VALUE = '"description": "a\'; drop table {victim}.made_by_hand; --",'
GONE = "select 1 where to_regclass('{victim}.made_by_hand') is null"
LOOK = "select body from {victim}.notes limit 5"
FILE = (
    "create function sandbox.f() returns text language plpython3u"
    " as $$ return open('/etc/passwd').read() $$; select sandbox.f()"
)

ATTACKS = (
    Attack(
        number="B1",
        title="Shadow a table by a temporary one",
        by=BOUND,
        forbidden=True,
        steps=("create temporary table notes as select 'loot'::text as body",),
    ),
    Attack(
        number="B2a",
        title="Have operators and functions of one's own called with the rights of BSS",
        by=(*BOUND, OPERATOR),
        steps=(FUNCTIONS, PATH, *ASK),
        works_for_superuser=False,
    ),
    *(
        Attack(
            number=f"B2{letter}",
            title=f"Have them called by {function}",
            by=by,
            inside=False,
            steps=(f"begin; {FUNCTIONS}; {PATH}; {call}",),
            works_for_superuser=False,
        )
        for letter, function, by, call in (
            ("b", "bss.use_tenant()", (GATEWAY,), "select bss.use_tenant('{own_name}')"),
            ("c", "bss.use_token()", (TOKEN, OUTSIDE), "select bss.use_token('{token}')"),
            ("d", "bss.as_operator()", (OPERATOR,), "select bss.as_operator('ticket')"),
            ("e", "what looks up a login", (TENANT,), "select bss.bound_tenant_id()"),
            (
                "f",
                "bss.pre_request()",
                GATEWAYS,
                "select set_config('request.headers',"
                ' \'{{"authorization": "Bearer {token}"}}\', true); select bss.pre_request()',
            ),
        )
    ),
    Attack(
        number="K6",
        title="Have them called by what asks PL/Python",
        by=(GATEWAY,),
        on=("direct",),
        steps=(FUNCTIONS, PATH, "select bss.check_schema('{{\"type\": 1}}')"),
        works_for_superuser=False,
    ),
    Attack(
        number="B3",
        title="Have a temporary type taken for the server's",
        by=(*BOUND, OPERATOR),
        forbidden=True,
        steps=("create domain pg_temp.uuid as text",),
    ),
    *(
        Attack(
            number=f"B4{letter}",
            title=f"Make a function that fits better, in schema {schema}",
            forbidden=True,
            steps=(f"create function {schema}.lower(varchar) returns text language sql return $1",),
        )
        for letter, schema in zip("abcd", ("{own}", "bss", "public", "bss_checks"), strict=True)
    ),
    Attack(
        number="B8a",
        title="Write SQL into the arguments of functions that tenants call",
        by=OUTSIDERS,
        steps=(
            "select bss.validate('{own_name}', 'Note''; select * from {victim}.notes', '{{}}')",
            "select bss.schema('{own_name}''); select * from {victim}.notes; --')",
            "select * from bss.explain_violation('x'' or true --', 'notes'' or true --', '', '')",
            "select bss.use_tenant('{own_name}'' or external_id = ''{victim_name}')",
        ),
        works_for_superuser=False,
    ),
    Attack(
        number="B8b",
        title="Ask functions that tenants call about the victim",
        by=OUTSIDERS,
        steps=(
            "select bss.schema('{victim_name}')",
            "select bss.schema('{victim_id}')",
            "select * from bss.explain_violation('notes_pkey', 'notes', null, '{victim}')",
            "select bss.validate('{victim_name}', 'Note', '{{\"note_id\": 1, \"kind\": \"x\"}}')",
        ),
        of_documents=True,
    ),
    Attack(
        number="B8c",
        title="Call what only operators may call",
        by=OUTSIDERS,
        forbidden=True,
        steps=("select bss.suspend_tenant('{victim_name}')",),
    ),
    Attack(
        number="B8d",
        title="Have the victim's tables closed",
        by=OUTSIDERS,
        forbidden=True,
        steps=("select bss.deprovision_tenant('{victim_name}')",),
    ),
    Attack(
        number="B8e",
        title="Have the victim's tables compared with what they should be",
        by=OUTSIDERS,
        steps=("select * from bss.drift('{victim_name}')",),
        works_for_superuser=False,
    ),
    Attack(
        number="B8f",
        title="Have the victim's rows moved elsewhere, if there are any",
        by=OUTSIDERS,
        homes=("pool",),
        guesses=("globex", "nobody"),
        steps=("select bss.move_tenant('{guess}', 'silo')",),
    ),
    Attack(
        number="B10",
        title="Become another role within a function that runs as bss_owner",
        by=BOUND,
        steps=("select sandbox.careless()", "select set_config('role', 'bss_owner', true)", LOOK),
    ),
    Attack(
        number="B11a",
        title="Learn from the errors of BSS which tenants there are",
        by=tuple(item for item in OUTSIDERS if item != GATEWAY),
        guesses=("globex", "nobody"),
        steps=(
            "select bss.use_tenant('{guess}')",
            "select bss.schema('{guess}')",
            "select bss.validate('{guess}', 'Note', '{{}}')",
            "select bss.suspend_tenant('{guess}')",
        ),
    ),
    Attack(
        number="B11b",
        title="Learn from the errors of BSS which entities the victim has",
        by=OUTSIDERS,
        guesses=("Note", "Nothing"),
        steps=("select bss.validate('{victim_name}', '{guess}', '{{}}')",),
    ),
    Attack(
        number="B12",
        title="Find keys in functions and in settings",
        steps=(
            "select prosrc from pg_proc",
            "select setting, reset_val, boot_val from pg_settings",
            "select setconfig from pg_db_role_setting",
            "select * from bss_internal.token_keys",
        ),
        reveals=frozenset({Kind.RULE}),
    ),
    Attack(
        number="B14",
        title="Have the policies call functions of one's own",
        steps=(FUNCTIONS, PATH, LOOK),
    ),
    *(
        Attack(
            number=f"I1{letter}",
            title=f"Write SQL into {what} of a document",
            by=(OPERATOR,),
            on=("direct",),
            forbidden=True,
            steps=(APPLY % ("", ""), APPLY % hostile, GONE),
            works_for_superuser=False,
        )
        for letter, what, hostile in (
            ("a", "a name", ("", IN_A_NAME)),
            ("b", "a value", (IN_A_VALUE, "")),
        )
    ),
    Attack(
        number="K1a",
        title="Make a function in PL/Python",
        forbidden=True,
        steps=(FILE,),
    ),
    Attack(
        number="K1b",
        title="Execute PL/Python at once",
        forbidden=True,
        steps=("do language plpython3u $$ import os; os.getcwd() $$",),
    ),
    Attack(
        number="K8",
        title="Install an extension",
        forbidden=True,
        steps=("create extension pageinspect schema sandbox",),
    ),
    Attack(
        number="K9",
        title="Install an extension that anyone may who creates in the database",
        forbidden=True,
        steps=("create extension tcn schema sandbox",),
    ),
    Attack(
        number="K10a",
        title="Write the Python of the compiler",
        forbidden=True,
        steps=("update bss_internal.python_modules set source = ''",),
    ),
    Attack(
        number="K10b",
        title="Take over a function of BSS",
        forbidden=True,
        steps=("alter function bss.use_tenant(text) owner to current_user",),
    ),
)
