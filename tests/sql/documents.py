"""Documents to try the server with: drawn from the grammar of the dialect, then damaged.

`documents` gives text that is mostly JSON and often a good document, `histories` that of a document
and of the one that comes after it. The names and values are those that find what somebody forgot to
quote.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

Json = Any
Strategy = st.SearchStrategy[Json]

INJECTIONS = (
    "x'; drop schema bss cascade; --", '"; drop table bss_metadata.tenants; --', "%1$I", "%2$L%s%",
    "$$; select 1; $$", "\\'; select 1 --", "'::text) or true) --", "(select 1)", "now()", "/*",
    "\\", "E'\\x27'", "a.b", "%%",
)  # fmt: skip
PLAIN_NAMES = (
    "id", "name", "customer_id", "order_id", "item_id", "amount", "unitPrice", "status", "b_c", "c",
)  # fmt: skip
ODD_NAMES = (
    "tenant_id", "created_at", "updated_at", "embedding", "ctid", "xmin", "select", "user", "", " ",
    "\n", "$ref", "名前", "\u202e", "a/b~c", "😀", "x" * 63, "x" * 64, "é" * 31 + "x", "\x7f",
    "\x00", "İ", "ß", "_", "1", "unit price", "Unit-Price", "customers_pkey", "a" * 60 + "_id",
)  # fmt: skip
ENTITIES = ("Customer", "Order", "Item", "A", "A_B", "B")
ODD_ENTITIES = ("Customers", "User", "orders_pkey", "a b_c", "%s", "Größe", 'Say "hi"', "x" * 63)


def mostly(usual: Strategy, odd: Strategy, *, out_of: int = 16) -> Strategy:
    """The usual, but for one time in so many."""
    return st.integers(1, out_of).flatmap(lambda dice: odd if dice == out_of else usual)


characters = st.characters(exclude_categories=["Cs"])
text = st.text(characters, max_size=8)
strings = st.sampled_from(("", "a", "pending", "paid", *INJECTIONS, *ODD_NAMES)) | text
names = mostly(st.sampled_from(PLAIN_NAMES), st.sampled_from((*ODD_NAMES, *INJECTIONS)) | text)
entity_names = mostly(
    st.sampled_from(ENTITIES), st.sampled_from((*ODD_ENTITIES, *INJECTIONS)) | text
)
numbers = st.one_of(
    st.integers(-3, 12),
    st.sampled_from((
        0.1, -0.5, 1e20, 1e-7, 1e15, 1e300, 2**31, 2**63 - 1, 2**63, -(2**63) - 1, 10**40, -0.0,
    )),
    st.floats(allow_nan=False, allow_infinity=False),
)  # fmt: skip
counts = mostly(
    st.integers(0, 5), st.sampled_from((3.0, 255, 256, 2**31, 2**53, 10_485_760, -1, 0.5))
)
divisors = mostly(st.sampled_from((1, 2, 0.01, 2.5, 1e-7, 10**20)), numbers)
formatted = st.sampled_from((
    "2024-02-29", "2024-02-30", "2024-01-01T00:00:00Z", "2024-01-01T23:59:60.5+01:00", "24:00:00",
    "0001-01-01", "9999-12-31T23:59:59.9999999Z", "0001-01-01T00:00:00+14:00", "12:00:00", "P",
    "12:00:00.1234567Z", "2024-W01-1", "20240101", "P1Y2M3DT4H", "-P1D", "PT36H90M", "P999999Y",
    "::1", "12F3E4A5-0000-4000-8000-00000000000A", "{12f3e4a5000040008000000000000000}", "1.2.3.4",
    "::ffff:1.2.3.4", "1:0:0:2::", "infinity", "aGVsbG8=", "aGVsbG8", "a b", "urn:uuid:1",
))  # fmt: skip
scalars = st.one_of(st.none(), st.booleans(), numbers, strings, formatted)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(strings, inner, max_size=2),
    max_leaves=4,
)
patterns = st.one_of(
    st.sampled_from((
        "^[a-z]+$", "^\\d{3}-\\w*$", "(?=a)b", "(?<!a)b", "a{2,1}", "[", "(a)\\1", "\\p{L}+",
        "a|b|", "(?:)", "[^]", "[]", "\\u{1F600}", "\\cA", "[\\d-x]", "x*?", "'", "\\\\", "%s",
        "***=a", "(?i)a", "[[:alpha:]]", "a{1000}", "(a*)*b", "^(?:a|b){0,255}$", "\\b", "[\\b]",
    )),
    st.text("ab[](){}*+?|^$\\.-,029dwsbpu'%", max_size=8),
)  # fmt: skip
types = st.sampled_from(("string", "integer", "number", "boolean", "object", "array", "null"))
formats = st.sampled_from((
    "uuid", "date", "date-time", "time", "duration", "ipv4", "ipv6", "email", "hostname", "uri",
    "uri-reference", "json-pointer", "relative-json-pointer", "int32", "int64", "float", "double",
    "regex", "nonsense",
))  # fmt: skip
sql_types = st.sampled_from((
    "text", "uuid", "date", "bytea", "inet", "interval", "timestamptz", "time", "smallint", "int",
    "bigint", "numeric", "real", "double precision", "boolean", "text[]", "integer[]", "numeric[]",
    "numeric(12,2)", "numeric(1000,1000)", "vector(3)", "vector(16001)", "jsonb", "serial", "TEXT",
    "int; drop table x",
))  # fmt: skip
name_lists = st.lists(names, max_size=3, unique=True)


@st.composite
def members(draw: Callable[..., Any], kinds: Mapping[str, Strategy], most: int = 3) -> Json:
    """An object that has some of the given members, in any order."""
    chosen = draw(st.lists(st.sampled_from(sorted(kinds)), max_size=most, unique=True))
    return {name: draw(kinds[name]) for name in chosen}


references = entity_names.map(lambda name: {"$ref": f"#/$defs/{name}"}) | st.sampled_from(
    [{"$ref": "#"}, {"$ref": "#/properties/id"}, {"$ref": "http://[/x"}, {"$ref": "%%#/a%2"}]
)


def _schemas() -> Strategy:
    return mostly(typed_schemas(), st.booleans() | references)


schemas: Strategy = st.deferred(_schemas)

ANNOTATIONS = {"title": strings, "description": strings, "deprecated": st.booleans()}
NUMERIC = {
    "minimum": numbers, "maximum": numbers, "exclusiveMinimum": numbers, "const": numbers,
    "exclusiveMaximum": numbers, "multipleOf": divisors, "enum": st.lists(numbers, max_size=3),
    "default": numbers, "format": st.sampled_from(["int32", "int64", "float", "double"]),
}  # fmt: skip
OF_TYPE: Mapping[str, Mapping[str, Strategy]] = {
    "string": {
        "minLength": counts, "maxLength": counts, "pattern": patterns, "format": formats,
        "contentEncoding": st.just("base64"), "enum": st.lists(strings | formatted, max_size=3),
        "const": strings | formatted, "default": strings | formatted,
    },
    "integer": NUMERIC,
    "number": NUMERIC,
    "boolean": {"default": st.booleans(), "const": st.booleans()},
    "object": {
        "properties": st.dictionaries(names, schemas, max_size=2), "required": name_lists,
        "additionalProperties": schemas, "default": values,
    },
    "array": {"items": schemas, "minItems": counts, "maxItems": counts, "default": values},
    "null": {"default": st.none()},
}  # fmt: skip
ANYTHING: Mapping[str, Strategy] = {
    **{name: kind for kinds in OF_TYPE.values() for name, kind in kinds.items()},
    **dict.fromkeys(("const", "enum", "default", "examples", "not", "allOf", "$id", "x"), values),
    "$defs": st.dictionaries(names, schemas, max_size=1),
}
PROPERTY_OPTIONS = {
    "column": names,
    "type": sql_types,
    "unique": st.booleans(),
    "index": st.booleans(),
    "references": st.just(False)
    | members({
        "entity": entity_names,
        "property": names,
        "onDelete": st.sampled_from(["noAction", "cascade", "setNull", "setDefault", "never"]),
    }),
    "sensitive": st.booleans(),
}  # fmt: skip
ENTITY_OPTIONS = {
    "entity": st.booleans(),
    "table": names,
    "primaryKey": names | name_lists,
    "unique": st.lists(
        name_lists | members({"columns": name_lists, "nullsNotDistinct": st.booleans()}), max_size=2
    ),
    "indexes": st.lists(
        name_lists
        | members({
            "columns": name_lists,
            "method": st.sampled_from(["btree", "hash", "gin", "gist", "brin", "bloom"]),
            "include": name_lists,
        }),
        max_size=2,
    ),
    "embedding": members({
        "source": name_lists,
        "dimensions": st.sampled_from([0, 1, 3, 2000, 2001, 16_000, 16_001]),
        "metric": st.sampled_from(["cosine", "l2", "ip"]),
        "index": st.sampled_from(["hnsw", "ivfflat", "none"]),
    }, most=4),
    "search": values,
}  # fmt: skip


@st.composite
def typed_schemas(draw: Callable[..., Any]) -> Json:
    """A schema of one type, with keywords that mostly go with it."""
    type_ = draw(types)
    keywords = draw(members(OF_TYPE[type_]))
    match draw(st.integers(0, 15)):
        case 0:
            keywords |= draw(members(ANYTHING))
        case 1 | 2 | 3:
            keywords |= draw(members(ANNOTATIONS))
    match draw(st.integers(0, 15)):
        case 0:
            return keywords
        case 1 | 2 | 3:
            return {"type": [type_, "null"], **keywords}
    return {"type": type_, **keywords}


@st.composite
def columns(draw: Callable[..., Any]) -> Json:
    """The schema of a property of an entity."""
    schema = draw(schemas)
    if isinstance(schema, dict) and draw(st.integers(0, 3)) == 0:
        return {**schema, "x-bss": draw(members(PROPERTY_OPTIONS, most=2))}
    return schema


@st.composite
def entities(draw: Callable[..., Any], name: str) -> Json:
    """An entity; its lists of names are mostly those of its properties."""
    declared = draw(st.dictionaries(names, columns(), min_size=1, max_size=5))
    if draw(st.integers(0, 7)):
        declared = {f"{name.lower()}_id": {"type": "string", "format": "uuid"}, **declared}
    entity: Json = {"type": "object", "properties": declared}
    if declared and draw(st.booleans()):
        entity["required"] = draw(st.lists(st.sampled_from(sorted(declared)), unique=True))
    if draw(st.integers(0, 3)) == 0:
        entity |= draw(members(ANNOTATIONS))
    if draw(st.integers(0, 2)) == 0:
        entity["x-bss"] = draw(members(ENTITY_OPTIONS, most=2))
    return entity


@st.composite
def entity_documents(draw: Callable[..., Any]) -> Json:
    """A document of one entity."""
    title = draw(entity_names)
    return {**draw(entities(title)), "title": title}


@st.composite
def models(draw: Callable[..., Any]) -> Json:
    """A document of several entities, of which some refer to others."""
    chosen = draw(st.lists(entity_names, min_size=1, max_size=3, unique=True))
    definitions = {name: draw(entities(name)) for name in chosen}
    if draw(st.booleans()):
        definitions[draw(entity_names)] = draw(schemas)
    return {"$defs": definitions, **draw(members(ANNOTATIONS | {"$id": strings}, most=1))}


@st.composite
def changed(draw: Callable[..., Any], value: Json, within: str = "") -> Json:
    """The same value with something taken away, put in or exchanged, somewhere inside.

    Mostly among the properties, where what comes of it is another good document.
    """
    if isinstance(value, dict) and value:
        name = draw(st.sampled_from(sorted(value)))
        rest = {other: item for other, item in value.items() if other != name}
        match draw(st.integers(0, 5 if within == "properties" else 39)):
            case 0:
                return rest
            case 1 | 2:
                return {**value, draw(names): draw(columns())}
            case 3:
                return {**rest, draw(names): value[name]}
        return {**value, name: draw(changed(value[name], name))}
    if isinstance(value, list) and value and draw(st.booleans()):
        position = draw(st.integers(0, len(value) - 1))
        return [*value[:position], draw(changed(value[position])), *value[position + 1 :]]
    return draw(mostly(_alike(value), values | columns(), out_of=8))


def _alike(value: Json) -> Strategy:
    match value:
        case bool():
            return st.booleans()
        case int() | float():
            return numbers | counts
        case "string" | "integer" | "number" | "boolean" | "object" | "array" | "null":
            return types
        case str():
            return strings | formatted
    return st.just(value)


@st.composite
def damaged(draw: Callable[..., Any], whole: str) -> Any:
    """The text with a piece of it cut out, doubled, or exchanged."""
    start = draw(st.integers(0, len(whole)))
    end = min(len(whole), start + draw(st.integers(0, 6)))
    piece = draw(st.one_of(
        st.just(""), st.just(whole[start:end] * 2), text.map(lambda some: some.replace("\0", "")),
        st.sampled_from((
            "{", "}", "[", '"', ",", ":", "null", "1e999", "-1e-999999999999", "9" * 1500, "NaN",
            "\\u0000", "\\ud800", "\\udc00", "\\x", '"a":1,"a":2,', "[" * 70, "//", "\ufeff", "0x1",
        )),
    ))  # fmt: skip
    return whole[:start] + piece + whole[end:]


def _write(value: Json) -> Strategy:
    return st.booleans().map(lambda ascii_only: json.dumps(value, ensure_ascii=ascii_only))


def _mostly_whole(whole: str) -> Strategy:
    return st.integers(0, 5).flatmap(lambda dice: st.just(whole) if dice else damaged(whole))


_good = st.one_of(models(), models(), entity_documents())
documents = mostly(
    mostly(
        _good.flatmap(_write),
        _good.flatmap(changed).flatmap(_write).flatmap(_mostly_whole),
        out_of=4,
    ),
    (values | columns()).flatmap(_write).flatmap(_mostly_whole),
)


@st.composite
def histories(draw: Callable[..., Any]) -> tuple[str, str]:
    """A document, and what a tenant that has it may be asked to take next."""
    value = draw(_good)
    first, second = draw(_write(value)), value
    for _ in range(draw(st.integers(1, 4))):
        second = draw(changed(second))
    return first, draw(_write(second).flatmap(_mostly_whole))
