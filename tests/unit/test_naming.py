import pytest
from hypothesis import given
from hypothesis import strategies as st

from bss_compiler.naming import (
    MAX_BYTES,
    hashed_name,
    is_reserved,
    name_fault,
    object_name,
    plural,
    snake_case,
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Invoice", "invoice"),
        ("unitPrice", "unit_price"),
        ("Unit Price", "unit_price"),
        ("HTTPServer", "http_server"),
        ("parseHTML5Page", "parse_html5_page"),
        ("order-line.item/no:1", "order_line_item_no_1"),
        ("  padded  ", "padded"),
        ("a - b", "a_b"),
        ("already_snake", "already_snake"),
        ("Tên Đầy Đủ", "tên_đầy_đủ"),
        ("СуммаСчёта", "суммасчёта"),
        ("注文", "注文"),
        ("", ""),
    ],
)
def test_naming_turns_names_into_snake_case(name: str, expected: str) -> None:
    assert snake_case(name) == expected


@pytest.mark.parametrize(
    ("singular", "expected"),
    [
        ("invoice", "invoices"),
        ("category", "categories"),
        ("day", "days"),
        ("y", "ys"),
        ("box", "boxes"),
        ("bus", "buses"),
        ("status", "statuses"),
        ("branch", "branches"),
        ("dish", "dishes"),
        ("address", "addresses"),
        ("buzz", "buzzes"),
        ("is", "ises"),
        ("synopsis", "synopses"),
        ("analysis", "analyses"),
        ("person", "people"),
        ("people", "people"),
        ("invoices", "invoices"),
        ("sales", "sales"),
        ("fish", "fish"),
        ("order_line", "order_lines"),
        ("line_of_business", "line_of_businesses"),
        ("sales_person", "sales_people"),
        ("version_2", "version_2"),
        ("khách_hàng", "khách_hàng"),
        ("счёт", "счёт"),
        ("注文", "注文"),
        ("trailing_", "trailing_"),
        ("", ""),
    ],
)
def test_naming_gives_the_plural_of_the_last_word(singular: str, expected: str) -> None:
    assert plural(singular) == expected


@pytest.mark.parametrize("name", ["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"])
def test_naming_knows_the_system_columns(name: str) -> None:
    assert is_reserved(name)
    assert not is_reserved(name.upper())
    assert not is_reserved(f"{name}_")


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("", "it is empty"),
        ("line\nbreak", "it contains a character that cannot be printed"),
        ("zero\u200bwidth", "it contains a character that cannot be printed"),
        ("a" * 64, "it is 64 bytes long, and 63 is the most"),
        ("ö" * 32, "it is 64 bytes long, and 63 is the most"),
        ("a" * 63, None),
        ("漢" * 21, None),
        ('"; drop table x --', None),
    ],
)
def test_naming_says_what_is_wrong_with_a_name(name: str, fault: str | None) -> None:
    assert name_fault(name) == fault


def test_naming_joins_the_name_of_an_object_from_table_parts_and_suffix() -> None:
    assert object_name("invoices", "status", "enum", suffix="check") == "invoices_status_enum_check"
    assert object_name("invoices", suffix="pkey") == "invoices_pkey"
    assert object_name("a" * 58, suffix="pkey") == "a" * 58 + "_pkey"


def test_naming_shortens_the_name_of_an_object_with_a_hash_before_its_suffix() -> None:
    assert object_name("a" * 59, suffix="pkey") == "a" * 49 + "_f275e666_pkey"


def test_naming_never_cuts_a_character_in_half() -> None:
    assert object_name("a" + "漢" * 20, suffix="fkey").startswith("a" + "漢" * 16 + "_")


def test_naming_tells_the_same_name_of_two_tables_apart() -> None:
    assert hashed_name("a_b_c_idx", of="a") != hashed_name("a_b_c_idx", of="a_b")
    assert hashed_name("a_b_c_idx", of="a").startswith("a_b_c_")


@given(st.text(min_size=1, max_size=80), st.sampled_from(["pkey", "fkey", "idx", "check"]))
def test_naming_gives_every_object_a_name_that_fits(table: str, suffix: str) -> None:
    name = object_name(table, suffix=suffix)
    assert len(name.encode(errors="surrogatepass")) <= MAX_BYTES
    assert name.endswith(f"_{suffix}")
