"""Turns the text of a document into JSON values, bounded before it is parsed.

Numbers are int or Decimal, never float: nothing is rounded on the way to the database. What the
server could not store, or would store as something else, is a fault here: a member that is given
twice, U+0000, half of a surrogate pair, a number of more digits than the limit.
"""

import json
import re
from collections import Counter
from decimal import Decimal
from typing import Any, NoReturn

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document.limits import Limits
from bss_compiler.document.pointer import child

# A string, terminated or not, or a bracket: one pass, no way back, whatever the text is.
_STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*+"?|[][{}]', re.DOTALL)


MAX_POINTER = 4_096
"""The length of a pointer. Every node has its own, so that long names would multiply."""


class _Object(dict[str, Any]):
    """An object that remembers which of its members were given more than once."""

    repeated: frozenset[str] = frozenset()


class _HugeNumber(str):
    """The text of a number that has more digits than the limit."""

    __slots__ = ()


def parse(text: str, limits: Limits, findings: Findings) -> Any:
    """Give the JSON value, or None with a finding."""
    if not _is_bounded(text, limits, findings):
        return None

    def number(raw: str) -> int | Decimal | _HugeNumber:
        # an exponent of more than nine digits is out of range whatever the limit is, and Decimal
        # itself would give up on one that is longer still
        digits, _, exponent = raw.lower().partition("e")
        if len(digits) > limits.number_digits or len(exponent) > 9:
            return _HugeNumber(raw[:40])
        value = Decimal(raw)
        if abs(value.adjusted()) > limits.number_digits:
            return _HugeNumber(raw[:40])
        return value if exponent or "." in raw else int(raw)

    try:
        value = json.loads(
            text,
            parse_int=number,
            parse_float=number,
            parse_constant=_refuse_constant,
            object_pairs_hook=_read_object,
        )
    except ValueError as error:
        findings.report(
            Code.NOT_JSON, "", "document is not valid JSON",
            detail=f"{error}.", hint="Correct the document at that place.",
        )  # fmt: skip
        return None
    faults = findings.errors
    _walk(value, "", limits, findings)
    return value if findings.errors == faults else None


def _is_bounded(text: str, limits: Limits, findings: Findings) -> bool:
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > limits.document_bytes:
        findings.report(
            Code.DOCUMENT_TOO_LARGE, "", "document is too large",
            detail=f"It has {size} bytes; the limit is {limits.document_bytes}.",
            hint="Split the model, or raise the setting limit.document_bytes.",
        )  # fmt: skip
        return False
    depth = 0
    for token in _STRUCTURE.finditer(text):
        bracket = text[token.start()]
        if bracket in "[{":
            depth += 1
        elif bracket in "]}":
            depth -= 1
        if depth > limits.levels:
            findings.report(
                Code.TOO_MANY, "", "document is nested too deeply",
                detail=f"It has more than {limits.levels} levels at character {token.start()}.",
                hint="Move the inner schemas to $defs, or raise the setting limit.depth.",
            )  # fmt: skip
            return False
    return True


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _read_object(pairs: list[tuple[str, Any]]) -> _Object:
    result = _Object(pairs)
    if len(result) != len(pairs):
        times = Counter(name for name, _ in pairs)
        result.repeated = frozenset(name for name, count in times.items() if count > 1)
    return result


def _walk(value: object, pointer: str, limits: Limits, findings: Findings) -> None:
    match value:
        case _HugeNumber():
            findings.report(
                Code.NUMBER_OUT_OF_RANGE, pointer, "number has too many digits",
                detail=f"It begins with {value}; the limit is {limits.number_digits} digits.",
                hint="Write a smaller number, or raise the setting limit.number_digits.",
            )  # fmt: skip
        case str():
            _is_storable(value, pointer, findings)
        case list():
            for position, item in enumerate(value):
                if not isinstance(item, int):
                    _walk(item, child(pointer, position), limits, findings)
        case _Object():
            for name, item in value.items():
                # a pointer through a name that cannot be stored could not be reported either
                if _is_storable(name, pointer, findings):
                    place = child(pointer, name)
                    if len(place) > MAX_POINTER:
                        _report_long_pointer(pointer, findings)
                        continue
                    if name in value.repeated:
                        _report_repeated(place, findings)
                    _walk(item, place, limits, findings)


def _report_repeated(pointer: str, findings: Findings) -> None:
    findings.report(
        Code.DUPLICATE_MEMBER, pointer, "member is given more than once",
        hint="Keep one of them; which one a reader takes is not defined.",
    )  # fmt: skip


def _report_long_pointer(pointer: str, findings: Findings) -> None:
    findings.report(
        Code.TOO_MANY, pointer, "pointer to a member is too long",
        detail=f"With the names of all that it stands in, it has more than {MAX_POINTER} "
        "characters.",
        hint="Give shorter names to the members in here.",
    )  # fmt: skip


def _is_storable(value: str, pointer: str, findings: Findings) -> bool:
    if "\0" in value:
        fault = "U+0000"
    elif not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        fault = "half of a surrogate pair"
    else:
        return True
    findings.report(
        Code.INVALID_STRING, pointer, f"string contains {fault}",
        hint="Remove the character: the database cannot store it.",
    )  # fmt: skip
    return False
