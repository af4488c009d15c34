"""The words for what is wrong with the keywords of a schema."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document.draft import Draft, Statement, ignored, older_form
from bss_compiler.document.extension import ENTITY_KEYS, NOT_YET, PROPERTY_KEYS
from bss_compiler.document.keyword import VOCABULARY, is_own
from bss_compiler.document.pointer import child, last_token

_MAX_GUESSES = 1_000
_WORDS = {name.lower(): name for name in VOCABULARY}
_LONGEST = max(map(len, VOCABULARY)) + 4
_LIKE = 0.8
_IN_COLUMN = re.compile(
    r"(?:/(?:\$defs|definitions)/[^/]*)?(?:/properties/[^/]*|/x-bss/(?:unique|indexes)/.*)?"
)
_ASSERTIONS = {
    "nullable": 'Write "null" among the types.',
    "divisibleBy": "Write multipleOf.",
    "disallow": "Write not.",
    "extends": "Write allOf.",
}
"""Keywords of OpenAPI 3.0 and draft-03 that would have constrained a value."""


@dataclass(slots=True, kw_only=True)
class Guesser:
    """Guesses which keyword was meant by a word; each guess takes part of a millisecond."""

    guesses: dict[str, str | None] = field(default_factory=dict)

    def guess(self, name: str) -> str | None:
        """Give the keyword that a word is like; None for one like none, or if asked too often."""
        if name not in self.guesses:
            if len(name) > _LONGEST or self.exhausted:
                return None
            near = difflib.get_close_matches(name.lower(), _WORDS, n=1, cutoff=_LIKE)
            self.guesses[name] = _WORDS[near[0]] if near else None
        return self.guesses[name]

    @property
    def exhausted(self) -> bool:
        """Say whether too many words were asked for to tell what is a mistake."""
        return len(self.guesses) >= _MAX_GUESSES


def is_column(schema: Mapping[str, Any], pointer: str) -> bool:
    """Say whether a schema stands where one becomes a table or a column, or states which records.

    Not one that names its draft itself: it is a document of its own, put there whole.
    """
    found = _IN_COLUMN.fullmatch(pointer) is not None
    return found and not ("/properties/" in pointer and "$schema" in schema)


def complain_of_unknown(
    item: Statement, draft: Draft, guesser: Guesser, findings: Findings, *, in_column: bool
) -> None:
    """Refuse a keyword that the draft does not have; warn where it can only be an annotation."""
    name = last_token(item.place)
    hint = _instead_of(name, item, draft, guesser, in_column=in_column)
    if hint is not None or in_column or guesser.exhausted:
        findings.report(
            Code.UNKNOWN_KEYWORD, item.place, f'keyword "{name}" is not known',
            detail=f"It is no keyword of JSON Schema {draft.label}, so it would not be enforced.",
            hint=hint or 'Remove it, or let its name begin with "x-": then it is an annotation.',
        )  # fmt: skip
    else:
        findings.warn(
            Code.UNKNOWN_KEYWORD, item.place,
            f'keyword "{name}" is not known and taken for an annotation',
            detail=f"It is no keyword of JSON Schema {draft.label}; it constrains nothing.",
            hint='Remove it, or let its name begin with "x-": then nobody expects it to.',
        )  # fmt: skip


def _instead_of(
    name: str, item: Statement, draft: Draft, guesser: Guesser, *, in_column: bool
) -> str | None:
    if not item.known:
        return f'It came with a later draft: name that in "$schema", or leave "{name}" out.'
    older = older_form(name, item.value, draft) or _ASSERTIONS.get(name)
    if older is not None:
        return older
    if in_column and name in _OF_EXTENSION:
        return f'It is a key of x-bss: write "x-bss": {{"{name}": …}}.'
    if is_own(name):
        return 'The keyword of BSS is "x-bss"; it takes no SQL.'
    guess = guesser.guess(name)
    return None if guess is None else f'Did you mean "{guess}"?'


_OF_EXTENSION = ENTITY_KEYS.keys() | PROPERTY_KEYS.keys() | NOT_YET


def refuse_shape(item: Statement, problem: str, draft: Draft, findings: Findings) -> None:
    """Refuse the value of a keyword, given what it should be."""
    name = last_token(item.place)
    findings.report(
        Code.WRONG_SHAPE, item.place, f'value of "{name}" should be {problem}',
        hint=older_form(name, item.value, draft) or f"Give {problem}, or leave the keyword out.",
    )  # fmt: skip


def refuse_repeated(
    first: Mapping[str, Any], second: Mapping[str, Any], item: Statement, findings: Findings
) -> None:
    """Refuse what stands under both the older and the newer name of a keyword."""
    for name in second:
        if name in first:
            findings.report(
                Code.CONFLICTING_KEYWORDS, child(item.place, name),
                f'"{name}" is given here and in "{item.keyword}"',
                hint="Leave one of them out, or give it another name.",
            )  # fmt: skip


def warn_of_ignored(
    schema: Mapping[str, Any], pointer: str, draft: Draft, findings: Findings
) -> None:
    """Warn of what has no effect beside a reference."""
    left_out = ignored(schema, draft)
    for name in schema:
        if name in left_out and name in VOCABULARY:
            findings.warn(
                Code.CONFLICTING_KEYWORDS, child(pointer, name),
                f'keyword "{name}" is ignored beside "$ref"',
                detail=f"Up to {Draft.DRAFT_07.label}, a reference stands alone.",
                hint='Put the reference into "allOf", or name a later draft in "$schema".',
            )  # fmt: skip
