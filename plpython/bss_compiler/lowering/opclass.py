"""The server's own operator classes, by index method and type of column.

Those of PostgreSQL 15, which later versions have kept; a test compares them with the server's. The
classes of extensions are not among them: a document does not know what is installed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

STEMS: Mapping[str, str] = {
    "smallint": "int2",
    "integer": "int4",
    "bigint": "int8",
    "numeric": "numeric",
    "real": "float4",
    "double precision": "float8",
    "text": "text",
    "uuid": "uuid",
    "date": "date",
    "timestamp with time zone": "timestamptz",
    "time without time zone": "time",
    "interval": "interval",
    "inet": "inet",
    "bytea": "bytea",
    "boolean": "bool",
    "jsonb": "jsonb",
}


@dataclass(frozen=True, slots=True)
class OperatorClasses:
    """What a method has for a type: the class that is taken unasked, and the others."""

    default: str | None = None
    others: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Give all of them."""
        return self.others if self.default is None else (self.default, *self.others)


def operator_classes(method: str, base_type: str) -> OperatorClasses:
    """Give the operator classes of a method for a type without its modifier."""
    if base_type.endswith("[]"):
        return OperatorClasses("array_ops") if method in ("btree", "hash", "gin") else _NONE
    stem = STEMS.get(base_type)
    if stem is None:
        return _NONE
    if method == "brin":
        return _brin(stem)
    if method in ("btree", "hash"):
        return OperatorClasses(f"{stem}_ops", ("text_pattern_ops",) if stem == "text" else ())
    return _INVERTED_AND_TREES.get((method, stem), _NONE)


def _brin(stem: str) -> OperatorClasses:
    match stem:
        case "bool" | "jsonb":
            return _NONE
        case "text" | "bytea":
            return OperatorClasses(f"{stem}_minmax_ops", (f"{stem}_bloom_ops",))
        case "inet":
            others = ("inet_minmax_ops", "inet_minmax_multi_ops", "inet_bloom_ops")
            return OperatorClasses("inet_inclusion_ops", others)
    return OperatorClasses(f"{stem}_minmax_ops", (f"{stem}_minmax_multi_ops", f"{stem}_bloom_ops"))


_NONE = OperatorClasses()
_INVERTED_AND_TREES = {
    ("gin", "jsonb"): OperatorClasses("jsonb_ops", ("jsonb_path_ops",)),
    ("gist", "inet"): OperatorClasses(None, ("inet_ops",)),
}
