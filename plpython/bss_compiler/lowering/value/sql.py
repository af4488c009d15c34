"""Spells the SQL inside functions: every operator, function and type by its schema.

The functions carry no search_path, which would cost as much as many of them do; so nothing in them
may depend on one.
"""

from collections.abc import Iterable

from bss_compiler import quoting
from bss_compiler.lowering import jsonpath
from bss_compiler.lowering.jsonpath import Predicate


def matches(value: str, predicate: Predicate) -> str:
    """Run a path predicate over a value."""
    path = quoting.text_in_body(jsonpath.strict(predicate))
    return f"({value} operator(pg_catalog.@@) {path}::pg_catalog.jsonpath)"


def is_type(value: str, type_: str) -> str:
    """Compare the JSON type of a value."""
    return f"(pg_catalog.jsonb_typeof({value}) operator(pg_catalog.=) {text(type_)})"


def of_type(value: str, type_: str, condition: str) -> str:
    """Demand a condition of the values of one type, which is not tried on the others."""
    return f"case when {is_type(value, type_)} then {condition} else true end"


def guarded(value: str, type_: str, empty: str) -> str:
    """Give a value of a type, or an empty one instead of a value of another type."""
    return f"case when {is_type(value, type_)} then {value} else '{empty}'::pg_catalog.jsonb end"


def text(value: str) -> str:
    """Spell a string."""
    return f"{quoting.text_in_body(value)}::pg_catalog.text"


def texts(values: Iterable[str]) -> str:
    """Spell an array of strings."""
    return f"array[{', '.join(map(quoting.text_in_body, values))}]::pg_catalog.text[]"


def member(value: str, name: str) -> str:
    """Give a member; null where the value is no object or has none of that name."""
    return f"({value} operator(pg_catalog.->) {text(name)})"


def has(value: str, name: str) -> str:
    """Say whether an object has a member."""
    return f"({value} operator(pg_catalog.?) {text(name)})"


def is_one_of(value: str, values: Iterable[str]) -> str:
    """Say whether a text is one of some."""
    return f"({value} operator(pg_catalog.=) any ({texts(values)}))"


def like(value: str, pattern: str) -> str:
    """Match a text with a regular expression of the server's."""
    return f"({value} operator(pg_catalog.~) {text(pattern)})"


def compare(value: str, operator: str, number: int) -> str:
    """Compare a count."""
    return f"({value} operator(pg_catalog.{operator}) {number})"


def both(conditions: Iterable[str]) -> str:
    """Join conditions that all have to hold."""
    return " and ".join(conditions)


def either(conditions: Iterable[str]) -> str:
    """Join conditions of which one has to hold."""
    return f"({' or '.join(conditions)})"


def none_of_members(value: str, condition: str) -> str:
    """Demand of every member, `m.key` and `m.value`, that a condition is not true."""
    return (
        f"not exists (select from pg_catalog.jsonb_each({guarded(value, 'object', '{}')}) as m"
        f" where {condition})"
    )


def none_of_elements(value: str, condition: str) -> str:
    """Demand of every element, `m.value` with `m.position` from 1, that a condition is not true."""
    return (
        f"not exists (select from pg_catalog.jsonb_array_elements({guarded(value, 'array', '[]')})"
        f" with ordinality as m (value, position) where {condition})"
    )


def count_members(value: str) -> str:
    """Count the members."""
    members = f"pg_catalog.jsonb_object_keys({guarded(value, 'object', '{}')})"
    return f"(select pg_catalog.count(*) from {members})"  # noqa: S608  quoted by quoting


def count_is(value: str, condition: str, least: int, most: int | None) -> str:
    """Bound the number of the elements, `m.value`, that meet a condition."""
    elements = f"pg_catalog.jsonb_array_elements({guarded(value, 'array', '[]')})"
    bounds = [compare("pg_catalog.count(*)", ">=", least)] if least > 0 else []
    bounds += [compare("pg_catalog.count(*)", "<=", most)] if most is not None else []
    return f"(select {both(bounds)} from {elements} as m (value) where {condition})"  # noqa: S608
