"""The vocabulary: every keyword of draft 2020-12, its shape and what becomes of it.

Source: JSON Schema Core and Validation, 2020-12. The reference page of the keywords is generated
from here, so an outcome is what the compiler does today, not what it will do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bss_compiler.document import shape
from bss_compiler.document.shape import Shape


class Outcome(StrEnum):
    """What becomes of a keyword."""

    STRUCTURE = "structure"
    COLUMN = "column"
    CONSTRAINT = "constraint"
    RECORD = "check of records and values"
    VALUE = "check of a value"
    ANNOTATION = "annotation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyword:
    """A keyword of the vocabulary."""

    name: str
    shape: Shape
    outcome: Outcome


def _keywords(outcome: Outcome, **shapes: Shape) -> dict[str, Keyword]:
    names = {name: name.replace("_", "$", 1) if name[0] == "_" else name for name in shapes}
    return {
        names[name]: Keyword(name=names[name], shape=shape_, outcome=outcome)
        for name, shape_ in shapes.items()
    }


VOCABULARY: Mapping[str, Keyword] = {
    **_keywords(
        Outcome.STRUCTURE,
        _schema=shape.string,
        _id=shape.string,
        _anchor=shape.string,
        _defs=shape.schema_members,
        _ref=shape.string,
        _dynamicAnchor=shape.string,
        properties=shape.schema_members,
    ),
    "x-bss": Keyword(name="x-bss", shape=shape.object_, outcome=Outcome.STRUCTURE),
    **_keywords(
        Outcome.COLUMN,
        type=shape.types,
        required=shape.strings,
        default=shape.anything,
        format=shape.string,
        contentEncoding=shape.string,
    ),
    **_keywords(
        Outcome.CONSTRAINT,
        enum=shape.values,
        const=shape.anything,
        minimum=shape.number,
        maximum=shape.number,
        exclusiveMinimum=shape.number,
        exclusiveMaximum=shape.number,
        multipleOf=shape.positive,
        minLength=shape.count,
        maxLength=shape.count,
        pattern=shape.string,
        items=shape.schema,
        minItems=shape.count,
        maxItems=shape.count,
        additionalProperties=shape.schema,
    ),
    **_keywords(
        Outcome.ANNOTATION,
        _comment=shape.string,
        title=shape.string,
        description=shape.string,
        examples=shape.values,
        deprecated=shape.boolean,
        readOnly=shape.boolean,
        writeOnly=shape.boolean,
        contentMediaType=shape.string,
        contentSchema=shape.schema,
        _vocabulary=shape.object_,
    ),
    **_keywords(
        Outcome.VALUE,
        uniqueItems=shape.boolean,
        prefixItems=shape.schemas,
        contains=shape.schema,
        minContains=shape.count,
        maxContains=shape.count,
        unevaluatedItems=shape.schema,
    ),
    **_keywords(
        Outcome.RECORD,
        _dynamicRef=shape.string,
        patternProperties=shape.schema_members,
        propertyNames=shape.schema,
        minProperties=shape.count,
        maxProperties=shape.count,
        dependentRequired=shape.string_lists,
        dependentSchemas=shape.schema_members,
        unevaluatedProperties=shape.schema,
        allOf=shape.schemas,
        anyOf=shape.schemas,
        oneOf=shape.schemas,
        **{"not": shape.schema, "if": shape.schema, "then": shape.schema, "else": shape.schema},
    ),
}

ANNOTATIONS = frozenset(
    keyword.name for keyword in VOCABULARY.values() if keyword.outcome is Outcome.ANNOTATION
)
"""What may stand anywhere, because it constrains nothing."""

FOREIGN_ANNOTATIONS = frozenset({
    "discriminator", "example", "externalDocs", "xml",
    "allowComments", "allowTrailingCommas", "defaultSnippets", "deprecationMessage", "doNotSuggest",
    "enumDescriptions", "errorMessage", "markdownDescription", "markdownEnumDescriptions",
    "patternErrorMessage", "suggestSortText",
})  # fmt: skip
"""Keywords that others have defined as annotations: OpenAPI 3.1 (the Schema Object), and the editor
Visual Studio Code (JSON schemas and settings)."""


def is_own(name: str) -> bool:
    """Say whether a keyword would be one of BSS, by its name."""
    return name.lower().startswith("x-bss")


def is_foreign(name: str) -> bool:
    """Say whether a keyword is an annotation of somebody else's, as all are that begin with x-."""
    return name in FOREIGN_ANNOTATIONS or (name.startswith("x-") and not is_own(name))


_OF_MEMBERS = ("properties", "$ref", "$dynamicRef", "allOf", "anyOf", "oneOf")


def describes_members(keywords: Mapping[str, object]) -> bool:
    """Say whether a schema names members of an object, itself or by others that it applies."""
    return any(keywords.get(name) for name in _OF_MEMBERS)
