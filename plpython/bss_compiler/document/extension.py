"""The keys of `x-bss`, for an entity and for a property, with the shape of each.

A key that is known but not built yet is refused as such; a key that is not known is refused. No
key takes SQL.
"""

from collections.abc import Mapping
from typing import Any

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document import shape
from bss_compiler.document.pointer import child
from bss_compiler.document.shape import Shape

ENTITY_KEYS: Mapping[str, Shape] = {
    "entity": shape.boolean,
    "table": shape.string,
    "primaryKey": shape.either(shape.string, shape.strings),
    "unique": shape.values,
    "indexes": shape.values,
    "references": shape.values,
    "embedding": shape.object_,
    "search": shape.object_,
    "checks": shape.values,
    "partitionBy": shape.object_,
    "softDelete": shape.boolean,
    "events": shape.object_,
    "renamedFrom": shape.string,
    "scope": shape.choice("tenant", "shared"),
}
PROPERTY_KEYS: Mapping[str, Shape] = {
    "column": shape.string,
    "type": shape.string,
    "references": shape.either(shape.false, shape.object_),
    "unique": shape.boolean,
    "index": shape.boolean,
    "generated": shape.either(shape.string, shape.object_),
    "renamedFrom": shape.string,
    "encrypted": shape.boolean,
    "sensitive": shape.boolean,
}
VALUE_KEYS: Mapping[str, Shape] = {"entity": shape.boolean}
"""Those of a value type, and of what is inside it: it becomes a part of a column."""
UNIQUE_KEYS: Mapping[str, Shape] = {
    "columns": shape.strings,
    "nullsNotDistinct": shape.boolean,
    "where": shape.schema,
}
INDEX_KEYS: Mapping[str, Shape] = {
    "columns": shape.values,
    "method": shape.choice("btree", "hash", "gin", "gist", "brin"),
    "opclass": shape.string,
    "include": shape.strings,
    "where": shape.schema,
}
INDEX_COLUMN_KEYS: Mapping[str, Shape] = {
    "property": shape.string,
    "order": shape.choice("asc", "desc"),
    "nulls": shape.choice("first", "last"),
    "opclass": shape.string,
}
REFERENCES_KEYS: Mapping[str, Shape] = {
    "entity": shape.string,
    "property": shape.string,
    "onDelete": shape.choice("noAction", "restrict", "cascade", "setNull", "setDefault"),
}
COMPOSITE_KEYS: Mapping[str, Shape] = {
    "columns": shape.strings,
    "entity": shape.string,
    "properties": shape.strings,
    "onDelete": REFERENCES_KEYS["onDelete"],
}
"""A reference of several properties, which stands on the entity."""
EMBEDDING_KEYS: Mapping[str, Shape] = {
    "source": shape.strings,
    "dimensions": shape.count,
    "metric": shape.choice("cosine", "l2", "ip"),
    "index": shape.choice("hnsw", "ivfflat", "none"),
    "provider": shape.string,
}
SEARCH_KEYS: Mapping[str, Shape] = {
    "properties": shape.either(shape.strings, shape.object_),
    "language": shape.string,
}
EVENTS_KEYS: Mapping[str, Shape] = {
    "payload": shape.choice("none", "keys", "changes", "row"),
    "exclude": shape.strings,
}
CHECK_KEYS: Mapping[str, Shape] = {"name": shape.string, "path": shape.string}
PARTITION_KEYS: Mapping[str, Shape] = {
    "column": shape.string,
    "strategy": shape.choice("range", "list", "hash"),
    "interval": shape.either(shape.choice("day", "week", "month", "year"), shape.positive_count),
    "partitions": shape.positive_count,
}
OF_WHOLE_PROPERTIES = frozenset({"encrypted", "sensitive"})
NOT_YET = frozenset({
    "history", "versioned",
})  # fmt: skip


def check_keys(
    value: object, keys: Mapping[str, Shape], pointer: str, findings: Findings
) -> dict[str, Any]:
    """Give the members of an `x-bss` object that are known and well-shaped; reports the others."""
    if not isinstance(value, dict):
        findings.report(
            Code.WRONG_SHAPE, pointer, "value should be an object",
            hint=f"Write an object with some of the keys {', '.join(sorted(keys))}.",
        )  # fmt: skip
        return {}
    result: dict[str, Any] = {}
    for name, item in value.items():
        place = child(pointer, name)
        check = keys.get(name)
        if check is None:
            _refuse(name, keys, place, findings)
            continue
        problem = check(item)
        if problem is not None:
            findings.report(
                Code.WRONG_SHAPE, place, f'value of "{name}" should be {problem}',
                hint=f"Give {problem}, or leave the key out.",
            )  # fmt: skip
            continue
        result[name] = item
    return result


def check_columns(
    value: object, keys: Mapping[str, Shape], pointer: str, findings: Findings
) -> dict[str, Any]:
    """Give the members of what lists columns: an object, or no more than the list of them."""
    if not isinstance(value, list):
        return check_keys(value, keys, pointer, findings)
    problem = shape.strings(value)
    if problem is not None:
        findings.report(
            Code.WRONG_SHAPE, pointer, f"list of columns should be {problem}",
            hint="List the names of properties.",
        )  # fmt: skip
        return {}
    return {"columns": value}


def _refuse(name: str, keys: Mapping[str, Shape], pointer: str, findings: Findings) -> None:
    if name in OF_WHOLE_PROPERTIES and keys is VALUE_KEYS:
        findings.report(
            Code.NOT_ENCRYPTABLE, pointer, f'x-bss key "{name}" is about whole properties',
            detail="What is inside a value is stored with it.",
            hint="Set it on the property of the entity that has the value, or make this one.",
        )  # fmt: skip
    elif name in NOT_YET:
        findings.report(
            Code.NOT_SUPPORTED_YET, pointer, f'x-bss key "{name}" is not supported yet',
            hint="Leave the key out; it would not be enforced.",
        )  # fmt: skip
    else:
        findings.report(
            Code.UNKNOWN_KEYWORD, pointer, f'x-bss key "{name}" is not known here',
            hint=f"The keys that may stand here are {', '.join(sorted(keys))}.",
        )  # fmt: skip
