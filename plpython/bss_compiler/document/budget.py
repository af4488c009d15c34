"""What the work on one document may come to.

A document can ask for far more than it says: a definition is worked through again wherever a `$ref`
leads to it. Whatever multiplies is paid for here before it is done. There is no clock: the same
document has the same answer on every machine.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from operator import attrgetter

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document.limits import Limits


class Work(Enum):
    """The kinds of work that are counted: the message, its limit, and the way out."""

    SCHEMAS = (
        "document expands to too many sub-schemas",
        attrgetter("schema_nodes"),
        "sub-schemas, references followed",
        "Refer to fewer schemas, or raise the setting limit.schema_nodes.",
    )
    TEXT = (
        "document expands to too much text",
        attrgetter("expanded_characters"),
        "characters, references followed",
        "Refer fewer times to long values, or make the values an entity and refer to it.",
    )
    CONSTANTS = (
        "document expands to too many values of enum",
        attrgetter("constants"),
        "values, references followed",
        "Make the values an entity and refer to it.",
    )
    PATTERNS = (
        "document has too many patterns",
        attrgetter("pattern_work"),
        "characters, references followed, with 200 more for each Unicode property",
        "Use fewer or shorter patterns, and fewer Unicode properties.",
    )
    FUNCTIONS = (
        "document takes too many functions to check its values",
        attrgetter("functions"),
        "functions",
        "Describe the values more simply, or make entities of them.",
    )
    DEFAULTS = (
        "document has defaults that are too large to be checked",
        attrgetter("default_work"),
        "values, each counted once for every value in the schema that it is checked against",
        "Write smaller defaults, or simpler schemas for them.",
    )

    def __init__(self, message: str, limit: Callable[[Limits], int], unit: str, hint: str) -> None:
        self.message = message
        self.limit = limit
        self.unit = unit
        self.hint = hint


@dataclass(slots=True, kw_only=True)
class Budget:
    """The work that has been paid for; once it is exceeded, none is granted any more."""

    limits: Limits
    findings: Findings
    exceeded: bool = False
    spent: Counter[Work] = field(default_factory=Counter)

    def grants(self, work: Work, amount: int, pointer: str) -> bool:
        """Pay for work before it is done; the first that is too much is reported."""
        if self.exceeded:
            return False
        limit = work.limit(self.limits)
        self.spent[work] += amount
        self.exceeded = self.spent[work] > limit
        if self.exceeded:
            self.findings.report(
                Code.TOO_MANY, pointer, work.message,
                detail=f"The limit is {limit} {work.unit}.", hint=work.hint,
            )  # fmt: skip
        return not self.exceeded


def characters(value: object) -> int:
    """Give about how many characters it takes to print a JSON value without exponents."""
    match value:
        case str():
            return len(value) + 2
        case None | bool():
            return 5
        case int():
            return value.bit_length() // 3 + 2
        case Decimal():
            return abs(value.adjusted()) + len(value.as_tuple().digits) + 2
        case Mapping():
            return 2 + sum(len(name) + 6 + characters(item) for name, item in value.items())
        case list():
            return 2 + sum(characters(item) + 2 for item in value)
    raise TypeError(f"not a JSON value: {type(value).__name__}")


def values(value: object) -> int:
    """Give how many JSON values there are in one, itself counted."""
    match value:
        case Mapping():
            return 1 + sum(map(values, value.values()))
        case list():
            return 1 + sum(map(values, value))
    return 1
