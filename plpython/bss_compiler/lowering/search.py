"""Turns `x-bss.search` into a column with the words of a record, and its index.

The column is computed from the text of its properties, and from every string inside those that are
jsonb. It changes with the record, so it is never out of date.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bss_compiler import quoting
from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document.extension import SEARCH_KEYS, check_keys
from bss_compiler.document.pointer import child
from bss_compiler.lowering.key import Keys
from bss_compiler.lowering.outline import Field, Outline
from bss_compiler.model import Column, Index, IndexKey
from bss_compiler.naming import object_name

COLUMN = "search"

LANGUAGES = (
    "simple", "arabic", "armenian", "basque", "catalan", "danish", "dutch", "english", "finnish",
    "french", "german", "greek", "hindi", "hungarian", "indonesian", "irish", "italian",
    "lithuanian", "nepali", "norwegian", "portuguese", "romanian", "russian", "serbian", "spanish",
    "swedish", "tamil", "turkish", "yiddish",
)  # fmt: skip
"""The text search configurations that every supported version of the server has."""

MAX_PROPERTIES = 100
"""The properties whose words are joined: the server reads each join within the one before."""

_WEIGHTS = ("A", "B", "C", "D")
_EMPTY: Mapping[str, str] = {"text": "''::text", "jsonb": "'{}'::jsonb"}


def search(
    outline: Outline, keys: Keys, findings: Findings
) -> tuple[Column, tuple[Index, ...]] | None:
    """Give the column of an entity's words and its index, if it asks for them."""
    stated = outline.entity.options.get("search")
    if stated is None:
        return None
    before = findings.errors
    place = child(child(outline.entity.schema.pointer, "x-bss"), "search")
    options = check_keys(stated, SEARCH_KEYS, place, findings)
    language = options.get("language", LANGUAGES[0])
    _check_possible(outline, options, place, findings)
    weights = _weights(options.get("properties", ()))
    terms = [
        term
        for name, weight in weights.items()
        if (term := _term(outline, keys, name, weight, language, place, findings)) is not None
    ]
    if findings.errors > before:
        return None
    column = Column(
        name=COLUMN,
        type="tsvector",
        generated=_joined(terms),
        comment=f"Words of {', '.join(weights)}",
        pointer=place,
    )
    index = Index(
        name=object_name(outline.table, COLUMN, suffix="idx"),
        method="gin",
        keys=(IndexKey(column=COLUMN),),
    )
    return column, (index,)


def _weights(properties: Sequence[str] | Mapping[str, object]) -> Mapping[str, object]:
    """Give the weight of each property; D, which the server takes unasked, where none is said."""
    return properties if isinstance(properties, Mapping) else dict.fromkeys(properties, "D")


def _joined(terms: Sequence[str]) -> str:
    first, *others = terms
    for other in others:
        first = f"({first} || {other})"
    return first


def _check_possible(
    outline: Outline, options: Mapping[str, Any], pointer: str, findings: Findings
) -> None:
    if not options.get("properties"):
        findings.report(
            Code.WRONG_SHAPE, pointer, "search names no property",
            hint='Write {"properties": ["title", "body"]}, or {"title": "A", "body": "B"} '
            "with weights.",
        )  # fmt: skip
    if len(options.get("properties", ())) > MAX_PROPERTIES:
        findings.report(
            Code.TOO_MANY, child(pointer, "properties"), "search names too many properties",
            detail=f"The limit is {MAX_PROPERTIES}.",
            hint="Move texts that belong together into one property.",
        )  # fmt: skip
    if options.get("language", LANGUAGES[0]) not in LANGUAGES:
        findings.report(
            Code.WRONG_SHAPE, child(pointer, "language"),
            f'language "{options["language"]}" is not known',
            hint=f"The languages are {', '.join(LANGUAGES)}.",
        )  # fmt: skip
    if (other := outline.columns.get(COLUMN)) is not None:
        findings.report(
            Code.NAME_COLLISION, pointer, f'column "{COLUMN}" is already a property\'s',
            detail=f"The property is at {other.pointer}.",
            hint='Set "x-bss": {"column": …} on the property, or remove x-bss.search.',
        )  # fmt: skip


def _term(
    outline: Outline,
    keys: Keys,
    name: str,
    weight: object,
    language: str,
    pointer: str,
    findings: Findings,
) -> str | None:
    """Give the words of one property."""
    place = child(pointer, "properties")
    field = outline.properties.get(name)
    if weight not in _WEIGHTS:
        findings.report(
            Code.WRONG_SHAPE, child(place, name), "weight should be one of A, B, C, D",
            hint="Give each property a weight, or list the properties without weights.",
        )  # fmt: skip
    elif field is None:
        findings.report(
            Code.UNKNOWN_PROPERTY, place, f'property "{name}" does not exist',
            hint=f"The properties are {', '.join(list(outline.properties)[:20]) or 'none'}.",
        )  # fmt: skip
    elif "generated" in field.options:
        findings.report(
            Code.CONFLICTING_KEYWORDS, place, f'property "{name}" is computed itself',
            hint="Name the properties that it is computed from.",
        )  # fmt: skip
    elif not field.is_untyped():
        return _words(field, keys.type_of(field).sql, language, str(weight), place, findings)
    return None


def _words(
    field: Field, type_: str, language: str, weight: str, pointer: str, findings: Findings
) -> str | None:
    empty = _EMPTY.get(type_)
    if empty is None:
        findings.report(
            Code.WRONG_TYPE, pointer, f'property "{field.property}" of type "{type_}" has no words',
            detail="Words are found in text, and in the strings inside jsonb.",
            hint="Leave the property out, or leave out its format or x-bss type.",
        )  # fmt: skip
        return None
    text = f"COALESCE({quoting.ident(field.column)}, {empty})"
    words = f"to_tsvector({quoting.text(language)}::regconfig, {text})"
    return words if weight == "D" else f'setweight({words}, {quoting.text(weight)}::"char")'
