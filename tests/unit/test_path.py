"""Paths over a record: what they are read as, what they become, and what no damage to them does."""

import random
from typing import Any

import pytest

from bss_compiler.lowering.path import PathError, parse
from bss_compiler.lowering.path.parse import MAX_ARITHMETIC, MAX_DEPTH
from bss_compiler.lowering.path.syntax import Accessor, Comparison, Junction, Literal, Member
from bss_compiler.lowering.path.token import MAX_CHARACTERS
from bss_compiler.model import Check
from tests.unit.compiling import UUID, diagnosed, entity, lowered, parts, table

PROPERTIES: dict[str, Any] = {
    "i": {"type": "integer"},
    "small": {"type": "integer", "x-bss": {"type": "smallint"}},
    "n": {"type": "number"},
    "money": {"type": "number", "x-bss": {"type": "numeric(12,2)"}},
    "d": {"type": "number", "format": "double"},
    "r": {"type": "number", "format": "float"},
    "t": {"type": "string"},
    "u": {"type": "string"},
    "b": {"type": "boolean"},
    "day": {"type": "string", "format": "date"},
    "at": {"type": "string", "format": "date-time"},
    "key": UUID,
    "j": {"type": "object"},
    "k": {},
    'It\'s "100%" \\ ok': {"type": "integer"},
    "größe": {"type": "integer"},
}


def with_check(path: str) -> Any:
    return entity(PROPERTIES, **{"x-bss": {"checks": [{"name": "rule", "path": path}]}})


def condition(path: str) -> str:
    checks = parts(table(with_check(path)).constraints, Check)
    return str(next(item.expression for item in checks if item.name == "items_rule_check"))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$.i > $.small", "(i > small)"),
        ("$.i > $.n", "((i)::numeric > n)"),
        ("$.money > $.n", "(money > n)"),
        ("$.money == 0.005", "(money = 0.005)"),
        ("$.d > $.n", "(d > (n)::double precision)"),
        ("$.d > $.r", "(d > r)"),
        ("$.r == 0.1", "(r = '0.1'::real)"),
        ("$.i > 1.5", "((i)::numeric > 1.5)"),
        ("$.i == 1.0", "(i = '1'::bigint)"),
        ("$.small < 40000", "((small)::numeric < '40000'::numeric)"),
        ("5 <= $.i", "('5'::bigint <= i)"),
        ("$.i <> 1", "(i <> '1'::bigint)"),
        ("$.t == $.u", "(t = u)"),
        ("$.t < $.u", '(t < (u COLLATE "C"))'),
        ('$.t >= "a"', "(t >= ('a'::text COLLATE \"C\"))"),
        ("$.b == true", "(b = true)"),
        ('$.day < "2024-02-29"', "(day < '2024-02-29'::date)"),
        (
            '$.at < "2024-01-01T01:00:00+01:00"',
            "(at < '2024-01-01 00:00:00+00'::timestamp with time zone)",
        ),
        ("$.key == $.id", "(key = id)"),
        ("$.i == null", "(i IS NULL)"),
        ("null != $.i", "(i IS NOT NULL)"),
        ("exists($.i)", "(i IS NOT NULL)"),
        ("!exists($.i)", "(NOT (i IS NOT NULL))"),
        ("($.i > 1) is unknown", "((i > '1'::bigint) IS UNKNOWN)"),
        ('$.t starts with "a%"', "(t ^@ 'a%'::text)"),
        (r'$.t like_regex "^\\d$"', "(t ~ '^[0-9]$'::text)"),
    ],
)
def test_path_is_lowered_in_the_types_of_its_columns(path: str, expected: str) -> None:
    assert condition(path) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$.i + $.small > 0", "((i + (small)::bigint) > '0'::bigint)"),
        ("$.i * $.money > 0", "(((i)::numeric * money) > '0'::numeric)"),
        ("$.i / 2 > 0", "(((i)::numeric / '2'::numeric) > '0'::numeric)"),
        ("$.n / $.i > 0", "((n / NULLIF((i)::numeric, '0'::numeric)) > '0'::numeric)"),
        ("$.i % $.i == 0", "((i % NULLIF(i, '0'::bigint)) = '0'::bigint)"),
        ("$.d % 2 == 0", "(((d)::numeric % '2'::numeric) = '0'::numeric)"),
        ("$.d - $.n > 0", "((d - (n)::double precision) > '0'::double precision)"),
        ("-$.small > 0", "((- (small)::bigint) > '0'::bigint)"),
        ("+$.i > -(3)", "(i > '-3'::bigint)"),
        ("$.i - 1 - 2 > 0", "(((i - '1'::bigint) - '2'::bigint) > '0'::bigint)"),
        ("$.i - (1 - 2) > 0", "((i - ('1'::bigint - '2'::bigint)) > '0'::bigint)"),
        ("$.i + 2 * $.i > 0", "((i + ('2'::bigint * i)) > '0'::bigint)"),
        ("$.i + 99999999999999999999 > 0", None),
    ],
)
def test_path_reckons_as_columns_do(path: str, expected: str | None) -> None:
    if expected is None:
        assert condition(path).startswith("(((i)::numeric + '99999999999999999999'::numeric)")
    else:
        assert condition(path) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ('$.j.city == "X"', """(j @@ 'strict ($."city" == "X")'::jsonpath)"""),
        ("$.k > 5", "(k @@ 'strict ($ > 5)'::jsonpath)"),
        ("$.k == null", "(k IS NULL)"),
        ("$.j.a == null", """(j @@ 'strict ($."a" == null)'::jsonpath)"""),
        (
            "$.j.a[0] - ($.j.b[*] - 1) < -$.j.c",
            """(j @@ 'strict ($."a"[0] - ($."b"[*] - 1) < -$."c")'::jsonpath)""",
        ),
        ("$.j.a.size() <= 3", """(j @@ 'strict ($."a".size() <= 3)'::jsonpath)"""),
        ('$.j.a starts with "it\'s"', """(j @@ 'strict ($."a" starts with "it''s")'::jsonpath)"""),
        ("exists($.j.a[0])", """((j @? '$."a"[0]'::jsonpath) IS TRUE)"""),
    ],
)
def test_path_into_jsonb_is_a_path_on_its_column(path: str, expected: str) -> None:
    assert condition(path) == expected


def test_path_binds_as_in_sql_json() -> None:
    one, two, three = "(i > '1'::bigint)", "(i > '2'::bigint)", "(i > '3'::bigint)"
    assert condition("$.i > 1 || $.i > 2 && $.i > 3") == f"({one} OR ({two} AND {three}))"
    assert condition("($.i > 1 || $.i > 2) && $.i > 3") == f"(({one} OR {two}) AND {three})"
    assert condition("$.i > 1 && ($.i > 2 && $.i > 3)") == f"({one} AND {two} AND {three})"
    assert condition("!($.i > 1) && $.i > 2") == f"((NOT {one}) AND {two})"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (r'$."It\'s"', None),
        (r"""$."It's \"100%\" \\ ok" > 0""", """("it's_""100%""_\\_ok" > '0'::bigint)"""),
        ("$.größe > 0", "(\"größe\" > '0'::bigint)"),
        (r'$."gr\u00f6\u00DFe" > 0', "(\"größe\" > '0'::bigint)"),
        (r'$.t == "\ud83d\ude00\x41\u{1F600}\/\v"', "(t = '😀A😀/\v'::text)"),
        ("""$.t == "'); drop table x; --" """, "(t = '''); drop table x; --'::text)"),
        ("""$.t == "%1$I%2$L\\\\" """, "(t = '%1$I%2$L\\'::text)"),
        (
            """$.j."a\\"b'c%\\\\" == "')::text" """,
            """(j @@ 'strict ($."a\\"b''c%\\\\" == "'')::text")'::jsonpath)""",
        ),
    ],
)
def test_path_with_names_and_strings_that_hurt(path: str, expected: str | None) -> None:
    if expected is None:
        (fault,) = diagnosed(with_check(path))
        assert fault.code.name == "PATH_NOT_LOWERED"
    else:
        assert condition(path) == expected


def test_path_is_read_with_the_places_of_its_parts() -> None:
    node = parse(' $.a == 1 && 2.5 < $."b c"[0] ')
    assert isinstance(node, Junction)
    left, right = node.operands
    assert left == Comparison("==", Accessor("a", (), 2), Literal(1, 9), 2)
    assert isinstance(right, Comparison)
    assert right.position == 14
    assert parse("$.a.b") == Accessor("a", (Member("b"),), 1)


@pytest.mark.parametrize(
    ("path", "position"),
    [
        ("", 1), (" ", 2), ("$", 1), ("$.", 3), ("$[0]", 1), ("$.a >", 6), ("$.a > 1 &&", 11),
        ("$.a > 1)", 8), ("($.a > 1", 9), ("$.a & 1", 5), ("$.a == 'x'", 8), ('$.a == "x', 8),
        ("$.a.b[-1] > 1", 7), ("$.a[1.5] > 1", 5), ("$.a[last] > 1", 5), ("$.a.** > 1", 5),
        ("$.a > 1e999", 7), ("$.a > 1x", 8), (r'$.a == "\u0000"', 9), (r'$.a == "\ud800"', 8),
        ("$.a.size().x > 1", 11), ("$.size() > 1", 1), ("@ > 1", 1), ("$.a is unknown", 5),
        ("exists(1)", 8), ("($.a).b > 1", 6), ("true && false", 1), ("lax $.a > 1", 1),
        ("\ud800", 1), ("$.a > 1 \x00", 9), ("[" * 500, 1),
    ],
)  # fmt: skip
def test_path_that_cannot_be_read_says_where(path: str, position: int) -> None:
    with pytest.raises(PathError) as caught:
        parse(path)
    assert caught.value.position == position
    assert caught.value.reason
    assert caught.value.hint


def test_path_is_bounded_in_every_direction() -> None:
    parse("(" * MAX_DEPTH + "$.a > 1" + ")" * MAX_DEPTH)
    parse("$.a" + " + 1" * MAX_ARITHMETIC + " > 1")
    long = "$.a > 1" + " || $.a > 1" * 90
    assert len(long) < MAX_CHARACTERS
    assert isinstance(parse(long), Junction)
    for bomb in (
        "(" * 999,
        "-" * 999 + "1",
        "!(" * 400,
        "$.a" + ".b" * 600,
        "1+" * 490 + "1",
        "1*(" * 300,
        "$.a > 1" + "0" * 500,
        "exists(" * 100,
        "\\" * 999,
        '"' + "\\u{" * 300,
    ):
        with pytest.raises(PathError):
            parse(bomb)


SEEDS = [
    '$.ends_at > $.starts_at && !exists($.j."a b"[0].c) || ($.n / -2.5e1 <= 3) is unknown',
    r'$.t starts with "a\"b\\" && $.t like_regex "^[a-z]+$" || $.j.k[*].size() != 0',
    "-($.a + 1) * 2 % 3 == +$.b && $.c == null && ($.d <> true)",
]
FRAGMENTS = [
    '"', "\\", "(", ")", "$", ".", "[", "]", "!", "&&", "||", "-", "*", "1e", "\\u{", "is",
    "unknown", "exists", "'", "%", "é", "\u2028", "😀", "@", "?", "null", " ", "\n", "==", "<", "0",
]  # fmt: skip


def damaged(path: str, chance: random.Random) -> str:
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(path) + 1)
        end = min(len(path), start + chance.choice((0, 0, 1, 2, 8)))
        path = path[:start] + chance.choice(FRAGMENTS) + path[end:]
    return path


def position_of(path: str) -> tuple[int, bool]:
    """The position of a path's first node, or of its fault; whether it could be read."""
    try:
        return parse(path).position, True
    except PathError as fault:
        return fault.position, False


def test_path_that_is_damaged_is_read_or_refused_and_nothing_else() -> None:
    chance = random.Random(3)  # noqa: S311  not for secrets
    read = 0
    for _ in range(4_000):
        path = damaged(chance.choice(SEEDS), chance)
        position, is_read = position_of(path)
        assert 1 <= position <= len(path) + 1
        read += is_read
    assert read > 50


def test_path_of_a_pattern_is_tried_by_the_server() -> None:
    (probe,) = lowered(with_check('$.t like_regex "^a+$"')).probes
    assert (probe.pointer, probe.pattern) == ("/x-bss/checks/0/path", "^a+$")


def test_path_over_a_property_of_no_type_is_not_complained_about_twice() -> None:
    document = with_check("$.i > $.t")
    document["properties"]["t"] = {"type": "string", "format": "markdown"}
    assert [item.code.name for item in diagnosed(document)] == ["UNKNOWN_FORMAT"]
