"""Turns `x-bss.partitionBy` into the way in which a table is partitioned, and its partitions.

The server keeps a key unique within each partition, so that every key has to contain the column by
which the rows are parted. There is a partition for every row: values that no other one takes are in
the default partition. Those of a range depend on the time, so they are made in the database.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bss_compiler import quoting
from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document.extension import PARTITION_KEYS, check_keys
from bss_compiler.document.limits import Limits
from bss_compiler.document.pointer import child
from bss_compiler.lowering.constant import NotOfTypeError, output
from bss_compiler.lowering.key import Keys
from bss_compiler.lowering.outline import Field, Outline, column_names
from bss_compiler.lowering.type import ColumnType
from bss_compiler.model import Index, Partition, Unique
from bss_compiler.naming import object_name

PERIODS = ("day", "week", "month", "year")

_LABEL = re.compile(r"[a-z0-9_]{1,30}", re.ASCII)
_DEFAULT = "DEFAULT"
_OF_TIME = frozenset({"date", "timestamp with time zone"})
_OF_NUMBERS = frozenset({"smallint", "integer", "bigint"})
_LISTED = _OF_NUMBERS | {"text", "boolean"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Partitioning:
    """How a table is partitioned: `by` is spelled as pg_get_partkeydef() prints it."""

    by: str
    interval: str | None
    partitions: tuple[Partition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parting:
    """What `partitionBy` says, with the field and the type of its column."""

    outline: Outline
    field: Field
    type: ColumnType
    options: Mapping[str, Any]
    pointer: str
    limits: Limits
    findings: Findings


def partitioning(
    outline: Outline,
    keys: Keys,
    unique: Iterable[Unique | Index],
    limits: Limits,
    findings: Findings,
) -> Partitioning | None:
    """Give how an entity's table is partitioned, if it asks for it."""
    stated = outline.entity.options.get("partitionBy")
    if stated is None:
        return None
    place = child(child(outline.entity.schema.pointer, "x-bss"), "partitionBy")
    options = check_keys(stated, PARTITION_KEYS, place, findings)
    if not _is_whole(options, place, findings):
        return None
    found = column_names([options["column"]], outline.properties, child(place, "column"), findings)
    if not found:
        return None
    field = outline.columns[found[0]]
    _check_keys(outline, field, unique, place, findings)
    parting = _Parting(
        outline=outline, field=field, type=keys.type_of(field), options=options, pointer=place,
        limits=limits, findings=findings,
    )  # fmt: skip
    match options["strategy"]:
        case "range":
            return _by_range(parting)
        case "list":
            return _by_list(parting)
        case _:
            return _by_hash(parting)


def _is_whole(options: Mapping[str, Any], pointer: str, findings: Findings) -> bool:
    """Report what is missing, and what goes with another strategy."""
    errors = findings.errors
    strategy = options.get("strategy")
    needed = {"column": True, "strategy": True}
    if strategy is not None:
        needed |= {"interval": strategy == "range", "partitions": strategy == "hash"}
    for name, is_needed in needed.items():
        if is_needed and name not in options:
            findings.report(
                Code.WRONG_SHAPE, pointer, f'partitionBy has no "{name}"',
                hint='Give column and strategy; with "range", interval; with "hash", partitions.',
            )  # fmt: skip
        elif not is_needed and name in options:
            findings.report(
                Code.CONFLICTING_KEYWORDS, child(pointer, name),
                f'"{name}" says nothing about strategy "{strategy}"',
                hint='Leave it out: interval goes with "range", partitions with "hash".',
            )  # fmt: skip
    return findings.errors == errors


def _check_keys(
    outline: Outline,
    field: Field,
    unique: Iterable[Unique | Index],
    pointer: str,
    findings: Findings,
) -> None:
    """Report the keys that the server could not keep, each with what to write instead."""
    if "generated" in field.options:
        findings.report(
            Code.CONFLICTING_KEYWORDS, child(pointer, "column"),
            f'property "{field.property}" is computed, and cannot part the rows',
            detail="The server finds the partition of a row before it computes anything.",
            hint="Name another property.",
        )  # fmt: skip
    if field.column not in outline.key:
        given = child(child(outline.entity.schema.pointer, "x-bss"), "primaryKey")
        names = _properties(outline, (*outline.key, field.column))
        findings.report(
            Code.CONFLICTING_KEYWORDS,
            given if "primaryKey" in outline.entity.options else pointer,
            f'primary key of entity "{outline.entity.name}" lacks "{field.property}", by which it '
            "is partitioned",
            detail="Rows of different partitions are not compared with each other.",
            hint=f'Set "primaryKey": {names} in x-bss, and declare each of these properties.',
        )  # fmt: skip
    for key in unique:
        if field.column not in key.columns:
            names = _properties(outline, (*key.columns, field.column))
            findings.report(
                Code.CONFLICTING_KEYWORDS, key.pointer or pointer,
                f'unique key lacks "{field.property}", by which the entity is partitioned',
                detail="Rows of different partitions are not compared with each other.",
                hint=f'Set "unique": [{names}] in x-bss of the entity.',
            )  # fmt: skip


def _properties(outline: Outline, columns: Sequence[str]) -> str:
    names = (outline.columns[column].property for column in columns)
    return f"[{', '.join(quoting.json_string(name) for name in names)}]"


def _by_range(parting: _Parting) -> Partitioning | None:
    stated = parting.options["interval"]
    interval = stated if stated in PERIODS else str(int(stated))
    kinds = _OF_TIME if stated in PERIODS else _OF_NUMBERS
    if not _is_of(parting, kinds, f'a range of interval "{interval}"'):
        return None
    return _made(parting, "RANGE", {"default": _DEFAULT}, interval)


def _by_list(parting: _Parting) -> Partitioning | None:
    facets = parting.field.facets
    listed = facets.get("enum") if facets is not None else None
    if not _is_of(parting, _LISTED, "a list"):
        return None
    if listed is None:
        parting.findings.report(
            Code.CONFLICTING_KEYWORDS, child(parting.pointer, "column"),
            f'property "{parting.field.property}" does not list its values',
            detail="Each value of its enum gets a partition.",
            hint='Give the property an enum, or choose strategy "hash".',
        )  # fmt: skip
        return None
    bounds = {"default": _DEFAULT}
    for value in listed:
        try:
            text = output(value, parting.type)
        except NotOfTypeError:
            continue  # has been reported as a value of the enum
        bounds[_label(text)] = f"FOR VALUES IN ({quoting.untyped(text, parting.type.sql)})"
    return _made(parting, "LIST", bounds)


def _label(text: str) -> str:
    """Give the end of a partition's name: its value, or digits that stand for that."""
    plain = _LABEL.fullmatch(text) and text != "default"
    return f"is_{text}" if plain else f"is_{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _by_hash(parting: _Parting) -> Partitioning | None:
    if parting.type.json in ("json", "array"):
        _refuse_type(parting, "a hash")
        return None
    modulus = int(parting.options["partitions"])
    bounds = {
        f"p{remainder}": f"FOR VALUES WITH (modulus {modulus}, remainder {remainder})"
        for remainder in range(min(modulus, parting.limits.partitions + 1))
    }
    return _made(parting, "HASH", bounds)


def _is_of(parting: _Parting, kinds: frozenset[str], what: str) -> bool:
    if parting.type.sql in kinds:
        return True
    _refuse_type(parting, what)
    return False


def _refuse_type(parting: _Parting, what: str) -> None:
    parting.findings.report(
        Code.WRONG_TYPE, child(parting.pointer, "column"),
        f'type "{parting.type.sql}" cannot be parted by {what}',
        hint=f"A period ({', '.join(PERIODS)}) parts dates and times, a number whole numbers; a "
        "list takes strings, whole numbers and booleans.",
    )  # fmt: skip


def _made(
    parting: _Parting, strategy: str, bounds: Mapping[str, str], interval: str | None = None
) -> Partitioning | None:
    if len(bounds) > parting.limits.partitions:
        parting.findings.report(
            Code.TOO_MANY, parting.pointer,
            f'entity "{parting.outline.entity.name}" has too many partitions',
            detail=f"It asks for {len(bounds)}; the limit is {parting.limits.partitions}.",
            hint="Ask for fewer, or raise limit.partitions.",
        )  # fmt: skip
        return None
    names = {object_name(parting.outline.table, suffix=label): label for label in bounds}
    return Partitioning(
        by=f"{strategy} ({quoting.ident(parting.field.column)})",
        interval=interval,
        partitions=tuple(
            Partition(name=name, bound=bounds[label], pointer=parting.pointer)
            for name, label in sorted(names.items())
        ),
    )
