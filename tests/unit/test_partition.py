from typing import Any

import pytest

from bss_compiler.boundary import statements
from bss_compiler.diagnostic import Findings
from bss_compiler.diff import retain
from bss_compiler.model import Model, Partition, Table
from bss_compiler.model.codec import from_json, to_json
from bss_compiler.plan import check_feasible
from bss_compiler.quoting import ident
from tests.unit.compiling import diagnosed, entity, faults, model, table

CONFLICT = "CONFLICTING_KEYWORDS"
PROPERTIES = {
    "on": {"type": "string", "format": "date"},
    "at": {"type": "string", "format": "date-time"},
    "small": {"type": "integer", "x-bss": {"type": "smallint"}},
    "number": {"type": "integer"},
    "amount": {"type": "number", "enum": [1.5]},
    "kind": {"type": "string", "enum": ["a", "B b"]},
    "is_open": {"type": "boolean", "enum": [True]},
    "name": {"type": "string"},
    "any": {},
    "year": {"type": "integer", "x-bss": {"generated": "$.number"}},
}


def parted(column: str, strategy: str, *, key: Any = None, **options: Any) -> Any:
    said = {"column": column, "strategy": strategy, **options}
    given = {"primaryKey": key or ["id", column], "partitionBy": said}
    return entity(PROPERTIES, **{"x-bss": given})


def listing(*values: Any) -> Any:
    document = parted("kind", "list")
    document["properties"]["kind"] = {"type": "string", "enum": list(values)}
    return document


def partitions(document: Any) -> dict[str, str]:
    return {item.name: item.bound for item in table(document).partitions}


@pytest.mark.parametrize(
    ("column", "interval"),
    [
        ("on", "day"), ("at", "week"), ("at", "month"), ("small", 10), ("number", 1_000_000),
        ("number", 3.0),
    ],
)  # fmt: skip
def test_range_has_a_default_partition_and_its_interval(column: str, interval: Any) -> None:
    found = table(parted(column, "range", interval=interval))
    assert found.partition_by == f"RANGE ({ident(column)})"
    assert found.interval == (str(int(interval)) if column in ("small", "number") else interval)
    assert found.partitions == (Partition(name="items_default", bound="DEFAULT"),)


def test_list_has_a_partition_for_each_value_and_a_default() -> None:
    assert partitions(parted("kind", "list")) == {
        "items_default": "DEFAULT",
        "items_is_a": "FOR VALUES IN ('a')",
        "items_is_90c71e0a": "FOR VALUES IN ('B b')",
    }
    assert partitions(parted("is_open", "list")) == {
        "items_default": "DEFAULT",
        "items_is_true": "FOR VALUES IN (true)",
    }


def test_hash_has_as_many_partitions_as_it_says() -> None:
    assert partitions(parted("name", "hash", partitions=2)) == {
        "items_p0": "FOR VALUES WITH (modulus 2, remainder 0)",
        "items_p1": "FOR VALUES WITH (modulus 2, remainder 1)",
    }


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (parted("on", "range"), ("WRONG_SHAPE", "")),
        (parted("on", "range", interval=5), ("WRONG_TYPE", "/column")),
        (parted("number", "range", interval="day"), ("WRONG_TYPE", "/column")),
        (parted("number", "range", interval=0), ("WRONG_SHAPE", "/interval")),
        (parted("on", "range", interval="day", partitions=3), (CONFLICT, "/partitions")),
        (parted("kind", "list", interval="day"), (CONFLICT, "/interval")),
        (parted("name", "list"), (CONFLICT, "/column")),
        (parted("amount", "list"), ("WRONG_TYPE", "/column")),
        (parted("any", "hash", partitions=2), ("WRONG_TYPE", "/column")),
        (parted("name", "hash"), ("WRONG_SHAPE", "")),
        (parted("name", "hash", partitions=1.5), ("WRONG_SHAPE", "/partitions")),
        (parted("name", "hash", partitions=1001), ("TOO_MANY", "")),
        (parted("year", "range", interval=1), (CONFLICT, "/column")),
        (parted("name", "circle"), ("WRONG_SHAPE", "/strategy")),
        (parted("other", "hash", partitions=2, key=["id"]), ("UNKNOWN_PROPERTY", "/column")),
        (parted("name", "hash", partitions=2, key=["id"]), (CONFLICT, None)),
    ],
)  # fmt: skip
def test_partitions_that_cannot_be_are_refused(document: Any, expected: Any) -> None:
    code, place = expected
    pointer = "/x-bss/primaryKey" if place is None else f"/x-bss/partitionBy{place}"
    assert faults(document)[0] == (code, pointer)


def test_list_without_values_that_fit_is_refused_once() -> None:
    assert [code for code, _ in faults(listing("a", 1))] == ["VALUE_OUT_OF_TYPE"]


def test_key_that_lacks_the_column_is_refused_with_the_key_to_write() -> None:
    partition_by = {"column": "on", "strategy": "range", "interval": "day"}
    unique = [["name", "on"], ["name"]]
    options = {"partitionBy": partition_by, "unique": unique}
    primary, other = diagnosed(entity(PROPERTIES, **{"x-bss": options}))
    assert (primary.pointer, primary.hint) == (
        "/x-bss/partitionBy",
        'Set "primaryKey": ["id", "on"] in x-bss, and declare each of these properties.',
    )
    assert (other.pointer, other.hint) == (
        "/x-bss/unique/1",
        'Set "unique": [["name", "on"]] in x-bss of the entity.',
    )


def test_entity_may_be_parted_by_its_key_alone() -> None:
    found = table(parted("id", "hash", partitions=1, key="id"))
    assert found.partition_by == "HASH (id)"


def test_model_without_partitions_is_read_as_it_was_written() -> None:
    assert from_json({"tables": [{"name": "t"}]}) == Model(tables=(Table(name="t"),))
    with_partitions = model(parted("at", "range", interval="year"))
    assert from_json(to_json(with_partitions)) == with_partitions
    assert from_json(to_json(with_partitions)).tables[0].interval == "year"


def test_partition_of_a_value_that_went_is_kept() -> None:
    before = model(parted("kind", "list"))
    kept = retain(before, model(listing("a", "c")))
    assert [item.name for item in kept.tables[0].partitions] == [
        "items_default", "items_is_90c71e0a", "items_is_a", "items_is_c",
    ]  # fmt: skip


def test_partition_that_comes_to_a_table_is_protected() -> None:
    before = model(parted("kind", "list"))
    findings = Findings()
    steps = statements(before, retain(before, model(listing("a", "B b", "c"))), findings)
    assert findings.diagnostics == []
    assert [(step.kind, step.table) for step, _ in steps] == [
        ("drop_check", "items"),
        ("create_partition", "items"),
        ("create_partition", "items"),
        ("add_check", "items"),
        *[("create_policy", "items_is_c")] * 3,
    ]


@pytest.mark.parametrize(
    "other",
    [
        parted("kind", "hash", partitions=2),
        entity(PROPERTIES, **{"x-bss": {"primaryKey": ["id", "kind"]}}),
    ],
)
def test_another_way_to_part_the_rows_is_refused(other: Any) -> None:
    before = model(parted("kind", "list"))
    findings = Findings()
    statements(before, retain(before, model(other)), findings)
    assert {item.code.name for item in findings.diagnostics} == {"CHANGE_REFUSED"}
    assert {item.detail for item in findings.diagnostics} == {
        "The document parts its rows in another way. "
        "Every row of the table would have to move, while nobody may use it."
    }


def test_another_interval_takes_no_step() -> None:
    before = model(parted("at", "range", interval="month"))
    after = model(parted("at", "range", interval="day"))
    assert statements(before, after, Findings()) == []
    assert retain(before, after).tables[0].interval == "day"


def test_names_of_partitions_and_tables_do_not_meet() -> None:
    findings = Findings()
    found = model(parted("kind", "list")).tables
    check_feasible(Model(tables=(*found, Table(name="items_is_a"))), 100, findings)
    assert [item.message for item in findings.diagnostics] == ['name "items_is_a" is taken twice']
