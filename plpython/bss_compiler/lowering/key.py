"""Turns what names a key into unique and foreign keys.

A foreign key is said outright by `x-bss.references`, or by a `$ref` to an entity, or by convention:
a property that has the name and the type of another entity's key refers to it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document.extension import REFERENCES_KEYS, UNIQUE_KEYS, check_columns, check_keys
from bss_compiler.document.pointer import child
from bss_compiler.lowering.outline import UUID, Field, Outline, check_size, column_names
from bss_compiler.lowering.type import ColumnType
from bss_compiler.model import ForeignKey, Unique
from bss_compiler.naming import object_name

_ON_DELETE = {
    "noAction": "NO ACTION", "restrict": "RESTRICT", "cascade": "CASCADE",
    "setNull": "SET NULL", "setDefault": "SET DEFAULT",
}  # fmt: skip


class Keys:
    """Knows the outlines of all entities, and so what refers to what."""

    def __init__(self, outlines: Sequence[Outline], findings: Findings) -> None:
        self.findings = findings
        self._by_pointer = {outline.entity.schema.pointer: outline for outline in outlines}
        self._by_name = {outline.entity.name: outline for outline in outlines}
        self._by_key: dict[str, list[Outline]] = {}
        for outline in outlines:
            if len(outline.key) == 1 and outline.key != ("id",):
                self._by_key.setdefault(outline.key[0], []).append(outline)

    def type_of(self, field: Field) -> ColumnType:
        """Give the type of a column; that of a reference is the type of the key it refers to."""
        seen: set[str] = set()
        while field.type is None and field.pointer not in seen:
            seen.add(field.pointer)
            key = self._key_of(field)
            if key is None:
                return UUID
            field = key
        return field.type or UUID

    def _key_of(self, field: Field) -> Field | None:
        if field.facets is None or field.facets.entity is None:
            return None
        target = self._by_pointer.get(field.facets.entity.schema.pointer)
        if target is None:
            return None  # it became the table of another entity, which has been reported
        if len(target.key) != 1:
            self.findings.report(
                Code.WRONG_TYPE, child(field.pointer, "$ref"),
                f'entity "{target.entity.name}" has a key of several properties',
                detail="A reference by $ref is one column.",
                hint="Declare the properties of the key, and refer to each entity on its own.",
            )  # fmt: skip
            return None
        return target.columns.get(target.key[0])

    def foreign_keys(self, outline: Outline) -> Iterable[ForeignKey]:
        """Give the foreign keys of an entity, one for each property that refers to another."""
        for field in outline.columns.values():
            stated = field.options.get("references")
            if stated is False:
                continue
            if isinstance(stated, dict):
                key = self._stated(outline, field, stated)
            elif field.facets is not None and field.facets.entity is not None:
                target = self._by_pointer.get(field.facets.entity.schema.pointer)
                key = _foreign_key(outline, field, target, target.key[0]) if target else None
            else:
                key = self._by_convention(outline, field)
            if key is not None:
                yield key

    def _by_convention(self, outline: Outline, field: Field) -> ForeignKey | None:
        targets = self._by_key.get(field.column, [])
        if outline.key == (field.column,) or len(targets) != 1 or targets[0] is outline:
            return None
        target = targets[0]
        key = target.columns.get(field.column)
        if key is None or self.type_of(key) != self.type_of(field):
            return None
        return _foreign_key(outline, field, target, field.column)

    def _stated(
        self, outline: Outline, field: Field, stated: Mapping[str, Any]
    ) -> ForeignKey | None:
        place = child(child(field.pointer, "x-bss"), "references")
        options = check_keys(stated, REFERENCES_KEYS, place, self.findings)
        target = self._by_name.get(str(options.get("entity")))
        if target is None:
            self.findings.report(
                Code.UNKNOWN_ENTITY, place, f'entity "{options.get("entity", "")}" does not exist',
                hint=f"The entities are {', '.join(list(self._by_name)[:20])}.",
            )  # fmt: skip
            return None
        referenced = self._referenced(target, options.get("property"), place)
        if referenced is None or referenced.is_untyped() or field.is_untyped():
            return None
        if self.type_of(referenced).sql != self.type_of(field).sql:
            self.findings.report(
                Code.WRONG_TYPE, place,
                f'property "{field.property}" has not the type of what it refers to',
                detail=f'It is of type "{self.type_of(field).sql}", and '
                f'"{referenced.property}" of type "{self.type_of(referenced).sql}".',
                hint="Give both the same type and format.",
            )  # fmt: skip
            return None
        action = _ON_DELETE[str(options.get("onDelete", "noAction"))]
        return _foreign_key(outline, field, target, referenced.column, action)

    def _referenced(self, target: Outline, name: object, pointer: str) -> Field | None:
        if name is None:
            column = target.key[0] if len(target.key) == 1 else None
            field = target.columns.get(column) if column else None
        else:
            field = target.properties.get(str(name))
            unique = field is not None and (
                target.key == (field.column,) or field.options.get("unique") is True
            )
            field = field if unique else None
        if field is None:
            self.findings.report(
                Code.UNKNOWN_PROPERTY, pointer,
                f'entity "{target.entity.name}" has no such key to refer to',
                detail="A foreign key refers to a primary key of one property, or to a property "
                "with x-bss.unique.",
                hint="Name such a property, or make it unique.",
            )  # fmt: skip
        return field


def _foreign_key(
    outline: Outline, field: Field, target: Outline, column: str, on_delete: str = "NO ACTION"
) -> ForeignKey:
    return ForeignKey(
        name=object_name(outline.table, field.column, suffix="fkey"),
        columns=(field.column,),
        table=target.table,
        referenced=(column,),
        on_delete=on_delete,
        pointer=field.pointer,
    )


def unique_keys(outline: Outline, findings: Findings) -> Iterable[Unique]:
    """Give the unique keys that an entity and its properties ask for."""
    for field in outline.columns.values():
        if field.options.get("unique") is True and outline.key != (field.column,):
            yield _unique(outline, (field.column,), False, field.pointer)
    place = child(child(outline.entity.schema.pointer, "x-bss"), "unique")
    for position, item in enumerate(outline.entity.options.get("unique", ())):
        pointer = child(place, position)
        options = check_columns(item, UNIQUE_KEYS, pointer, findings)
        names: Any = options.get("columns", ())
        found = column_names(names, outline.properties, pointer, findings)
        # the server makes no second key of the columns of the first
        is_new = tuple(found) != outline.key and check_size(found, pointer, findings)
        if found and len(found) == len(names) and is_new:
            distinct = options.get("nullsNotDistinct") is True
            yield _unique(outline, tuple(found), distinct, pointer)


def _unique(
    outline: Outline, columns: tuple[str, ...], nulls_not_distinct: bool, pointer: str
) -> Unique:
    return Unique(
        name=object_name(outline.table, *columns, suffix="key"),
        columns=columns,
        nulls_not_distinct=nulls_not_distinct,
        pointer=pointer,
    )
