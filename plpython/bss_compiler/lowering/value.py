"""Turns the schema of a jsonb column into one SQL/JSON path predicate over its value.

Every predicate that is built here is true or false for every value, never unknown: the type is
tested first, and what is reached through a member or an element is tested inside a filter.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document import Document, Limits, Schema
from bss_compiler.document.budget import Work, characters
from bss_compiler.document.extension import VALUE_KEYS, check_keys
from bss_compiler.document.keyword import ANNOTATIONS
from bss_compiler.document.pointer import child
from bss_compiler.document.schema import NEVER
from bss_compiler.lowering import jsonpath
from bss_compiler.lowering.jsonpath import Predicate
from bss_compiler.lowering.type import json_type_of

_MAX_REPETITIONS = 255
"""The largest bound of a regular expression; the server's RE_DUP_MAX."""

_TEST = 30
"""About how many characters a test takes beside the path and the literal."""

_IGNORED = ANNOTATIONS | {"$defs", "$id", "$schema", "default"}
_OF_TYPE: Mapping[str, frozenset[str]] = {
    "object": frozenset({"properties", "required", "additionalProperties"}),
    "array": frozenset({"items", "minItems", "maxItems"}),
    "string": frozenset({"minLength", "maxLength"}),
    "number": frozenset(
        {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
    ),
}
_HANDLED = _IGNORED.union(*_OF_TYPE.values(), {"type", "enum", "const", "$ref", "x-bss"})
_COMPARISONS = {
    "minimum": ">=", "maximum": "<=", "exclusiveMinimum": ">", "exclusiveMaximum": "<",
}  # fmt: skip


@dataclass(slots=True, kw_only=True)
class ValueLowering:
    """Builds the predicate of one jsonb column."""

    document: Document
    findings: Findings
    limits: Limits
    level: int = 0
    path: list[str] = field(default_factory=list)

    def predicate(self, keywords: Mapping[str, Any], pointer: str, path: str) -> Predicate | None:
        """Give the predicate for the value at `path`; None where every value is accepted."""
        if not self._is_affordable(keywords, pointer, path):
            return None
        self._refuse_unhandled(keywords, pointer)
        self.level += 1
        parts = [
            part
            for part in (
                self._type(keywords, path),
                *(
                    self._values(name, keywords, pointer, path)
                    for name in ("const", "enum")
                    if name in keywords
                ),
                *(
                    self._guarded(type_, build(keywords, pointer, path), keywords, path)
                    for type_, build in self._builders().items()
                    if not _OF_TYPE[type_].isdisjoint(keywords)
                ),
                self._reference(keywords, pointer, path),
            )
            if part is not None
        ]
        self.level -= 1
        return jsonpath.both(*parts) if parts else None

    def _is_affordable(self, keywords: Mapping[str, Any], pointer: str, path: str) -> bool:
        if self.level == self.limits.levels:
            self.findings.report(
                Code.TOO_MANY, pointer, "value is nested too deeply",
                detail=f"It has more than {self.limits.levels} levels, references followed.",
                hint="Refer to fewer schemas one inside the other.",
            )  # fmt: skip
            return False
        budget = self.document.budget
        return budget.grants(Work.SCHEMAS, 1, pointer) and budget.grants(
            Work.TEXT, self._size(keywords, path), pointer
        )

    def _size(self, keywords: Mapping[str, Any], path: str) -> int:
        """Reckon the text of the tests of one schema, each of which repeats the path."""
        listed = keywords.get("enum", ())
        literals = [
            *(listed if len(listed) <= self.limits.enum_values else ()),
            *((keywords["const"],) if "const" in keywords else ()),
            *(keywords[name] for name in _OF_TYPE["number"] if name in keywords),
            *keywords.get("required", ()),
            *keywords.get("properties", ()),
        ]
        repeated = (len(path) + _TEST) * (len(literals) + len(keywords))
        return repeated + sum(map(characters, literals))

    def _of(self, schema: Schema, path: str) -> Predicate | None:
        if NEVER in schema.keywords:
            return _never(path)
        options = schema.keywords.get("x-bss", {})
        check_keys(options, VALUE_KEYS, child(schema.pointer, "x-bss"), self.findings)
        return self.predicate(schema.keywords, schema.pointer, path)

    def _builders(self) -> Mapping[str, Callable[[Mapping[str, Any], str, str], list[Predicate]]]:
        return {
            "object": self._object, "array": self._array,
            "string": self._string, "number": self._number,
        }  # fmt: skip

    def _refuse_unhandled(self, keywords: Mapping[str, Any], pointer: str) -> None:
        for name in keywords:
            if name not in _HANDLED and name != NEVER:
                self.findings.report(
                    Code.NOT_SUPPORTED_YET, child(pointer, name),
                    f'keyword "{name}" is not supported yet inside a value',
                    detail="The value is kept in a jsonb column.",
                    hint="Leave the keyword out; it would not be enforced.",
                )  # fmt: skip

    def _type(self, keywords: Mapping[str, Any], path: str) -> Predicate | None:
        declared = keywords.get("type")
        if declared is None:
            return None
        names = [declared] if isinstance(declared, str) else declared
        tests = []
        for name in names:
            if name == "integer" and "number" not in names:
                whole = jsonpath.compare(f"{path} % 1", "==", 0)
                tests.append(jsonpath.both(_is_type(path, "number"), whole))
            elif name != "integer":
                tests.append(_is_type(path, name))
        return jsonpath.either(*tests)

    def _values(
        self, name: str, keywords: Mapping[str, Any], pointer: str, path: str
    ) -> Predicate | None:
        values = [keywords[name]] if name == "const" else keywords[name]
        if len(values) > self.limits.enum_values:
            self.findings.report(
                Code.TOO_MANY, child(pointer, name), "enum has too many values",
                detail=f"It has {len(values)}; the limit is {self.limits.enum_values}.",
                hint="Make the values an entity and refer to it, or raise limit.enum_values.",
            )  # fmt: skip
            return None
        if any(isinstance(value, list | dict) for value in values):
            self.findings.report(
                Code.NOT_SUPPORTED_YET, child(pointer, name),
                f'keyword "{name}" with objects or arrays is not supported yet',
                hint="Describe them with properties or items.",
            )  # fmt: skip
            return None
        if not values:
            return _never(path)
        tests = []
        for type_ in dict.fromkeys(_path_type(value) for value in values):
            same = [value for value in values if _path_type(value) == type_]
            equal = jsonpath.either(*(jsonpath.compare(path, "==", value) for value in same))
            tests.append(jsonpath.both(_is_type(path, type_), equal))
        return jsonpath.either(*tests)

    def _guarded(
        self, type_: str, tests: list[Predicate], keywords: Mapping[str, Any], path: str
    ) -> Predicate | None:
        if not tests:
            return None
        declared = keywords.get("type")
        if declared == type_ or (type_ == "number" and declared == "integer"):
            return jsonpath.both(*tests)
        return jsonpath.either(jsonpath.negated(_is_type(path, type_)), jsonpath.both(*tests))

    def _object(self, keywords: Mapping[str, Any], pointer: str, path: str) -> list[Predicate]:  # noqa: ARG002
        properties: Mapping[str, Schema] = keywords.get("properties", {})
        required = dict.fromkeys(keywords.get("required", ()))
        tests = [
            jsonpath.exists(path, _present(name)) for name in required if name not in properties
        ]
        for name, schema in properties.items():
            inner = self._of(schema, jsonpath.member("@", name))
            if name in required:
                tests.append(jsonpath.exists(path, inner or _present(name)))
            elif inner is not None:
                tests.append(jsonpath.none(path, jsonpath.negated(inner)))
        return tests + self._additional(keywords, properties, path)

    def _additional(
        self, keywords: Mapping[str, Any], properties: Mapping[str, Schema], path: str
    ) -> list[Predicate]:
        schema: Schema | None = keywords.get("additionalProperties")
        if schema is None:
            return []
        inner = self._of(schema, jsonpath.member("@", "value"))
        if inner is None:
            return []
        refused = jsonpath.negated(inner)
        if properties:
            known = jsonpath.either(
                *(jsonpath.compare(jsonpath.member("@", "key"), "==", name) for name in properties)
            )
            refused = jsonpath.both(jsonpath.negated(known), refused)
        return [jsonpath.none(f"{path}.keyvalue()", refused)]

    def _array(self, keywords: Mapping[str, Any], pointer: str, path: str) -> list[Predicate]:  # noqa: ARG002
        tests = []
        if "minItems" in keywords:
            tests.append(jsonpath.compare(f"{path}.size()", ">=", int(keywords["minItems"])))
        if "maxItems" in keywords:
            tests.append(jsonpath.compare(f"{path}.size()", "<=", int(keywords["maxItems"])))
        inner = self._of(keywords["items"], "@") if "items" in keywords else None
        if inner is not None:
            tests.append(jsonpath.none(f"{path}[*]", jsonpath.negated(inner)))
        return tests

    def _string(self, keywords: Mapping[str, Any], pointer: str, path: str) -> list[Predicate]:
        least = int(keywords.get("minLength", 0))
        most = keywords.get("maxLength")
        for name in ("minLength", "maxLength"):
            if keywords.get(name, 0) > _MAX_REPETITIONS:
                self.findings.report(
                    Code.NOT_SUPPORTED_YET, child(pointer, name),
                    f'keyword "{name}" is not supported yet above {_MAX_REPETITIONS} in a value',
                    hint="Make the value a property of the entity, or leave the keyword out.",
                )  # fmt: skip
                return []
        if most is not None and most < least:
            return [_never(path)]
        bound = "" if most is None else str(int(most))
        return [jsonpath.like(path, f"^.{{{least},{bound}}}$", "s")]

    def _number(self, keywords: Mapping[str, Any], pointer: str, path: str) -> list[Predicate]:  # noqa: ARG002
        tests = [
            jsonpath.compare(path, operator, keywords[name])
            for name, operator in _COMPARISONS.items()
            if name in keywords
        ]
        if "multipleOf" in keywords:
            divisor = jsonpath.scalar(keywords["multipleOf"])
            tests.append(jsonpath.compare(f"{path} % {divisor}", "==", 0))
        return tests

    def _reference(self, keywords: Mapping[str, Any], pointer: str, path: str) -> Predicate | None:
        if "$ref" not in keywords:
            return None
        target = self.document.reader.resolve(self.document.reader.schemas[pointer])
        if target is None:
            return None
        if target.pointer in self.path:
            self.findings.report(
                Code.NOT_SUPPORTED_YET, child(pointer, "$ref"),
                "recursive reference is not supported yet",
                hint="Describe the value to the depth that you need.",
            )  # fmt: skip
            return None
        self.path.append(target.pointer)
        try:
            return self._of(target, path)
        finally:
            self.path.pop()


def _never(path: str) -> Predicate:
    return _is_type(path, "never")


def _is_type(path: str, type_: str) -> Predicate:
    return jsonpath.compare(f"{path}.type()", "==", type_)


def _present(name: str) -> Predicate:
    return Predicate(f"exists ({jsonpath.member('@', name)})", 6)


def _path_type(value: object) -> str:
    type_ = json_type_of(value)
    return "number" if type_ == "integer" else type_
