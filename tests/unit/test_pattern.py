import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bss_compiler.lowering.pattern import MAX_BYTES, Untranslatable, translate
from bss_compiler.lowering.pattern.cost import cost
from bss_compiler.lowering.pattern.parse import MAX_NESTING, parse
from bss_compiler.lowering.pattern.property import characters_with
from bss_compiler.lowering.pattern.ranges import EVERYTHING, complement, ranges

WORD = "[0-9A-Z_a-z]"

TRANSLATIONS = {
    # alternation, concatenation, groups
    "": "",
    "abc": "abc",
    "a|": "a|",
    "|": "|",
    "()": "",
    "(?:)*": "(?:)*",
    "(a)(?:b)(?<c>c)(?<$d>d)": "abcd",
    "a(b|c)d": "a(?:b|c)d",
    "a|(b|c)": "a|b|c",
    "((a|b)|c)*": "(?:a|b|c)*",
    # quantifiers: laziness does not decide whether a text matches
    "a*b+c?": "a*b+c?",
    "a*?b+?c??d{2,3}?": "a*b+c?d{2,3}",
    "a{0,}b{1,}c{0,1}": "a*b+c?",
    "a{2}b{02,}c{2,3}": "a{2}b{2,}c{2,3}",
    "a{0}": "a{0}",
    "(?:a*)*": "(?:a*)*",
    "(ab){2}": "(?:ab){2}",
    "(?:^)*a": "(?:^)*a",
    "(?:(?=a))?": "(?:(?=a))?",
    "a{255}": "a{255}",
    "a{256}": "a{255}a{1}",
    "a{300,}": "a{255}a{45,}",
    "a{0,300}": "a{0,255}a{0,45}",
    "a{300,600}": "a{255}a{45,255}a{0,90}",
    "(a|b){2,256}": "(?:a|b){2,255}(?:a|b)?",
    # assertions
    "^a$": "^a$",
    r"\b": f"(?:(?<={WORD})(?!{WORD})|(?<!{WORD})(?={WORD}))",
    r"\B": f"(?:(?<={WORD})(?={WORD})|(?<!{WORD})(?!{WORD}))",
    "(?=a)(?!b|c)(?<=d)(?<!e)": "(?=a)(?!b|c)(?<=d)(?<!e)",
    "(?=(?!(a)))": "(?=(?!a))",
    # sets
    ".": r"[^\n\r\u2028\u2029]",
    r"\d\D": "[0-9][^0-9]",
    r"\w\W": f"{WORD}[^0-9A-Z_a-z]",
    r"\s": r"[\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]",
    r"\S": r"[^\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]",
    r"[\s\S]": ".",
    "[^]": ".",
    "[]": "(?!)",
    "[]*": "(?:(?!))*",
    "[b-da]": "[a-d]",
    "[ab]": "[ab]",
    "[aa]": "a",
    "[^a]": "[^a]",
    r"[^\D5]": "[0-46-9]",
    r"[\w.-]": r"[\-.0-9A-Z_a-z]",
    r"[\d-]": r"[\-0-9]",
    r"[\--\/]": r"[\--/]",
    "[[:a]": r"[:\[a]",
    r"[\]\\^[]": r"[\[-\^]",
    r"[\b]": r"\u0008",
    # characters that the server reads differently, or that text cannot hold
    r"\*\*\*=a": r"\*\*\*=a",
    r"\(\?i\)": r"\(\?i\)",
    r"a\-b\/c": "a-b/c",
    r"\t\n\v\f\r": r"\t\n\v\f\r",
    r"\cJ\x41\u0042\u{43}\u{000044}": r"\nABCD",
    "é漢": "é漢",
    "\u0301\u200b": r"\u0301\u200b",
    "😀": r"\U0001f600",
    r"\uD83D\uDE00": r"\U0001f600",
    r"\uD83D\u0041": "(?!)A",
    r"[\uD83D\uDE00-\u{1F64F}]": r"[\U0001f600-\U0001f64f]",
    r"[\u0020-\uffff]": r"[ -\uffff]",
    r"[\uD800-\uE001]": r"[\ue000\ue001]",
    r"[^\uD800]": ".",
    r"\0|\x00": "(?!)|(?!)",
    r"[\0-\x1f]": r"[\u0001-\u001f]",
    # properties
    r"\p{ASCII}\P{Any}": r"[\u0001-\u007f](?!)",
    r"\p{AHex}": "[0-9A-Fa-f]",
    r"\p{Zs}": r"[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]",
    r"\p{gc=Zl}": r"\u2028",
    r"[\p{General_Category=Line_Separator}a]": r"[a\u2028]",
    r"\p{Cs}": "(?!)",
    r"\p{White_Space}": (r"[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"),
}

REFUSALS = {
    r"(a)\1": ("a back-reference", 4),
    r"(?<a>b)\k<a>": ("a back-reference", 8),
    "(a": ('"(" without ")"', 1),
    "a)": ('")" without "("', 2),
    "[a": ('"[" without "]"', 1),
    "[a-": ('"[" without "]"', 1),
    "*": ('a "*" on its own', 1),
    "a**": ('a "*" on its own', 3),
    "a|?": ('a "?" on its own', 3),
    "}": ('a "}" on its own', 1),
    "]": ('a "]" on its own', 1),
    "{": ('a "{" on its own', 1),
    "a{": ('an incomplete "{"', 2),
    "a{,3}": ('an incomplete "{"', 2),
    "a{2": ('an incomplete "{"', 2),
    "a{2,x}": ('an incomplete "{"', 2),
    "a{3,2}": ("bounds out of order", 2),
    "a{9999999}": ("a bound that is too large", 2),
    "a^*": ("a quantified assertion", 2),
    r"\b+": ("a quantified assertion", 1),
    "(?=a)?": ("a quantified assertion", 1),
    "(?i:a)": ("a group of an unknown kind", 1),
    "(?<1>a)": ("a group of an unknown kind", 1),
    "(?<a": ("a group of an unknown kind", 1),
    "(?<a>b)(?<a>c)": ('a second group named "a"', 8),
    "\\": ('a "\\" at the end', 1),
    "a\\A": (r'the escape "\A"', 2),
    r"\_": (r'the escape "\_"', 1),
    r"[\B]": (r'the escape "\B"', 2),
    r"[\1]": (r'the escape "\1"', 2),
    r"\01": (r'the escape "\0"', 1),
    r"\c1": (r'the escape "\c"', 1),
    r"\x4": ("an incomplete escape", 1),
    r"\u004": ("an incomplete escape", 1),
    r"\u{}": ("an incomplete escape", 1),
    r"\u{41": ("an incomplete escape", 1),
    r"\uD83D\u00": ("an incomplete escape", 7),
    r"\u{110000}": ("a code point beyond Unicode", 1),
    "[b-a]": ("a range out of order", 2),
    r"[a-\d]": ("a range that ends in a set of characters", 2),
    r"[\d-a]": ("a range that ends in a set of characters", 2),
    r"[[.a.][:b:]]": ('a "]" on its own', 12),
    r"\p": ("a Unicode property that is not known exactly", 1),
    r"\pL": ("a Unicode property that is not known exactly", 1),
    r"\p{L": ("a Unicode property that is not known exactly", 1),
    r"\p{letter}": ("a Unicode property that is not known exactly", 1),
    r"[\p{Script=Greek}]": ("a Unicode property that is not known exactly", 2),
    r"\p{Alphabetic}": ("a Unicode property that is not known exactly", 1),
    r"\p{gc=ASCII}": ("a Unicode property that is not known exactly", 1),
    r"[\p{L}\p{Lu}]" * 70: ("more than 20 Unicode properties", 132),
    r"[^\p{L}\p{Lu}]" * 5 + r"\P{L}" * 8: (
        f"sets of characters that take more than {MAX_BYTES} bytes to write out",
        1,
    ),
}

TOO_MUCH_TO_HOLD = [
    "a{5001}",
    "((a{1,100}){1,100}){1,100}",
    "(?:(?:^){100}){100}",
    "(?:(?:){99999}){99999}",
    "(?=a{5001})",
    "a?" * 300,
    r"(?:\ba?){20}",
    "(?:^|$|a){0,20}",
    "(?:a|(?=b)|(?=c)|(?=d)|(?:x{3,30}){0,50}|(?=e)|(?=f))+",
    "(?:" * 4 + "a" + "|(?=b)|(?=c)|d)*" * 4,
]
TOO_MUCH_TO_DO = ["(?=.*(?=.*a))", "(?<=a+(?!b+))", "(?=.{0,60}(?=.{0,60}(?=.{0,60}a)))"]
BEARABLE = [
    "^.{1,4096}$",
    "((a{1,16}){1,16}){1,16}",
    "a?" * 250,
    r"(?:\ba?){12}",
    "(?:" * MAX_NESTING + "a*" + ")*" * MAX_NESTING,
    "^" + r"(?=.*\d)" * 20 + "(?!.*(?<!-)$)",
    "(?:" + "|".join(f"w{i}" for i in range(150)) + "){1,5}",
    "((?!foo).){1,255}",
]
FAR_FROM_ANYWHERE = [
    "(?=.*a)(?=.*b)(?=.*c)x",
    "(?=(a|b)*a(a|b){50}c)d",
    "(?:(?=.*b)a)+c",
    "((?=.*c)a|b)*d",
    "x(?<!.*y)",
    "^(?=.*a)b|(?=.*c)d",
    "^(?:(?=.*a)b)*",
    "^.{0,20}(?=.*a)",
    "(?=a{60})(?=b{60})",
    "(?=a{101})",
]
FAR_FROM_FEW_PLACES = [
    r"^(?=.*[a-z])(?=.*\d)(?!.*\s).{8,}$",
    "^(?:(?=.*a)b|(?=.*c)d)",
    "^(?=.*a)b|^(?=.*c)d",
    "^(?=(?=.{0,90}a).{0,90}b)",
    "^[a-z](?!.*--)[a-z-]*$",
    "^.{0,19}(?=.*a)",
    "(?=a{100})",
    "^(?:ISBN ?)?(?=[0-9 ]*X)",
]


@pytest.mark.parametrize("pattern", TRANSLATIONS)
def test_pattern_becomes_the_servers_expression(pattern: str) -> None:
    assert translate(pattern) == TRANSLATIONS[pattern]


@pytest.mark.parametrize("pattern", REFUSALS)
def test_pattern_without_an_equivalent_is_refused(pattern: str) -> None:
    answer = translate(pattern)
    assert isinstance(answer, Untranslatable)
    assert (answer.reason, answer.position) == REFUSALS[pattern]


@pytest.mark.parametrize("pattern", TOO_MUCH_TO_HOLD)
def test_pattern_that_multiplies_repetitions_is_refused(pattern: str) -> None:
    answer = translate(pattern)
    assert isinstance(answer, Untranslatable)
    assert answer.reason == "repetitions that multiply to more than the server can hold"


@pytest.mark.parametrize("pattern", TOO_MUCH_TO_DO)
def test_pattern_that_multiplies_lookarounds_is_refused(pattern: str) -> None:
    answer = translate(pattern)
    assert isinstance(answer, Untranslatable)
    assert answer.reason == "lookarounds that multiply to more than the server can do"


@pytest.mark.parametrize("pattern", FAR_FROM_ANYWHERE)
def test_pattern_with_lookarounds_that_read_far_throughout_a_text_is_refused(pattern: str) -> None:
    answer = translate(pattern)
    assert isinstance(answer, Untranslatable)
    assert answer.reason == "lookarounds that read over 100 characters throughout the text"


@pytest.mark.parametrize("pattern", FAR_FROM_FEW_PLACES)
def test_pattern_with_lookarounds_that_read_far_from_few_places_is_translated(pattern: str) -> None:
    assert isinstance(translate(pattern), str)


@pytest.mark.parametrize("pattern", BEARABLE)
def test_pattern_that_the_server_can_bear_is_translated(pattern: str) -> None:
    assert isinstance(translate(pattern), str)


def test_pattern_nested_too_deeply_is_refused_at_the_group() -> None:
    answer = translate("(" * 60 + ")" * 60)
    assert isinstance(answer, Untranslatable)
    assert (answer.reason, answer.position) == ("groups nested deeper than 50", 51)


def test_pattern_that_is_too_long_is_refused_before_it_is_read() -> None:
    assert translate("(" * 11, max_length=10) == Untranslatable(
        reason="more than 10 characters", position=11, hint="Split the pattern with allOf."
    )
    assert translate("a" * 10, max_length=10) == "a" * 10


@pytest.mark.parametrize("character", [chr(code) for code in range(0x20, 0x7F)])
def test_pattern_of_one_printable_character_is_a_fixed_point(character: str) -> None:
    literal = translate(f"\\x{ord(character):02x}")
    assert literal in (character, "\\" + character)
    assert translate(str(literal)) == literal
    assert translate(f"[\\x{ord(character):02x}]") == literal
    if character in "^$\\.*+?()[]{}|/-":
        assert translate("\\" + character) == literal
    elif character not in string.ascii_letters + string.digits:
        assert isinstance(translate("\\" + character), Untranslatable)
        assert translate(character) == literal


@settings(deadline=None)  # the first property makes a pass over Unicode
@given(st.text() | st.text(alphabet="ab01^$\\.*+?()[]{}|/-,:=!<>uxpPLkdDwWsSbBcD8\u00e9😀"))
def test_pattern_of_any_text_gets_an_answer(pattern: str) -> None:
    answer = translate(pattern)
    if isinstance(answer, Untranslatable):
        assert 1 <= answer.position <= len(pattern) + 1
        assert answer.reason[0] in '"' + string.ascii_lowercase
        assert answer.hint.endswith(".")
    else:
        assert not answer.startswith(("***", "(?i"))
        assert "\0" not in answer


@given(st.lists(st.tuples(st.integers(0, 0x10FFFF), st.integers(0, 0x10FFFF))))
def test_pattern_class_and_its_complement_divide_everything(pairs: list[tuple[int, int]]) -> None:
    members = ranges(pairs)
    others = complement(members)
    assert complement(others) == members
    assert ranges([*members, *others]) == EVERYTHING
    assert all(low <= high for low, high in members + others)


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ("Any", ["Assigned", "Cn"]),
        ("Cased_Letter", ["Ll", "Lt", "Lu"]),
        ("C", ["cntrl", "Cf", "Co", "Cs", "Cn"]),
        ("Uppercase", ["Lu", "Upper"]),
        ("XID_Continue", ["XIDS", "XIDC", "digit"]),
        ("space", ["Zs", "Zl", "Zp", "White_Space"]),
    ],
)
def test_pattern_property_holds_its_parts(whole: str, parts: list[str]) -> None:
    expected = characters_with(whole)
    found = [characters_with(part) for part in parts]
    assert expected == ranges(pair for part in found if part is not None for pair in part)


def test_pattern_property_follows_unicode() -> None:
    assert translate(r"^\p{Lowercase}$") != translate(r"^\p{Ll}$")
    assert [characters_with(name) is None for name in ("Lu", "gc=Lu", "sc=Latin", "LU")] == [
        False,
        False,
        True,
        True,
    ]


def test_pattern_costs_what_the_server_writes_out() -> None:
    written_out = cost(parse("aa(?:a(?:a(?:a)?)?)?"))
    short = cost(parse("a{2,5}"))
    assert (short.positions, short.transitions, short.first, short.last, short.reach) == (
        written_out.positions,
        written_out.transitions,
        written_out.first,
        4,
        written_out.reach,
    )
