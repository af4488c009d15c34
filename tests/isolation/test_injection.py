"""Documents and names that carry SQL, or mean to: nothing of them is run, and nothing is lost.

What is accepted stands in the catalog to the letter, which the empty second plan proves: it goes by
what the catalog says. What is refused says where. The numbers are those of a list of attacks.
"""

import json
import socket
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql

from tests.isolation.attack import Connection, refused
from tests.json_schema.published import leads_somewhere

HOSTILE = (
    'a"; drop schema tenant_globex cascade; --',
    "a'); drop schema tenant_globex cascade; --",
    "$$; drop schema tenant_globex cascade; $$",
    "$bss$ $tag$",
    "%s %I %L %1$s %%",
    "\\'; drop schema tenant_globex cascade; --",
    "E'\\x27'",
    "/* */ ; --",
    '{"$expr": "now()"}',
    "::text]|[(.*+?^",
    "select",
)
APPLY: LiteralString = "select bss.apply_schema('acme', %s)"
PLAN: LiteralString = "select * from bss.plan_schema('acme', %s)"
KEY = {"type": "integer"}


def entity(properties: dict[str, Any], **keywords: Any) -> dict[str, Any]:
    properties = {"thing_id": KEY, **properties}
    return {"title": "Thing", "type": "object", "properties": properties, **keywords}


def faults(connection: Connection, document: Any) -> list[tuple[str, str]]:
    """The codes and pointers of the errors of a document; each pointer leads somewhere in it."""
    found = connection.execute(
        "select code, pointer from bss.check_schema(%s) where severity = 'error'",
        [document if isinstance(document, str) else json.dumps(document)],
    ).fetchall()
    for _, pointer in found:
        assert isinstance(document, str) or leads_somewhere(document, pointer), pointer
    return found


def applied(connection: Connection, document: Any) -> None:
    """Apply a document to acme; the catalog then says what the model does."""
    text = json.dumps(document)
    connection.execute(APPLY, [text])
    assert connection.execute(PLAN, [text]).fetchall() == []


@pytest.mark.parametrize("text", HOSTILE)
def test_i1_names_are_names_whatever_they_say(undone: Connection, text: str) -> None:
    inside = {
        "type": "object",
        "properties": {text: {"const": text}, "b": {"enum": [text, 1]}},
        "required": [text],
        "patternProperties": {"^b": True},
        "dependentRequired": {text: [text]},
        "additionalProperties": False,
    }
    properties = {
        text: {"type": "string"},
        "inside": inside,
        "renamed": {"type": "string", "x-bss": {"column": f"b{text}", "unique": True}},
    }
    document = {
        "$defs": {
            text: {"type": "object", "properties": {"id": KEY, "body": {"type": "string"}}},
            "Thing": {**entity(properties), "x-bss": {"table": f"c{text}"}},
        }
    }
    applied(undone, document)
    tables = undone.execute(
        "select relname from pg_class where relnamespace = 'tenant_acme'::regnamespace"
        " and relkind = 'r'"
    )
    assert f"c{text}" in {name for (name,) in tables}
    insert = sql.SQL("insert into {} (thing_id, inside) values (1, {})")
    table = sql.Identifier("tenant_acme", f"c{text}")
    undone.execute(insert.format(table, json.dumps({text: text, "b": text})))
    with pytest.raises(psycopg.errors.CheckViolation), undone.transaction():
        undone.execute(insert.format(table, json.dumps({text: "other"})))


@pytest.mark.parametrize("text", HOSTILE)
def test_i3_i4_i5_values_are_values_whatever_they_say(undone: Connection, text: str) -> None:
    literal = "".join(f"\\{sign}" if sign in "^$\\.*+?()[]{}|/" else sign for sign in text)
    value = {"type": "string", "title": text, "description": text, "default": text}
    properties = {
        "listed": {**value, "enum": [text, "other"]},
        "constant": {**value, "const": text},
        "matched": {**value, "pattern": f"^{literal}$"},
        "inside": {"type": "array", "items": {"enum": [text]}, "default": [text]},
    }
    applied(undone, entity(properties, description=text, **{"$comment": text}))
    undone.execute("insert into tenant_acme.things (thing_id) values (1)")
    row = undone.execute("select listed, constant, matched, inside from tenant_acme.things")
    assert row.fetchone() == (text, text, text, [text])
    for column in ("listed", "constant", "matched"):
        update = sql.SQL("update tenant_acme.things set {} = 'x' || {}").format(
            sql.Identifier(column), sql.Identifier(column)
        )
        with pytest.raises(psycopg.errors.CheckViolation), undone.transaction():
            undone.execute(update)
    comment = undone.execute("select obj_description('tenant_acme.things'::regclass)").fetchone()
    assert comment is not None
    assert text in comment[0]


@pytest.mark.parametrize(
    ("property_", "fault"),
    [
        ({"type": "string", "enum": ["a\0b"]}, ("SB004", "/properties/value/enum/0")),
        ({"type": "string", "enum": ["\ud800"]}, ("SB004", "/properties/value/enum/0")),
        ({"type": "string", "default": {"$expr": "now()"}}, ("SB108", "/properties/value/default")),
        (
            {"type": "string", "format": "date-time", "default": "now()"},
            ("SB108", "/properties/value/default"),
        ),
        (
            {"type": "string", "format": "uuid", "default": "gen_random_uuid()"},
            ("SB108", "/properties/value/default"),
        ),
        ({"type": "integer", "default": "1); drop"}, ("SB108", "/properties/value/default")),
        (
            {"type": "string", "format": "x); drop table"},
            ("SB104", "/properties/value/format"),
        ),
        (
            {"type": "array", "items": {"type": "string", "format": "x); drop table"}},
            ("SB104", "/properties/value/items/format"),
        ),
        ({"type": "text); drop"}, ("SB010", "/properties/value/type")),
        (
            {"type": "string", "x-bss": {"type": "text); drop table x; --"}},
            ("SB107", "/properties/value/x-bss/type"),
        ),
    ],
)
def test_i3_i4_i6_values_that_cannot_be_are_refused(
    undone: Connection, property_: Any, fault: tuple[str, str]
) -> None:
    assert faults(undone, entity({"value": property_})) == [fault]


@pytest.mark.parametrize(
    "reference",
    [
        "http://127.0.0.1:{port}/a.json",
        "http://127.0.0.1:{port}/a.json#/definitions/a",
        "//127.0.0.1:{port}/a",
        "file:///etc/passwd",
        "#/../../etc/passwd",
        "../../a.json",
        "\\\\127.0.0.1\\a",
        "jar:http://127.0.0.1:{port}/!/a",
        "#/$defs/%2e%2e",
    ],
)
def test_i7_references_are_followed_nowhere(undone: Connection, reference: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        place = reference.format(port=listening.getsockname()[1])
        for value in ({"$ref": place}, {"type": "array", "items": {"$dynamicRef": place}}):
            for keywords in ({}, {"$id": place.partition("#")[0] + "x"}):
                document = entity({"value": value}, **keywords)
                assert {code for code, _ in faults(undone, document)} == {"SB014"}
        listening.settimeout(0)
        with pytest.raises(BlockingIOError):
            listening.accept()


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("tenant_id", {"SB107"}),
        ("tenantId", {"SB107"}),
        ("created_at", {"SB107"}),
        ("updated_at", {"SB107"}),
        ("xmin", {"SB103"}),
        ("xmax", {"SB103"}),
        ("cmin", {"SB103"}),
        ("cmax", {"SB103"}),
        ("ctid", {"SB103"}),
        ("tableoid", {"SB103"}),
        ("Thing Id", {"SB102"}),
        ("", {"SB101"}),
        (" ", {"SB101"}),
        ("a\nb", set[str]()),
        ("\u202eabc", {"SB101"}),
        ("a" * 64, {"SB101"}),
        ("é" * 32, {"SB101"}),
        ("é" * 31 + "a", set[str]()),
        ("1a", set[str]()),
        ("id", set[str]()),
        ("current_user", set[str]()),
        ("table", set[str]()),
        ("user", set[str]()),
    ],
)
def test_i9_i10_i12_names_that_mean_something_to_the_server(
    undone: Connection, name: str, codes: set[str]
) -> None:
    document = entity({name: {"type": "string"}})
    assert {code for code, _ in faults(undone, document)} == codes
    if not codes:
        applied(undone, document)


def test_i10_names_that_agree_in_what_the_server_keeps_are_told_apart(undone: Connection) -> None:
    names = ["x" * 60 + "aaa", "x" * 60 + "aab"]
    document = entity({name: {"type": "string", "maxLength": 3} for name in names})
    applied(undone, document)
    columns = undone.execute(
        "select attname from pg_attribute where attrelid = 'tenant_acme.things'::regclass"
    )
    assert set(names) <= {column for (column,) in columns}
    assert [code for code, _ in faults(undone, entity({name + "a": {} for name in names}))] == [
        "SB101",
        "SB101",
    ]


@pytest.mark.parametrize(
    "value", ['"1); DROP"', "-1", "true", "9223372036854775808", "1.5", "null", "[1]", '{"a": 1}']
)
@pytest.mark.parametrize("keyword", ["maxLength", "minLength", "maxItems", "maxProperties"])
def test_i15_counts_are_numbers(undone: Connection, keyword: str, value: str) -> None:
    schema = json.dumps(entity({"value": {}})).replace(
        '"value": {}', f'"value": {{"type": "string", "{keyword}": {value}}}'
    )
    ((code, pointer),) = faults(undone, schema)
    assert (code, pointer) == ("SB010", f"/properties/value/{keyword}")


@pytest.mark.parametrize(
    ("value", "code"),
    [("1e400", None), ("1e1001", "SB005"), ("-0", None), ('"1); drop"', "SB010"),
     ("NaN", "SB002"), ("Infinity", "SB002"), ("0x10", "SB002")],
)  # fmt: skip
def test_i15_bounds_are_numbers(undone: Connection, value: str, code: str | None) -> None:
    schema = json.dumps(entity({"value": {}})).replace(
        '"value": {}', f'"value": {{"type": "number", "maximum": {value}}}'
    )
    if code == "SB002":  # the type of the argument refuses what is no JSON
        assert refused(undone, "select bss.check_schema(%s)", schema) == "22P02"
        return
    assert [found for found, _ in faults(undone, schema)] == ([code] if code else [])
    if code is None:
        undone.execute(APPLY, [schema])


@pytest.mark.parametrize(
    ("dimensions", "code"),
    [(0, "SB110"), (-1, "SB010"), (16_001, "SB110"), (999_999, "SB110"), ("3) , x int", "SB010"),
     (3.5, "SB010"), (True, "SB010"), (None, "SB010")],
)  # fmt: skip
def test_i16_dimensions_are_those_that_a_vector_can_have(
    undone: Connection, dimensions: Any, code: str
) -> None:
    embedding = {"source": ["text"], "dimensions": dimensions}
    document = entity({"text": {"type": "string"}}, **{"x-bss": {"embedding": embedding}})
    (found, *others) = faults(undone, document)
    assert found == (code, "/x-bss/embedding/dimensions")
    assert all(pointer.startswith("/x-bss/embedding") for _, pointer in others)


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        'a"b',
        "a'b",
        "A",
        "a" * 64,
        "a b",
        "",
        " ",
        "é",
        "-a",
        ".",
        "_a",
        "a;b",
        "a\nb",
        "a%b",
    ],
)
def test_i17_tenants_have_names_of_one_form(undone: Connection, name: str) -> None:
    assert refused(undone, "select bss.provision_tenant(%s)", name) == "SB602"


@pytest.mark.parametrize("name", ["public", "bss", "bss_internal", "pg_x", "information_schema"])
def test_i17_tenants_have_schemas_of_their_own(undone: Connection, name: str) -> None:
    before = undone.execute("select oid, nspname, nspacl::text from pg_namespace").fetchall()
    undone.execute("select bss.provision_tenant(%s)", [name])
    after = undone.execute(
        "select oid, nspname, nspacl::text from pg_namespace where nspname <> %s",
        [f"tenant_{name}"],
    )
    assert set(after.fetchall()) == set(before)


def test_i17_tenants_of_names_that_fall_together_have_schemas_each(undone: Connection) -> None:
    for name in ("a.b", "a-b", "a_b"):
        undone.execute("select bss.provision_tenant(%s)", [name])
    found = undone.execute(
        "select count(distinct schema_name) from bss.tenants where external_id ~ '^a.b$'"
    )
    assert found.fetchone() == (3,)


def test_i18_a_change_takes_no_column_that_rows_are_kept_apart_by(undone: Connection) -> None:
    owner = {"type": "string", "format": "uuid", "x-bss": {"column": "tenant_id"}}
    note = {"note_id": KEY, "body": {"type": "string"}}
    for properties in ({**note, "owner": owner}, note):
        document = {"title": "Note", "type": "object", "properties": properties}
        applied(undone, {**document, "required": ["note_id"]})
        kept = undone.execute("""
            select
                a.attnotnull, pg_get_expr(d.adbin, d.adrelid), c.relrowsecurity,
                c.relforcerowsecurity, count(p.*), count(k.*)
            from pg_class as c
            join pg_attribute as a on a.attrelid = c.oid and a.attname = 'tenant_id'
            join pg_attrdef as d on d.adrelid = c.oid and d.adnum = a.attnum
            left join pg_policy as p on p.polrelid = c.oid and p.polname = 'tenant_isolation'
            left join pg_constraint as k
                on k.conrelid = c.oid and k.conname = 'notes_tenant_id_check'
            where c.oid = 'tenant_acme.notes'::regclass
            group by 1, 2, 3, 4
        """).fetchone()
        assert kept is not None
        assert (kept[0], *kept[2:]) == (True, True, True, 1, 1)
        assert kept[1].endswith("::uuid")
    for type_ in ("string", "integer"):
        taken = {"type": type_, "x-bss": {"column": "tenant_id"}}
        assert [code for code, _ in faults(undone, entity({"owner": taken}))] == ["SB107"]


@pytest.mark.parametrize(
    ("where", "key"),
    [("", "sql"), ("", "check"), ("", "trigger"), ("", "policy"), ("", "owner"), ("", "grant"),
     ("/properties/value", "sql"), ("/properties/value", "default"), ("/properties/value", "check"),
     ("/properties/value", "using")],
)  # fmt: skip
def test_i20_no_key_takes_sql(undone: Connection, where: str, key: str) -> None:
    options = {"x-bss": {key: "true); drop schema tenant_globex cascade; --"}}
    document = entity({"value": {"type": "string", **options}}) if where else entity({}, **options)
    assert faults(undone, document) == [("SB011", f"{where}/x-bss/{key}")]


@pytest.mark.parametrize("keyword", ["x-bss-sql", "x-bss-check", "X-BSS", "x-BSS-raw"])
def test_i20_no_keyword_of_a_like_name_takes_sql(undone: Connection, keyword: str) -> None:
    hook = {keyword: "drop schema tenant_globex cascade"}
    for document, place in (
        (entity({}, **hook), ""),
        (entity({"value": {"type": "string", **hook}}), "/properties/value"),
        (entity({"value": {"type": "array", "items": hook}}), "/properties/value/items"),
    ):
        assert faults(undone, document) == [("SB011", f"{place}/{keyword}")]
