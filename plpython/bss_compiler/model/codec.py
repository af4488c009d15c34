"""Turns a model into JSON values and back, field by field as the dataclasses declare them.

The type of a constraint is written beside its fields, under "kind"; every other type follows from
where it stands. Defaults are left out, so that what a reader of the ledger sees is what was said.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from bss_compiler.model.access import Grant, Policy
from bss_compiler.model.column import Column
from bss_compiler.model.constraint import Check, ForeignKey, PrimaryKey, Unique
from bss_compiler.model.function import Function
from bss_compiler.model.index import Index, IndexKey
from bss_compiler.model.partition import Partition
from bss_compiler.model.secret import Secret
from bss_compiler.model.table import Model, Table
from bss_compiler.model.trigger import Trigger

Json = dict[str, Any]

_KINDS: Mapping[str, type] = {
    "primary_key": PrimaryKey,
    "unique": Unique,
    "foreign_key": ForeignKey,
    "check": Check,
}
_KIND_OF = {type_: kind for kind, type_ in _KINDS.items()}
_PARTS: Mapping[tuple[type, str], Callable[[Json], Any]]


def to_json(value: Any) -> Any:
    """Give a JSON value for a model or any part of one."""
    return _written(value, _FIELDS)


def to_json_compared(value: Any) -> Any:
    """Give the same without the fields that are left out when two values are compared."""
    return _written(value, _COMPARED)


def _written(value: Any, fields_of: Mapping[type, tuple[tuple[str, Any], ...]]) -> Any:
    if isinstance(value, tuple):
        return [_written(item, fields_of) for item in value]
    names = fields_of.get(type(value))
    if names is None:
        return value
    result = {}
    kind = _KIND_OF.get(type(value))
    if kind is not None:
        result["kind"] = kind
    for name, default in names:
        item = getattr(value, name)
        if item != default:
            result[name] = _written(item, fields_of)
    return result


def from_json(value: Json) -> Model:
    """Give the model that `to_json` was given. Raises KeyError or TypeError on anything else."""
    model: Model = _read(Model, value)
    return model


def _read(type_: type, value: Json) -> Any:
    arguments = {}
    for name, item in value.items():
        if name == "kind":
            continue
        read = _PARTS.get((type_, name))
        if read is not None:
            arguments[name] = tuple(read(part) for part in item)
        else:
            arguments[name] = tuple(item) if isinstance(item, list) else item
    return type_(**arguments)


def _read_constraint(value: Json) -> Any:
    return _read(_KINDS[value["kind"]], value)


def _reader(type_: type) -> Callable[[Json], Any]:
    return lambda value: _read(type_, value)


_PARTS = {
    (Model, "tables"): _reader(Table),
    (Model, "functions"): _reader(Function),
    (Table, "columns"): _reader(Column),
    (Table, "constraints"): _read_constraint,
    (Table, "indexes"): _reader(Index),
    (Table, "policies"): _reader(Policy),
    (Table, "grants"): _reader(Grant),
    (Table, "triggers"): _reader(Trigger),
    (Table, "partitions"): _reader(Partition),
    (Table, "secrets"): _reader(Secret),
    (Secret, "checks"): _read_constraint,
    (Index, "keys"): _reader(IndexKey),
}
_TYPES = (
    Model, Table, Column, PrimaryKey, Unique, ForeignKey, Check,
    Index, IndexKey, Policy, Grant, Trigger, Function, Partition, Secret,
)  # fmt: skip
_FIELDS: Mapping[type, tuple[tuple[str, Any], ...]] = {
    type_: tuple((item.name, item.default) for item in fields(type_)) for type_ in _TYPES
}
_COMPARED: Mapping[type, tuple[tuple[str, Any], ...]] = {
    type_: tuple((item.name, item.default) for item in fields(type_) if item.compare)
    for type_ in _TYPES
}
