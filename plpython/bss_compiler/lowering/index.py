"""Turns what asks for an index into indexes: foreign keys, properties, `x-bss.indexes`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document.extension import INDEX_COLUMN_KEYS, INDEX_KEYS, check_keys
from bss_compiler.document.pointer import child
from bss_compiler.lowering.key import Keys, Predicate, condition
from bss_compiler.lowering.opclass import operator_classes
from bss_compiler.lowering.outline import MAX_KEY_COLUMNS, Outline, column_names
from bss_compiler.model import Constraint, ForeignKey, Index, IndexKey, PrimaryKey, Unique
from bss_compiler.naming import hashed_name, object_name

_ORDERS: Mapping[tuple[str, str], str | None] = {
    ("asc", "last"): None,
    ("asc", "first"): "NULLS FIRST",
    ("desc", "first"): "DESC",
    ("desc", "last"): "DESC NULLS LAST",
}
_CANNOT_INCLUDE = ("hash", "gin", "brin")


def indexes(
    outline: Outline,
    constraints: Sequence[Constraint],
    unique: Sequence[Index],
    keys: Keys,
    predicate: Predicate,
    findings: Findings,
) -> tuple[Index, ...]:
    """Give the indexes of an entity, the unique ones and those that no key makes superfluous."""
    stated = list(_stated(outline, keys, predicate, findings))
    found = [index for index in stated if index.where is None]
    covered = [item.columns for item in constraints if isinstance(item, PrimaryKey | Unique)]
    covered += [
        tuple(key.column for key in index.keys)
        for index in found
        if index.method == "btree" and all(key.opclass is None for key in index.keys)
    ]
    wanted = [item.columns for item in constraints if isinstance(item, ForeignKey)]
    wanted += [
        (field.column,) for field in outline.columns.values() if field.options.get("index") is True
    ]
    for columns in wanted:
        if not any(set(columns) == set(other[: len(columns)]) for other in covered):
            covered.append(columns)
            found.append(_index(outline, "btree", [IndexKey(column=name) for name in columns], ()))
    # what has all rows comes first, so that it keeps its name whatever else there is
    found += [*unique, *(index for index in stated if index.where is not None)]
    return tuple(_distinct(found, {item.name for item in constraints}))


def _distinct(indexes: Iterable[Index], taken: Set[str]) -> Iterator[Index]:
    """Leave out an index that is said twice; one that only has the name of another gets its own."""
    names: dict[str, Index] = {}
    for index in indexes:
        if index.name not in taken and names.setdefault(index.name, index) == index:
            continue
        name = hashed_name(index.name, of=f"{(index.keys, index.include)!r}{index.where or ''}")
        names.setdefault(name, replace(index, name=name))
    yield from names.values()


def _stated(
    outline: Outline, keys: Keys, predicate: Predicate, findings: Findings
) -> Iterable[Index]:
    place = child(child(outline.entity.schema.pointer, "x-bss"), "indexes")
    for position, item in enumerate(outline.entity.options.get("indexes", ())):
        pointer = child(place, position)
        yield from _Statement(outline, keys, predicate, pointer, findings).read(item)


class _Statement:
    """One item of `x-bss.indexes`."""

    def __init__(
        self,
        outline: Outline,
        keys: Keys,
        predicate: Predicate,
        pointer: str,
        findings: Findings,
    ) -> None:
        self.outline = outline
        self.keys = keys
        self.predicate = predicate
        self.pointer = pointer
        self.findings = findings

    def read(self, item: object) -> Iterator[Index]:
        """Give the index, or nothing, with findings."""
        before = self.findings.errors
        options: Mapping[str, Any] = (
            {"columns": item}
            if isinstance(item, list)
            else check_keys(item, INDEX_KEYS, self.pointer, self.findings)
        )
        place = self.pointer if isinstance(item, list) else child(self.pointer, "columns")
        columns = [self._column(column, place) for column in options.get("columns", ())]
        names = [str(column["property"]) for column in columns if "property" in column]
        found = column_names(names, self.outline.properties, self.pointer, self.findings)
        include = column_names(
            options.get("include", ()), self.outline.properties, self.pointer, self.findings
        )
        if "columns" in options and (not columns or len(set(names)) < len(names)):
            self._refuse_shape("an array of properties, none of them twice", place)
        if self.findings.errors > before or not found:
            return
        method = str(options.get("method", "btree"))
        keys = [
            self._key(name, method, {"opclass": options.get("opclass")} | column)
            for name, column in zip(found, columns, strict=True)
        ]
        self._check(method, keys, include)
        where = condition(options, self.pointer, self.predicate)
        if self.findings.errors == before:
            index = _index(self.outline, method, keys, tuple(include))
            yield replace(index, where=where, pointer=self.pointer)

    def _column(self, item: object, pointer: str) -> dict[str, Any]:
        if isinstance(item, str):
            return {"property": item}
        if not isinstance(item, dict) or "property" not in item:
            self._refuse_shape('an array of properties, or of objects with "property"', pointer)
            return {}
        return check_keys(item, INDEX_COLUMN_KEYS, pointer, self.findings)

    def _refuse_shape(self, what: str, pointer: str) -> None:
        self.findings.report(
            Code.WRONG_SHAPE, pointer, f"columns of an index should be {what}",
            hint="List the names of properties.",
        )  # fmt: skip

    def _key(self, name: str, method: str, column: Mapping[str, Any]) -> IndexKey:
        type_ = self.keys.type_of(self.outline.columns[name])
        known = operator_classes(method, type_.base)
        stated = column["opclass"]
        if stated is None and known.default is None:
            self._refuse(
                f'type "{type_.sql}" cannot be indexed with method "{method}"',
                f"Set opclass to one of {', '.join(known.names)}." if known.names
                else "Set x-bss.embedding on the entity." if type_.base == "vector"
                else "Choose another method, or other columns.",
            )  # fmt: skip
        elif stated is not None and stated not in known.names:
            self._refuse(
                f'operator class "{stated}" is none of method "{method}" for type "{type_.sql}"',
                f"Use one of {', '.join(known.names)}, or leave opclass out."
                if known.names
                else "Choose another method, or other columns.",
                detail="Operator classes of extensions are not used.",
            )
        first_by_default = "first" if column.get("order") == "desc" else "last"
        order = _ORDERS[column.get("order", "asc"), column.get("nulls", first_by_default)]
        if order is not None and method != "btree":
            self._refuse(
                f'an index of method "{method}" has no order', "Leave out order and nulls."
            )
        return IndexKey(
            column=name, opclass=None if stated == known.default else stated, order=order
        )

    def _check(self, method: str, keys: Sequence[IndexKey], include: Sequence[str]) -> None:
        if include and method in _CANNOT_INCLUDE:
            fault = f'an index of method "{method}" cannot include columns'
        elif len(keys) > 1 and method == "hash":
            fault = "a hash index has one column"
        elif len(keys) + len(include) > MAX_KEY_COLUMNS:
            fault = f"an index has at most {MAX_KEY_COLUMNS} columns"
        else:
            return
        self._refuse(fault, "Choose another method, or other columns.")

    def _refuse(self, fault: str, hint: str, detail: str | None = None) -> None:
        self.findings.report(Code.WRONG_TYPE, self.pointer, fault, detail=detail, hint=hint)


def _index(
    outline: Outline, method: str, keys: Sequence[IndexKey], include: tuple[str, ...]
) -> Index:
    parts = [word for key in keys for word in (key.column, key.opclass, _order_word(key)) if word]
    if method != "btree":
        parts.append(method)
    return Index(
        name=object_name(outline.table, *parts, *include, suffix="idx"),
        method=method,
        keys=tuple(keys),
        include=include,
    )


def _order_word(key: IndexKey) -> str | None:
    return None if key.order is None else key.order.lower().replace(" ", "_")
