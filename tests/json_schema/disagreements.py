"""Why BSS decides some cases of the public suite otherwise."""

from collections.abc import Collection
from dataclasses import dataclass
from fnmatch import fnmatchcase

from tests.json_schema.public_suite import Group

ANNOTATED = "required, `format` as an annotation"
COLUMN = "required, `format` asserted"
OPTIONAL = "optional, `format` asserted"
TYPED = "typed columns"
"""The runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What is known to come out otherwise: in which runs, of which files and groups."""

    title: str
    text: str
    files: Collection[str]
    groups: str = "*"
    places: str = "*"

    def explains(self, place: str, group: Group) -> bool:
        """Say whether a disagreement of a group is one of these."""
        return (
            fnmatchcase(place, self.places)
            and any(fnmatchcase(group.file, file) for file in self.files)
            and fnmatchcase(group.description, self.groups)
        )


REASONS: tuple[Reason, ...] = (
    Reason(
        title="U+0000",
        text="Neither `text` nor `jsonb` can hold U+0000. A document that has it is refused "
        "(`SB004`), and so is a value.",
        files=("const.json", "enum.json"),
        groups="nul characters in strings",
    ),
    Reason(
        title="Other dialects",
        text="Only the meta-schemas of the drafts are known; a document that names another one is "
        "refused (`SB010`), as its keywords may mean something else.",
        files=("vocabulary.json", "optional/format-assertion.json"),
    ),
    Reason(
        title="Formats are asserted",
        text="To the draft a format is an annotation, unless a meta-schema says otherwise. BSS "
        "asserts every format that it knows.",
        files=("format.json",),
    ),
    Reason(
        title="Unknown formats",
        text="A format that nobody knows would not be enforced, so it is refused (`SB104`).",
        files=("optional/format/unknown.json",),
    ),
    Reason(
        title="Keywords of a later draft",
        text="A schema of an older draft that has a keyword of a later one is refused (`SB011`): "
        "its author expects it to be enforced, and to its draft it says nothing.",
        files=("optional/cross-draft.json", "optional/id.json"),
    ),
    Reason(
        title="Numbers beyond the column's type",
        text="An `integer` is a `bigint` column unless the bounds of the schema reach beyond 64 "
        "bits; then it is `numeric`.",
        files=("optional/bignum.json", "optional/float-overflow.json"),
        places=TYPED,
    ),
    Reason(
        title="Other spellings of dates, times, addresses and identifiers",
        text="Such a column holds a value, not the characters that it was written with, and comes "
        "out in one spelling. The server reads spellings that the format does not allow: among "
        "them the leap second at any hour, which it carries into the next minute. A `time` has no "
        "offset, so it reads a time without one; and with an offset that moves a leap second "
        "beyond the end of the day, none.",
        files=tuple(
            f"optional/format/{name}.json"
            for name in ("date-time", "date", "duration", "ipv4", "ipv6", "time", "uuid")
        ),
        places=TYPED,
    ),
)


def reason_of(place: str, group: Group) -> Reason | None:
    """Give the reason that is known for the disagreements of a group."""
    return next((reason for reason in REASONS if reason.explains(place, group)), None)
