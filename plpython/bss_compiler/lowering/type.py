"""Turns the JSON type and format of a property into the type of its column."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document.shape import is_number
from bss_compiler.lowering.facet import Facets
from bss_compiler.lowering.format import FORMAT_PATTERNS


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnType:
    """The type of a column, as format_type() prints it.

    `json` is the one JSON type that it holds: string, integer, number or boolean; for a column that
    holds any JSON it is "json", and for an SQL array "array". `checked_format` is a format that the
    type alone does not enforce.
    """

    sql: str
    json: str
    checked_format: str | None = None

    @property
    def base(self) -> str:
        """Give the type without its modifier: what a constant of it is cast to."""
        return self.sql.partition("(")[0]

    @property
    def is_sql_array(self) -> bool:
        """Say whether the column is an array of the server's; a vector is none."""
        return self.sql.endswith("[]")

    @property
    def is_text(self) -> bool:
        """Say whether the column holds the very characters of a JSON string."""
        return self.sql == "text"


JSONB = ColumnType(sql="jsonb", json="json")

STRING_FORMATS: Mapping[str, str] = {
    "uuid": "uuid",
    "date": "date",
    "date-time": "timestamp with time zone",
    "time": "time without time zone",
    "duration": "interval",
    "ipv4": "inet",
    "ipv6": "inet",
}
TEXT_FORMATS = frozenset(FORMAT_PATTERNS)
INTEGER_FORMATS = {"int32": "integer", "int64": "bigint"}
NUMBER_FORMATS = {"float": "real", "double": "double precision"}
OTHER_ENCODINGS = frozenset(
    {"7bit", "8bit", "binary", "quoted-printable", "base16", "base32", "base32hex", "base64url"}
)
"""Content encodings other than base64 (RFC 2045, section 6.1; RFC 4648): a column has the text."""
_INT64 = range(-(2**63), 2**63)

_ALLOWED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "string": (
        ("text", "text"), ("uuid", "uuid"), ("date", "date"), ("bytea", "bytea"),
        ("inet", "inet"), ("interval", "interval"),
        ("timestamptz|timestamp with time zone", "timestamp with time zone"),
        ("time|time without time zone", "time without time zone"),
    ),
    "integer": (
        ("smallint", "smallint"), ("integer|int", "integer"), ("bigint", "bigint"),
        ("numeric", "numeric"),
    ),
    "number": (
        ("numeric|decimal", "numeric"), ("real", "real"),
        ("double precision", "double precision"),
    ),
    "boolean": (("boolean", "boolean"),),
}  # fmt: skip
_ARRAYS: Mapping[str, tuple[str, ...]] = {
    "string": ("text[]", "uuid[]"),
    "integer": ("bigint[]", "integer[]"),
    "number": ("numeric[]",),
    "boolean": ("boolean[]",),
}
_NUMERIC = re.compile(r"(?:numeric|decimal)\(([0-9]{1,4})(?:, ?([0-9]{1,4}))?\)", re.ASCII)
_VECTOR = re.compile(r"vector\(([0-9]{1,5})\)", re.ASCII)

VECTOR_DIMENSIONS = range(1, 16_001)
"""What pgvector's type can hold; its indexes hold 2,000."""


def column_type(facets: Facets, override: str | None, findings: Findings) -> ColumnType | None:
    """Give the type of a property's column. Gives None, with a finding, if there is none."""
    json_type = _json_type(facets)
    if override is not None:
        return _override(facets, json_type, override, findings)
    match json_type:
        case "string":
            return _string(facets, findings)
        case "integer":
            return _integer(facets, findings)
        case "number":
            return _number(facets, findings)
        case "boolean":
            _refuse_format(facets, findings)
            return ColumnType(sql="boolean", json="boolean")
    return JSONB


def json_types(facets: Facets) -> frozenset[str]:
    """Give the JSON types, other than null, that the type or the values name; empty for any."""
    return facets.types - {"null"} or _types_of_values(facets)


def _json_type(facets: Facets) -> str | None:
    types = json_types(facets)
    if types == {"integer", "number"}:
        return "number"
    return next(iter(types)) if len(types) == 1 else None


def _types_of_values(facets: Facets) -> frozenset[str]:
    values = [facets.keywords["const"]] if "const" in facets.keywords else facets.get("enum") or ()
    return frozenset(json_type_of(value) for value in values if value is not None)


def json_type_of(value: Any) -> str:
    """Name the JSON type of a value; a number without a fraction is an integer."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case str():
            return "string"
        case int() | Decimal():
            return "integer" if value == value // 1 else "number"
        case dict():
            return "object"
    return "array"


def _string(facets: Facets, findings: Findings) -> ColumnType | None:
    encoding = facets.get("contentEncoding")
    if encoding is not None and encoding.lower() == "base64":
        return ColumnType(sql="bytea", json="string")
    if encoding is not None and encoding.lower() not in OTHER_ENCODINGS:
        findings.report(
            Code.UNKNOWN_FORMAT, facets.pointer_to("contentEncoding"),
            f'content encoding "{encoding}" is not known',
            hint="Use base64, which becomes bytea, or one that the text is kept in: "
            f"{', '.join(sorted(OTHER_ENCODINGS))}.",
        )  # fmt: skip
        return None
    format_ = facets.get("format")
    if format_ is None:
        return ColumnType(sql="text", json="string")
    if format_ in STRING_FORMATS:
        checked = format_ if format_.startswith("ipv") else None
        return ColumnType(sql=STRING_FORMATS[format_], json="string", checked_format=checked)
    if format_ in TEXT_FORMATS:
        return ColumnType(sql="text", json="string", checked_format=format_)
    _refuse_format(facets, findings)
    return None


def _integer(facets: Facets, findings: Findings) -> ColumnType | None:
    format_ = facets.get("format")
    if format_ in INTEGER_FORMATS:
        return ColumnType(sql=INTEGER_FORMATS[format_], json="integer")
    _refuse_format(facets, findings)
    bounds = (
        facets.get(keyword)
        for keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
    )
    if any(is_number(bound) and int(bound) not in _INT64 for bound in bounds):
        return ColumnType(sql="numeric", json="integer")
    return ColumnType(sql="bigint", json="integer")


def _number(facets: Facets, findings: Findings) -> ColumnType | None:
    format_ = facets.get("format")
    if format_ in NUMBER_FORMATS:
        return ColumnType(sql=NUMBER_FORMATS[format_], json="number")
    _refuse_format(facets, findings)
    return ColumnType(sql="numeric", json="number")


def _refuse_format(facets: Facets, findings: Findings) -> None:
    format_ = facets.get("format")
    if format_ is None:
        return
    known = sorted({*STRING_FORMATS, *TEXT_FORMATS, *INTEGER_FORMATS, *NUMBER_FORMATS})
    findings.report(
        Code.UNKNOWN_FORMAT, facets.pointer_to("format"),
        f'format "{format_}" does not go with this type',
        hint=f"The formats are {', '.join(known)}.",
    )  # fmt: skip


def _override(
    facets: Facets, json_type: str | None, override: str, findings: Findings
) -> ColumnType | None:
    found = _allowed(facets, json_type, override.strip().lower())
    if found is None:
        choices = [names for names, _ in _ALLOWED.get(json_type or "", ())]
        choices += _ARRAYS.get(_item_type(facets), ()) if json_type == "array" else ()
        choices += ["vector(n)"] if json_type == "array" else ["jsonb"]
        findings.report(
            Code.WRONG_TYPE, f"{facets.pointer_to('x-bss')}/type",
            f'type "{override}" cannot hold this property',
            detail=f"The property is of JSON type {json_type or 'any'}.",
            hint=f"Use one of {', '.join(choices)}, or leave the key out.",
        )  # fmt: skip
    elif not _format_holds(facets.get("format"), found):
        findings.report(
            Code.CONFLICTING_KEYWORDS, facets.pointer_to("format"),
            f'format "{facets.get("format")}" is not enforced by type "{found.sql}"',
            hint="Leave out the format, or the x-bss type.",
        )  # fmt: skip
    return found


def _format_holds(format_: str | None, type_: ColumnType) -> bool:
    if format_ is None or format_ == type_.checked_format:
        return True
    by_type = {**STRING_FORMATS, **INTEGER_FORMATS, **NUMBER_FORMATS}
    return by_type.get(format_) == type_.sql


def _allowed(facets: Facets, json_type: str | None, override: str) -> ColumnType | None:
    if override == "jsonb":
        return JSONB if json_type in (None, "object", "array") else None
    for names, sql in _ALLOWED.get(json_type or "", ()):
        if override in names.split("|"):
            return ColumnType(sql=sql, json=json_type or "", checked_format=_checked(facets, sql))
    if json_type in ("integer", "number") and (match := _NUMERIC.fullmatch(override)):
        precision, scale = int(match[1]), int(match[2] or 0)
        if 1 <= precision <= 1000 and scale <= precision and (json_type == "number" or not scale):
            return ColumnType(sql=f"numeric({precision},{scale})", json=json_type)
    if json_type == "array":
        if override in _ARRAYS.get(_item_type(facets), ()):
            return ColumnType(sql=override, json="array")
        match = _VECTOR.fullmatch(override)
        if match and int(match[1]) in VECTOR_DIMENSIONS and _item_type(facets) == "number":
            return ColumnType(sql=f"vector({int(match[1])})", json="array")
    return None


def _checked(facets: Facets, sql: str) -> str | None:
    format_ = facets.get("format")
    if sql == "text" and format_ in TEXT_FORMATS:
        return str(format_)
    return str(format_) if sql == "inet" and format_ in ("ipv4", "ipv6") else None


def _item_type(facets: Facets) -> str:
    items = facets.get("items")
    declared = items.keywords.get("type") if items is not None else None
    return declared if isinstance(declared, str) else ""
