"""Errors as values: what is wrong with a document, where, and what to do about it.

A fault is reported to a `Findings` and never raised; all of a document's faults travel together and
PL/pgSQL raises them once. The codes are SQLSTATEs of class SB; the third character names the room.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Code(StrEnum):
    """The SQLSTATE of each fault that the compiler can find. SQL raises the other rooms' codes."""

    # 0: the document
    DOCUMENT_TOO_LARGE = "SB001"
    NOT_JSON = "SB002"
    DUPLICATE_MEMBER = "SB003"
    INVALID_STRING = "SB004"
    NUMBER_OUT_OF_RANGE = "SB005"
    TOO_MANY = "SB006"
    WRONG_SHAPE = "SB010"
    UNKNOWN_KEYWORD = "SB011"
    NOT_SUPPORTED_YET = "SB012"
    NO_ENTITY = "SB013"
    UNRESOLVED_REFERENCE = "SB014"
    CIRCULAR_REFERENCE = "SB015"
    CONFLICTING_KEYWORDS = "SB016"
    UNSATISFIABLE = "SB017"
    NOT_ENFORCEABLE = "SB018"
    # 1: lowering
    INVALID_NAME = "SB101"
    NAME_COLLISION = "SB102"
    RESERVED_NAME = "SB103"
    UNKNOWN_FORMAT = "SB104"
    UNKNOWN_PROPERTY = "SB105"
    UNKNOWN_ENTITY = "SB106"
    WRONG_TYPE = "SB107"
    INVALID_DEFAULT = "SB108"
    PATTERN_NOT_TRANSLATABLE = "SB109"
    VALUE_OUT_OF_TYPE = "SB110"
    TOO_MANY_COLUMNS = "SB111"
    PATH_NOT_LOWERED = "SB112"
    SHARED_REFERS_TO_TENANT = "SB113"
    SHARED_OTHERWISE = "SB114"
    NOT_FOR_SHARED = "SB115"
    SHARED_IS_HIDDEN = "SB116"
    SHARED_LOSES_KEY = "SB117"
    NOTHING_SHARED = "SB118"
    # 3: the plan
    CHANGE_NOT_SUPPORTED_YET = "SB301"
    CHANGE_REFUSED = "SB302"
    STILL_THERE = "SB303"
    CLAIMED_TWICE = "SB304"
    NAME_TAKEN = "SB305"
    NOTHING_TO_RENAME = "SB306"
    # 4: undo
    UNDO_REFUSED = "SB405"
    # 5: secrets
    NOT_ENCRYPTABLE = "SB520"
    # 6: tenants
    NOT_FOR_POOLS = "SB658"
    # 8: records
    VALUE_TOO_LARGE = "SB802"
    # 9: the installation
    INTERNAL = "SB900"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One fault.

    `pointer` is an RFC 6901 JSON pointer into the document; the message follows the server's error
    style guide, so it is a phrase in lower case with names in double quotes.
    """

    code: Code
    pointer: str
    message: str
    detail: str | None = None
    hint: str | None = None
    severity: str = "error"


Kind = tuple[str, Code, str]
"""Severity, code and message."""

MAX_FINDINGS = 1_000
"""The faults that are reported of one document; a person reads fewer."""


MAX_ALIKE = {"error": 100, "warning": 10}
"""The faults of one message that are told each on its own; how many others there are is counted."""


MAX_KNOWN = 10_000
"""The faults that are counted, so that a document of nothing else takes no more memory."""


MAX_WORDS = 1_000
"""The characters that are shown of a message, a detail or a hint: names have no other limit."""


@dataclass(slots=True)
class Findings:
    """The faults found so far; the one mutable thing that the rooms hand on."""

    diagnostics: list[Diagnostic] = field(default_factory=list)
    errors: int = 0
    """The number of faults that are not warnings."""
    _known: set[Diagnostic] = field(default_factory=set)
    _alike: Counter[Kind] = field(default_factory=Counter)

    def told(self) -> list[Diagnostic]:
        """Give the faults as they are told, with how many of a kind were left out at its last."""
        last = {_kind(item): position for position, item in enumerate(self.diagnostics)}
        told = [*self.diagnostics]
        for kind, position in last.items():
            more = self._alike[kind] - MAX_ALIKE[kind[0]]
            if more > 0:
                said = told[position].detail
                words = f"At least {more} more places have the same fault."
                told[position] = replace(
                    told[position], detail=f"{said} {words}" if said else words
                )
        return told

    def report(
        self, code: Code, pointer: str, message: str, *, detail: str | None = None, hint: str
    ) -> None:
        """Add a fault. Every fault comes with a hint: what the author can do about it."""
        self.errors += 1
        self._add("error", code, pointer, message, detail, hint)

    def warn(
        self, code: Code, pointer: str, message: str, *, detail: str | None = None, hint: str
    ) -> None:
        """Add a warning: the document can be applied, but may not say what was meant."""
        self._add("warning", code, pointer, message, detail, hint)

    def _add(
        self, severity: str, code: Code, pointer: str, message: str, detail: str | None, hint: str
    ) -> None:
        item = Diagnostic(
            severity=severity,
            code=code,
            pointer=pointer,
            message=_shortened(message),
            detail=_shortened(detail) if detail else None,
            hint=_shortened(hint) if hint else None,
        )
        # a definition that several properties refer to is looked at for each of them
        if item in self._known:
            return
        # the first error has room behind any number of warnings: it is what the caller looks for
        has_room = severity == "error" and self.errors == 1
        if len(self._known) >= MAX_KNOWN and not has_room:
            return
        self._known.add(item)
        self._alike[_kind(item)] += 1
        if self._alike[_kind(item)] > MAX_ALIKE[severity]:
            return
        if len(self.diagnostics) < MAX_FINDINGS or has_room:
            self.diagnostics.append(item)


def _kind(item: Diagnostic) -> Kind:
    return item.severity, item.code, item.message


def _shortened(words: str) -> str:
    return words if len(words) <= MAX_WORDS else f"{words[: MAX_WORDS - 1]}…"
