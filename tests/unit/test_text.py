from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bss_compiler.diagnostic import Findings
from bss_compiler.document import Limits
from bss_compiler.document.merge import write
from bss_compiler.document.text import parse


def parsed(text: str, **limits: int) -> Any:
    findings = Findings()
    value = parse(text, Limits(**limits), findings)
    assert findings.diagnostics == []
    return value


def refused(text: str, **limits: int) -> list[tuple[str, str, str | None]]:
    findings = Findings()
    assert parse(text, Limits(**limits), findings) is None
    return [(item.code.name, item.pointer, item.detail) for item in findings.diagnostics]


def test_text_keeps_numbers_to_the_last_digit() -> None:
    value = parsed("[1, -0, 1.50, 1e2, 12345678901234567890.10, 2E-3]")
    assert [str(item) for item in value] == [
        "1",
        "0",
        "1.50",
        "1E+2",
        "12345678901234567890.10",
        "0.002",
    ]
    assert [type(item) for item in value[:3]] == [int, int, Decimal]


def test_text_keeps_members_in_their_order() -> None:
    assert list(parsed('{"b": 1, "a": 2, "é": 3}')) == ["b", "a", "é"]


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("", "Expecting value: line 1 column 1 (char 0)."),
        (
            '{"a": 1 "b"}',
            "Expecting ',' delimiter: line 1 column 9 (char 8).",
        ),
        ("[1] 2", "Extra data: line 1 column 5 (char 4)."),
        ("[NaN]", "NaN is not a JSON number."),
        ("[-Infinity]", "-Infinity is not a JSON number."),
        ('"\x01"', "Invalid control character at: line 1 column 2 (char 1)."),
    ],
)
def test_text_that_is_not_json_is_refused_with_the_place(text: str, detail: str) -> None:
    assert refused(text) == [("NOT_JSON", "", detail)]


def test_text_is_measured_in_bytes_before_it_is_parsed() -> None:
    assert parsed('"ö"', document_bytes=4) == "ö"
    assert refused('"ö"]', document_bytes=4) == [
        ("DOCUMENT_TOO_LARGE", "", "It has 5 bytes; the limit is 4.")
    ]


def test_text_is_measured_in_depth_before_it_is_parsed() -> None:
    assert parsed('[["]]]][[[["], {}]', depth=2) == [["]]]][[[["], {}]
    assert refused('[[{"a": 1', depth=2) == [
        ("TOO_MANY", "", "It has more than 2 levels at character 2.")
    ]


def test_text_with_an_unfinished_string_is_not_read_twice() -> None:
    assert refused('"' + "\\" * 100_001)[0][0] == "NOT_JSON"


def test_text_with_a_member_given_twice_is_refused_at_each() -> None:
    assert refused('{"a": {"b/c": 1, "b/c": 1}, "d": 1, "d": 2, "d": 3}') == [
        ("DUPLICATE_MEMBER", "/a/b~1c", None),
        ("DUPLICATE_MEMBER", "/d", None),
    ]


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ('{"a": ["x", "\\u0000"]}', "/a/1"),
        ('{"a": "\\ud800"}', "/a"),
        ('{"a": "\\udc00\\ud800"}', "/a"),
        ('{"b": {"\\u0000": 1}}', "/b"),
    ],
)
def test_text_with_a_string_that_cannot_be_stored_is_refused(text: str, pointer: str) -> None:
    assert refused(text) == [("INVALID_STRING", pointer, None)]


def test_text_with_a_whole_surrogate_pair_is_one_character() -> None:
    assert parsed('"\\ud83d\\ude00"') == "\U0001f600"


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("1" * 11, "11111111111"),
        ("1e11", "1e11"),
        ("1e-11", "1e-11"),
        ("1e9999999999", "1e9999999999"),
        ("-" + "2" * 50, "-" + "2" * 39),
        ("0.00000000001", "0.00000000001"),
    ],
)
def test_text_with_a_number_of_too_many_digits_is_refused(text: str, beginning: str) -> None:
    detail = f"It begins with {beginning}; the limit is 10 digits."
    assert refused(f'{{"n": {text}}}', number_digits=10) == [("NUMBER_OUT_OF_RANGE", "/n", detail)]


@pytest.mark.parametrize("text", ["1" * 10, "1e10", "1e-10", "-1.234567"])
def test_text_with_a_number_at_the_limit_is_read(text: str) -> None:
    assert parsed(text, number_digits=10) == Decimal(text)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), inner
        )
    ),
)


@given(json_values)
def test_text_that_was_written_is_read_back_as_it_was(value: Any) -> None:
    text = write(value)
    assert parsed(text) == value
    assert write(parsed(text)) == text
