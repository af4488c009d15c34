"""Spells identifiers and constants the way the server prints them.

The one module that quotes. Source: quote_identifier() and get_const_expr() of the server's
src/backend/utils/adt/ruleutils.c, and jsonb's and the types' own output functions. A statement is a
template for the server's format(): schema, tenant and the schema of pgvector are its arguments, and
where it is about a partition, that and its index; so a percent sign in the text around them is
doubled.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII)
_ARRAY_SPECIAL = re.compile(r'[{},"\\ \t\n\r\v\f]')
_HOLDER = re.compile(r"%%|%1\$[IL]|%2\$L|%3\$I")

NEWER_KEYWORDS = frozenset(
    [
        "json",
        "json_array",
        "json_arrayagg",
        "json_exists",
        "json_object",
        "json_objectagg",
        "json_query",
        "json_scalar",
        "json_serialize",
        "json_table",
        "json_value",
        "merge_action",
        "system_user",
    ]
)
"""Keywords that not every supported version has: PostgreSQL 15 prints them without quotes."""

_KEYWORDS = NEWER_KEYWORDS | frozenset(
    [
        "all",
        "analyse",
        "analyze",
        "and",
        "any",
        "array",
        "as",
        "asc",
        "asymmetric",
        "authorization",
        "between",
        "bigint",
        "binary",
        "bit",
        "boolean",
        "both",
        "case",
        "cast",
        "char",
        "character",
        "check",
        "coalesce",
        "collate",
        "collation",
        "column",
        "concurrently",
        "constraint",
        "create",
        "cross",
        "current_catalog",
        "current_date",
        "current_role",
        "current_schema",
        "current_time",
        "current_timestamp",
        "current_user",
        "dec",
        "decimal",
        "default",
        "deferrable",
        "desc",
        "distinct",
        "do",
        "else",
        "end",
        "except",
        "exists",
        "extract",
        "false",
        "fetch",
        "float",
        "for",
        "foreign",
        "freeze",
        "from",
        "full",
        "grant",
        "greatest",
        "group",
        "grouping",
        "having",
        "ilike",
        "in",
        "initially",
        "inner",
        "inout",
        "int",
        "integer",
        "intersect",
        "interval",
        "into",
        "is",
        "isnull",
        "join",
        "lateral",
        "leading",
        "least",
        "left",
        "like",
        "limit",
        "localtime",
        "localtimestamp",
        "national",
        "natural",
        "nchar",
        "none",
        "normalize",
        "not",
        "notnull",
        "null",
        "nullif",
        "numeric",
        "offset",
        "on",
        "only",
        "or",
        "order",
        "out",
        "outer",
        "overlaps",
        "overlay",
        "placing",
        "position",
        "precision",
        "primary",
        "real",
        "references",
        "returning",
        "right",
        "row",
        "select",
        "session_user",
        "setof",
        "similar",
        "smallint",
        "some",
        "substring",
        "symmetric",
        "table",
        "tablesample",
        "then",
        "time",
        "timestamp",
        "to",
        "trailing",
        "treat",
        "trim",
        "true",
        "union",
        "unique",
        "user",
        "using",
        "values",
        "varchar",
        "variadic",
        "verbose",
        "when",
        "where",
        "window",
        "with",
        "xmlattributes",
        "xmlconcat",
        "xmlelement",
        "xmlexists",
        "xmlforest",
        "xmlnamespaces",
        "xmlparse",
        "xmlpi",
        "xmlroot",
        "xmlserialize",
        "xmltable",
    ]
)

SCHEMA = "%1$I"
SCHEMA_NAME = "%1$L"
TENANT = "%2$L"
EXTENSION = "%3$I"
PARTITION = "%4$I"
PARTITION_INDEX = "%5$I"


def ident(name: str) -> str:
    """Quote an identifier where it needs to be."""
    if _PLAIN.fullmatch(name) and name not in _KEYWORDS:
        return name
    return '"' + name.replace('"', '""') + '"'


def idents(names: Iterable[str]) -> str:
    """Quote identifiers and puts commas between them."""
    return ", ".join(ident(name) for name in names)


def text(value: str) -> str:
    """Quote a string. Backslashes stand for themselves: standard_conforming_strings is on."""
    return "'" + value.replace("'", "''") + "'"


def text_in_body(value: str) -> str:
    """Quote a string inside a function: a session reads that text with a setting of its own.

    With an E before it, a string means the same whatever standard_conforming_strings is.
    """
    if "\\" not in value:
        return text(value)
    return "E" + text(value.replace("\\", "\\\\"))


def text_array(values: Iterable[str]) -> str:
    """Print an array of strings as array_out() does; as a constant it has to be quoted."""
    return "{" + ",".join(map(_array_element, values)) + "}"


def _array_element(value: str) -> str:
    if value and value.lower() != "null" and not _ARRAY_SPECIAL.search(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def constant(value: str, type_: str) -> str:
    """Spell a constant of a type, given the text that the type's output function would print."""
    spelled = untyped(value, type_)
    return spelled if spelled == value else f"{spelled}::{type_}"


def untyped(value: str, type_: str) -> str:
    """Spell a constant where the type is known, as in the bound of a partition."""
    match type_:
        case "boolean":
            return value
        case "integer" if not value.startswith("-"):
            return value
        case "numeric" if value[0].isdigit() and "." in value:
            return value
    return text(value)


def template(sql: str) -> str:
    """Make a piece of SQL stand for itself in a template."""
    return sql.replace("%", "%%")


def fill(statement: str, *, schema: str, tenant: str, extension: str) -> str:
    """Do to a template what the server's format() would do, for those who have no server."""
    values = {
        SCHEMA: ident(schema),
        SCHEMA_NAME: text(schema),
        TENANT: text(tenant),
        EXTENSION: ident(extension),
        "%%": "%",
    }
    return _HOLDER.sub(lambda match: values[match[0]], statement)


def decimal(value: int | Decimal) -> str:
    """Print a number as numeric does: no exponent, its scale kept, no negative zero."""
    text_ = format(value, "f") if isinstance(value, Decimal) else str(value)
    return text_.removeprefix("-") if value == 0 else text_


def json_string(value: str) -> str:
    """Print a string as escape_json() does: only what must be escaped is."""
    return '"' + _ESCAPED.sub(lambda match: _escape(match[0]), value) + '"'


def jsonb(value: Any) -> str:
    """Print a JSON value as jsonb does: members by length of the key and then by its bytes."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return decimal(value)
        case str():
            return json_string(value)
        case Mapping():
            members = sorted(value.items(), key=lambda item: _jsonb_order(item[0]))
            return "{" + ", ".join(f"{json_string(k)}: {jsonb(v)}" for k, v in members) + "}"
        case _:
            return "[" + ", ".join(jsonb(item) for item in value) + "]"


_ESCAPED = re.compile(r'["\\\x00-\x1f]')
_ESCAPES = {
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    '"': '\\"',
    "\\": "\\\\",
}


def _escape(character: str) -> str:
    return _ESCAPES.get(character) or f"\\u{ord(character):04x}"


def _jsonb_order(key: str) -> tuple[int, bytes]:
    encoded = key.encode()
    return len(encoded), encoded
