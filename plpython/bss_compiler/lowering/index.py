"""Turns what asks for an index into indexes: foreign keys, properties, `x-bss.indexes`."""

from collections.abc import Iterable, Sequence
from typing import Any

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document.extension import INDEX_KEYS, check_columns
from bss_compiler.document.pointer import child
from bss_compiler.lowering.outline import MAX_KEY_COLUMNS, Outline, column_names
from bss_compiler.model import Constraint, ForeignKey, Index, IndexKey, PrimaryKey, Unique
from bss_compiler.naming import object_name


def indexes(
    outline: Outline, constraints: Sequence[Constraint], findings: Findings
) -> tuple[Index, ...]:
    """Give the indexes of an entity, without those that a key makes superfluous."""
    covered = {item.columns[0] for item in constraints if isinstance(item, PrimaryKey | Unique)}
    found = {index.name: index for index in _stated(outline, findings)}
    covered |= {index.keys[0].column for index in found.values() if index.method == "btree"}
    wanted = [item.columns[0] for item in constraints if isinstance(item, ForeignKey)]
    wanted += [
        field.column for field in outline.columns.values() if field.options.get("index") is True
    ]
    for column in wanted:
        if column not in covered:
            covered.add(column)
            index = _index(outline.table, "btree", (column,), ())
            found[index.name] = index
    return tuple(found.values())


def _stated(outline: Outline, findings: Findings) -> Iterable[Index]:
    place = child(child(outline.entity.schema.pointer, "x-bss"), "indexes")
    for position, item in enumerate(outline.entity.options.get("indexes", ())):
        pointer = child(place, position)
        options = check_columns(item, INDEX_KEYS, pointer, findings)
        names: Any = options.get("columns", ())
        included: Any = options.get("include", ())
        keys = column_names(names, outline.properties, pointer, findings)
        include = column_names(included, outline.properties, pointer, findings)
        method = str(options.get("method", "btree"))
        if not names and "columns" in options:
            findings.report(
                Code.WRONG_SHAPE, pointer, "index has no columns",
                hint="Name at least one property.",
            )  # fmt: skip
        elif _is_possible(outline, method, keys, include, pointer, findings):
            yield _index(outline.table, method, tuple(keys), tuple(include))


def _is_possible(
    outline: Outline,
    method: str,
    keys: Sequence[str],
    include: Sequence[str],
    pointer: str,
    findings: Findings,
) -> bool:
    if not keys:
        return False
    if include and method not in ("btree", "gist"):
        fault = f'an index of method "{method}" cannot include columns'
    elif len(keys) > 1 and method == "hash":
        fault = "a hash index has one column"
    elif len(keys) + len(include) > MAX_KEY_COLUMNS:
        fault = f"an index has at most {MAX_KEY_COLUMNS} columns"
    else:
        fields = [outline.columns.get(name) for name in keys]
        types = [field.type.sql for field in fields if field is not None and field.type]
        wrong = [type_ for type_ in types if not _has_opclass(type_, method)]
        if not wrong:
            return True
        fault = f'type "{wrong[0]}" cannot be indexed with method "{method}"'
    findings.report(
        Code.WRONG_TYPE, pointer, fault,
        hint="Choose another method, or other columns.",
    )  # fmt: skip
    return False


def _has_opclass(type_: str, method: str) -> bool:
    """Say whether the server has a default operator class; those of contrib are not counted."""
    is_array = type_.endswith("[]")
    match method:
        case "gin":
            return is_array or type_ == "jsonb"
        case "gist":
            return False
        case "brin":
            return not is_array and type_ not in ("boolean", "jsonb")
    return not type_.startswith("vector")


def _index(table: str, method: str, keys: tuple[str, ...], include: tuple[str, ...]) -> Index:
    parts = keys if method == "btree" else (*keys, method)
    return Index(
        name=object_name(table, *parts, *include, suffix="idx"),
        method=method,
        keys=tuple(IndexKey(column=column) for column in keys),
        include=include,
    )
