"""Turns what names a key into unique and foreign keys.

A foreign key is said outright by `x-bss.references`, or by a `$ref` to an entity, or by convention:
a property that has the name and the type of another entity's key refers to it. One of several
columns is said by `x-bss.references` of the entity.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document.extension import (
    COMPOSITE_KEYS,
    REFERENCES_KEYS,
    UNIQUE_KEYS,
    check_columns,
    check_keys,
)
from bss_compiler.document.pointer import child
from bss_compiler.lowering.archive import check_reference
from bss_compiler.lowering.outline import UUID, Field, Outline, check_size, column_names
from bss_compiler.lowering.type import ColumnType
from bss_compiler.model import ForeignKey, Index, Unique
from bss_compiler.model.index import unique_index
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
                hint="Declare properties like those of the key, and name them in x-bss.references "
                "of the entity.",
            )  # fmt: skip
            return None
        return target.columns.get(target.key[0])

    def foreign_keys(self, outline: Outline) -> Iterable[ForeignKey]:
        """Give the foreign keys of an entity: those of its properties, and of several together."""
        for key in (*self._of_properties(outline), *self._of_several(outline)):
            if outline.placement == "shared" and key.placement != "shared":
                self._refuse_tenant(outline, key)
                continue
            if key.on_delete in ("SET NULL", "SET DEFAULT"):
                self._check_action(outline, key)
            yield key

    def _refuse_tenant(self, outline: Outline, key: ForeignKey) -> None:
        self.findings.report(
            Code.SHARED_REFERS_TO_TENANT, key.pointer or "",
            f'shared entity "{outline.entity.name}" refers to table "{key.table}" of a tenant',
            detail="Its records are those of all tenants, each of which has such a table.",
            hint='Set "x-bss": {"scope": "shared"} on what it refers to as well, or '
            '"x-bss": {"references": false} on the property.',
        )  # fmt: skip

    def _of_properties(self, outline: Outline) -> Iterable[ForeignKey]:
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
        by_ref = field.facets.entity if field.facets is not None else None
        name = options.get("entity", by_ref.name if by_ref is not None else None)
        target = self._target(name, place)
        if target is None:
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
        key = _foreign_key(outline, field, target, referenced.column, action)
        check_reference(outline, target, key, place, self.findings)
        return key

    def _referenced(self, target: Outline, name: object, pointer: str) -> Field | None:
        if name is None:
            column = target.key[0] if len(target.key) == 1 else None
            field = target.columns.get(column) if column else None
        else:
            field = target.properties.get(str(name))
            if field is not None and not _is_key(target, (field.column,)):
                field = None
        if field is None:
            self.findings.report(
                Code.UNKNOWN_PROPERTY, pointer,
                f'entity "{target.entity.name}" has no such key to refer to',
                detail="A foreign key refers to a primary key of one property, or to a property "
                "with x-bss.unique of an entity without x-bss.softDelete.",
                hint="Name such a property, or make it unique. A key of several properties is "
                "referred to by x-bss.references of the entity.",
            )  # fmt: skip
        return field

    def _target(self, name: object, pointer: str) -> Outline | None:
        target = self._by_name.get(str(name))
        if target is None:
            self.findings.report(
                Code.UNKNOWN_ENTITY, pointer, f'entity "{name or ""}" does not exist',
                hint=f"The entities are {', '.join(list(self._by_name)[:20])}.",
            )  # fmt: skip
        return target

    def _of_several(self, outline: Outline) -> Iterable[ForeignKey]:
        place = child(child(outline.entity.schema.pointer, "x-bss"), "references")
        for position, item in enumerate(outline.entity.options.get("references", ())):
            pointer = child(place, position)
            options = check_keys(item, COMPOSITE_KEYS, pointer, self.findings)
            names: Any = options.get("columns", ())
            columns = column_names(names, outline.properties, pointer, self.findings)
            target = self._target(options.get("entity"), pointer)
            if target is None or len(columns) != len(names):
                continue
            referenced = self._matched(outline, columns, target, options, pointer)
            if referenced:
                key = ForeignKey(
                    name=object_name(outline.table, *columns, suffix="fkey"),
                    columns=tuple(columns),
                    table=target.table,
                    placement=target.placement,
                    referenced=referenced,
                    on_delete=_ON_DELETE[str(options.get("onDelete", "noAction"))],
                    pointer=pointer,
                )
                check_reference(outline, target, key, pointer, self.findings)
                yield key

    def _matched(
        self,
        outline: Outline,
        columns: Sequence[str],
        target: Outline,
        options: Mapping[str, Any],
        pointer: str,
    ) -> tuple[str, ...]:
        """Give the columns that several columns refer to, or none, with a finding."""
        referenced = target.key
        if "properties" in options:
            names = options["properties"]
            found = column_names(names, target.properties, pointer, self.findings)
            if len(found) != len(names):
                return ()
            referenced = tuple(found)
        own = [outline.columns[name] for name in columns]
        other = [target.columns[name] for name in referenced]
        if any(field.is_untyped() for field in (*own, *other)):
            return ()
        if len(columns) < 2:
            fault = "reference of an entity has fewer than two properties"
            hint = "Set x-bss.references on the property."
        elif len(columns) != len(referenced) or not _is_key(target, referenced):
            fault = f'entity "{target.entity.name}" has no such key to refer to'
            hint = "Name the properties of its primary key, or of one of its unique lists."
        elif wrong := [
            f'"{one.property}" and "{two.property}"'
            for one, two in zip(own, other, strict=True)
            if self.type_of(one).sql != self.type_of(two).sql
        ]:
            fault = f"properties {wrong[0]} are not of the same type"
            hint = "Give both the same type and format, and name them in the same order."
        else:
            return referenced
        self.findings.report(Code.WRONG_TYPE, pointer, fault, hint=hint)
        return ()

    def _check_action(self, outline: Outline, key: ForeignKey) -> None:
        """Report an action that would fail whenever it is taken, or that the server refuses."""
        for name in key.columns:
            field = outline.columns[name]
            if "generated" in field.options:
                fault = "is computed, and cannot be set"
            elif not field.nullable(in_key=name in outline.key) and (
                key.on_delete == "SET NULL" or not field.has_default()
            ):
                fault = "must have a value"
            else:
                continue
            self.findings.report(
                Code.CONFLICTING_KEYWORDS, key.pointer or "",
                f'property "{field.property}" {fault} when what it refers to is deleted',
                detail=f"The reference says ON DELETE {key.on_delete}.",
                hint="Choose another onDelete, or make the property optional.",
            )  # fmt: skip


def _is_key(target: Outline, columns: Iterable[str]) -> bool:
    """Say whether columns are, in any order, a key of an entity that others can refer to."""
    wanted = frozenset(columns)
    if target.archives:
        return frozenset(target.key) == wanted  # what else is unique is not so among all rows
    keys = [target.key, *((name,) for name in target.columns if _is_unique(target.columns[name]))]
    for item in target.entity.options.get("unique", ()):
        if isinstance(item, dict) and "where" in item:
            continue  # an index, and no constraint
        names = item.get("columns", ()) if isinstance(item, dict) else item
        if isinstance(names, list):
            fields = [target.properties.get(str(name)) for name in names]
            keys.append(tuple(field.column for field in fields if field is not None))
    return any(frozenset(key) == wanted for key in keys)


def _is_unique(field: Field) -> bool:
    return field.options.get("unique") is True


def _foreign_key(
    outline: Outline, field: Field, target: Outline, column: str, on_delete: str = "NO ACTION"
) -> ForeignKey:
    return ForeignKey(
        name=object_name(outline.table, field.column, suffix="fkey"),
        columns=(field.column,),
        table=target.table,
        placement=target.placement,
        referenced=(column,),
        on_delete=on_delete,
        pointer=field.pointer,
    )


Predicate = Callable[[object, str], str | None]
"""Turns a schema, as a JSON value at a pointer, to an expression; None where all rows are meant."""


def condition(options: Mapping[str, Any], pointer: str, predicate: Predicate) -> str | None:
    """Give the expression of `where`, if it leaves rows out."""
    if "where" not in options:
        return None
    return predicate(options["where"], child(pointer, "where"))


def unique_keys(
    outline: Outline, predicate: Predicate, findings: Findings
) -> Iterable[Unique | Index]:
    """Give the unique keys that an entity and its properties ask for.

    One of some records only is an index, because a constraint is about all rows.
    """
    for field in outline.columns.values():
        if _is_unique(field) and outline.key != (field.column,):
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
            key = _unique(outline, tuple(found), distinct, pointer)
            where = condition(options, pointer, predicate)
            yield key if where is None else unique_index(key, where)


def _unique(
    outline: Outline, columns: tuple[str, ...], nulls_not_distinct: bool, pointer: str
) -> Unique:
    return Unique(
        name=object_name(outline.table, *columns, suffix="key"),
        columns=columns,
        nulls_not_distinct=nulls_not_distinct,
        pointer=pointer,
    )
