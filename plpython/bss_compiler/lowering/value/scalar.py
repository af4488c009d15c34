"""Paths for the keywords about any value, about strings and about numbers."""

from collections.abc import Iterable, Mapping
from typing import Any

from bss_compiler.diagnostic import Code
from bss_compiler.document.pointer import child
from bss_compiler.lowering import jsonpath
from bss_compiler.lowering.format import NUMBER_FORMATS, VALUE_FORMATS, function_of
from bss_compiler.lowering.jsonpath import Predicate
from bss_compiler.lowering.type import json_type_of
from bss_compiler.lowering.value.context import NotAPathError, PathRule, PathWriter, is_type, never
from bss_compiler.lowering.value.unit import Unit

MAX_REPETITIONS = 255
"""The largest bound of a regular expression; the server's RE_DUP_MAX."""

_COMPARISONS = {
    "minimum": ">=", "maximum": "<=", "exclusiveMinimum": ">", "exclusiveMaximum": "<",
}  # fmt: skip


def type_(writer: PathWriter, unit: Unit, path: str) -> Predicate:  # noqa: ARG001
    """Write `type`; 1.0 is an integer (Validation 2020-12, section 6.1.1)."""
    declared = unit.keywords["type"]
    names = [declared] if isinstance(declared, str) else declared
    tests = []
    for name in names:
        if name == "integer" and "number" not in names:
            whole = jsonpath.compare(f"{path} % 1", "==", 0)
            tests.append(jsonpath.both(is_type(path, "number"), whole))
        elif name != "integer":
            tests.append(is_type(path, name))
    return jsonpath.either(*tests)


def const(writer: PathWriter, unit: Unit, path: str) -> Predicate:  # noqa: ARG001
    """Write `const`."""
    return equal(path, unit.keywords["const"])


def enum(writer: PathWriter, unit: Unit, path: str) -> Predicate:
    """Write `enum`; the scalars of a type share one test of the type."""
    values = unit.keywords["enum"]
    if len(values) > writer.context.limits.enum_values:
        writer.context.report(
            Code.TOO_MANY, unit.schema.place("enum"), "enum has too many values",
            detail=f"It has {len(values)}; the limit is {writer.context.limits.enum_values}.",
            hint="Make the values an entity and refer to it, or raise limit.enum_values.",
        )  # fmt: skip
        return never(path)
    if not values:
        return never(path)
    scalars = [value for value in values if not isinstance(value, list | dict)]
    tests = [equal(path, value) for value in values if isinstance(value, list | dict)]
    for name in dict.fromkeys(path_type(value) for value in scalars):
        same = [value for value in scalars if path_type(value) == name]
        matched = jsonpath.either(*(jsonpath.compare(path, "==", value) for value in same))
        tests.append(jsonpath.both(is_type(path, name), matched))
    return jsonpath.either(*tests)


def equal(path: str, value: Any) -> Predicate:
    """Say whether the value is equal to a constant, as JSON Schema has it: 1 and 1.0 are."""
    match value:
        case dict():
            names = f'{path}.keyvalue()."key"'
            closed = jsonpath.none(names, jsonpath.negated(is_one_of("@", value)))
            found = (
                jsonpath.exists(path, equal(jsonpath.member("@", name), item))
                for name, item in value.items()
            )
            return jsonpath.both(is_type(path, "object"), closed, *found)
        case list():
            size = jsonpath.compare(f"{path}.size()", "==", len(value))
            found = (equal(f"{path}[{index}]", item) for index, item in enumerate(value))
            return jsonpath.both(is_type(path, "array"), size, *found)
    return jsonpath.both(
        is_type(path, path_type(value)), jsonpath.compare(path, "==", value)
    )  # fmt: skip


def is_one_of(path: str, names: Iterable[str]) -> Predicate:
    """Say whether a string is one of some names."""
    tests = [jsonpath.compare(path, "==", name) for name in names]
    return jsonpath.either(*tests) if tests else never(path)


def path_type(value: object) -> str:
    """Name a value's type as the item method type() does."""
    name = json_type_of(value)
    return "number" if name == "integer" else name


def min_length(writer: PathWriter, unit: Unit, path: str) -> Predicate | None:  # noqa: ARG001
    """Write `minLength`, in code points."""
    least = int(unit.keywords["minLength"])
    if least > MAX_REPETITIONS:
        raise NotAPathError
    return at_least(path, least)


def at_least(path: str, least: int) -> Predicate | None:
    """Say whether a string has so many characters.

    A pattern that matches by length alone is decided by the server without reading the string, but
    only while it is not anchored.
    """
    return jsonpath.like(path, f".{{{least}}}", "s") if least else None


def max_length(writer: PathWriter, unit: Unit, path: str) -> Predicate:  # noqa: ARG001
    """Write `maxLength`, in code points."""
    most = int(unit.keywords["maxLength"])
    if most >= MAX_REPETITIONS:
        raise NotAPathError
    return jsonpath.negated(jsonpath.like(path, f".{{{most + 1}}}", "s"))


def pattern(writer: PathWriter, unit: Unit, path: str) -> Predicate | None:
    """Write `pattern`."""
    place = child(unit.schema.pointer, "pattern")
    translated = writer.context.pattern(unit.keywords["pattern"], place)
    return None if translated is None else jsonpath.like(path, translated, "s")


def format_(writer: PathWriter, unit: Unit, path: str) -> Predicate | None:
    """Write `format`; refuses one that the server could not check."""
    name = unit.keywords["format"]
    if writer.context.formats == "annotate":
        return None
    if function_of(name) is not None:
        raise NotAPathError
    if name in NUMBER_FORMATS:
        return number_format(path, name)
    if name in VALUE_FORMATS:
        size = sum(len(text) for tests in VALUE_FORMATS[name] for _, text in tests)
        if not writer.context.spend_again(0, size, child(unit.schema.pointer, "format")):
            return None
        return jsonpath.either(
            *(
                jsonpath.both(*(matched(path, sign, text) for sign, text in tests))
                for tests in VALUE_FORMATS[name]
            )
        )
    writer.context.report(
        Code.UNKNOWN_FORMAT, child(unit.schema.pointer, "format"), f'format "{name}" is not known',
        hint="Leave the format out, or use one of "
        f"{', '.join(sorted({*VALUE_FORMATS, *NUMBER_FORMATS}))}.",
    )  # fmt: skip
    return None


def number_format(path: str, name: str) -> Predicate:
    """Write the format of a number; of another value, it says nothing."""
    least, most = NUMBER_FORMATS[name]
    tests = [jsonpath.compare(path, ">=", least), jsonpath.compare(path, "<=", most)]
    if name.startswith("int"):
        tests.append(jsonpath.compare(f"{path} % 1", "==", 0))
    return jsonpath.either(jsonpath.negated(is_type(path, "number")), jsonpath.both(*tests))


def matched(path: str, sign: str, expression: str) -> Predicate:
    """Write one match of a format."""
    found = jsonpath.like(path, expression, "s")
    return found if sign == "~" else jsonpath.negated(found)


def bound(keyword: str) -> PathRule:
    """Give the rule of a keyword that compares numbers."""

    def rule(writer: PathWriter, unit: Unit, path: str) -> Predicate:  # noqa: ARG001
        return jsonpath.compare(path, _COMPARISONS[keyword], unit.keywords[keyword])

    return rule


def multiple_of(writer: PathWriter, unit: Unit, path: str) -> Predicate:  # noqa: ARG001
    """Write `multipleOf`; numeric division leaves an exact remainder."""
    divisor = jsonpath.scalar(unit.keywords["multipleOf"])
    return jsonpath.compare(f"{path} % {divisor}", "==", 0)


RULES: Mapping[str, tuple[str | None, PathRule]] = {
    "type": (None, type_),
    "const": (None, const),
    "enum": (None, enum),
    "minLength": ("string", min_length),
    "maxLength": ("string", max_length),
    "pattern": ("string", pattern),
    "format": ("string", format_),
    "multipleOf": ("number", multiple_of),
    **{name: ("number", bound(name)) for name in _COMPARISONS},
}
