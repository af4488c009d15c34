"""What becomes of the values of a column whose type changes.

A type that has room for every value of the other takes them as they are. From any other, values are
converted one by one; the column that had them is kept under another name, so that nothing is lost
where a value does not convert.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from bss_compiler.diff.rename import Renames, followed, renames
from bss_compiler.model import ENCRYPTED, Column, Model, PrimaryKey, Table
from bss_compiler.model.expression import columns_in
from bss_compiler.naming import MAX_BYTES, hashed_name

_INTEGERS: Mapping[str, int] = {"smallint": 5, "integer": 10, "bigint": 19}
"""How many digits there may be before the point."""

_FLOATS: Mapping[str, frozenset[str]] = {
    "real": frozenset({"smallint"}),
    "double precision": frozenset({"smallint", "integer", "real"}),
}
"""Which types have no value that these would have to round."""

_SCALARS = frozenset(
    [
        *_INTEGERS, *_FLOATS, "text", "numeric", "boolean", "uuid", "date", "interval", "inet",
        "timestamp with time zone", "time without time zone", "jsonb",
    ]
)  # fmt: skip
_ARRAYS = frozenset({"text[]", "uuid[]", "bigint[]", "integer[]", "numeric[]", "boolean[]"})
_NUMERIC = re.compile(r"numeric(?:\((\d+),(-?\d+)\))?", re.ASCII)
_WORD = re.compile(r"\W+", re.ASCII)


def is_widening(before: str, after: str) -> bool:
    """Say whether a type has room for every value of another, without a change of its meaning."""
    if before == after:
        return False
    if after == "jsonb":
        return before in _SCALARS - {"jsonb"} | _ARRAYS or _is_numeric(before)
    if after == "text":
        return before in _SCALARS - {"jsonb"} or _is_numeric(before)
    if after in _INTEGERS:
        return before in _INTEGERS and _INTEGERS[before] < _INTEGERS[after]
    if _is_numeric(after):
        return _fits_numeric(before, after)
    if after == "timestamp with time zone":
        return before == "date"
    return before in _FLOATS.get(after, ())


def is_secrecy(before: str, after: str) -> bool:
    """Say whether a column becomes an encrypted one, or has been one."""
    return (
        ENCRYPTED in (before, after)
        and before != after
        and _is_known({before, after} - {ENCRYPTED})
    )


def is_convertible(before: str, after: str) -> bool:
    """Say whether values of a type may have a meaning in another."""
    return before != after and _is_known({before, after})


def _is_known(types: Iterable[str]) -> bool:
    return all(type_ in _SCALARS or _is_numeric(type_) for type_ in types)


def _is_numeric(type_: str) -> bool:
    return _NUMERIC.fullmatch(type_) is not None


def _fits_numeric(before: str, after: str) -> bool:
    match = _NUMERIC.fullmatch(after)
    if match is None:
        return False
    if match[1] is None:
        return before in _INTEGERS or _is_numeric(before)
    precision, scale = int(match[1]), int(match[2])
    if before in _INTEGERS:
        return _INTEGERS[before] <= precision - scale
    other = _NUMERIC.fullmatch(before)
    if other is None or other[1] is None:
        return False
    whole = int(other[1]) - int(other[2])
    return int(other[2]) <= scale and whole <= precision - scale


def conversions(before: Model, after: Model, done: Renames) -> Renames:
    """Give the renames, those that are `done` with them, of the columns whose values are converted.

    Only of those that have the same name in both models, and that no key and no partition rely on.
    """
    new = {table.name: table for table in after.tables}
    tables, columns = dict(done.tables), {(of, old): name for of, old, name in done.columns}
    for was, table in zip(before.tables, followed(before, done).tables, strict=True):
        if table.name in new:
            for column in _converted(table, new[table.name]):
                if (was.name, column.name) not in columns:
                    taken = {item.name for item in (*table.columns, *new[table.name].columns)}
                    columns[was.name, column.name] = _kept_name(column, taken)
    return renames(tables, columns)


def _converted(before: Table, after: Table) -> Iterator[Column]:
    old = {column.name: column for column in before.columns}
    for column in after.columns:
        was = old.get(column.name)
        if (
            was is not None
            and was.generated is None
            and column.generated is None
            and is_convertible(was.type, column.type)
            and not is_widening(was.type, column.type)
            and not _is_relied_on(column.name, before)
            and not _is_relied_on(column.name, after)
        ):
            yield was


def _is_relied_on(column: str, table: Table) -> bool:
    keys = (item for item in table.constraints if isinstance(item, PrimaryKey))
    return any(column in key.columns for key in keys) or column in columns_in(
        table.partition_by or ""
    )


def _kept_name(column: Column, taken: set[str]) -> str:
    """Give the column that had the values a name that is free and says what they are."""
    name = f"{column.name}_was_{_WORD.sub('_', column.type).strip('_')}"
    number = 1
    found = name
    while found in taken or len(found.encode()) > MAX_BYTES:
        found = hashed_name(name, of=str(number))
        number += 1
    return found
