"""Reads the text of a pattern from left to right, and stops with an answer where it must."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Untranslatable:
    """Why a pattern has no equivalent: the construct, its place counted from 1, and a way out."""

    reason: str
    position: int
    hint: str


class PatternError(Exception):
    """Carries the answer out of the descent; it never leaves the translation."""

    def __init__(self, answer: Untranslatable) -> None:
        super().__init__(answer.reason)
        self.answer = answer


@dataclass(slots=True, kw_only=True)
class Reader:
    """The pattern, how far it has been read, and what has been seen on the way.

    `names` are those of the groups, `properties` counts the escapes for Unicode properties.
    """

    text: str
    at: int = 0
    names: set[str] = field(default_factory=set)
    properties: int = 0

    def sees(self, characters: str) -> bool:
        """Say whether the next character is one of these."""
        return self.at < len(self.text) and self.text[self.at] in characters

    def accept(self, expected: str) -> bool:
        """Read on past the expected text if it comes next."""
        found = self.text.startswith(expected, self.at)
        self.at += len(expected) * found
        return found

    def take(self) -> str:
        """Read one character; at the end gives the empty text."""
        taken = self.text[self.at : self.at + 1]
        self.at += len(taken)
        return taken

    def take_while(self, characters: str, limit: int | None = None) -> str:
        """Read as long as these characters come, and no more than the limit."""
        start = self.at
        while self.sees(characters) and self.at - start != limit:
            self.at += 1
        return self.text[start : self.at]

    def take_until(self, mark: str) -> str:
        """Read what stands before the mark, and the mark; without a mark gives the empty text."""
        end = self.text.find(mark, self.at)
        if end < 0:
            return ""
        start, self.at = self.at, end + len(mark)
        return self.text[start:end]

    def refusal(self, reason: str, hint: str, *, at: int | None = None) -> PatternError:
        """Give the answer to stop with; `at` is where the construct begins, if not here."""
        position = (self.at if at is None else at) + 1
        return PatternError(Untranslatable(reason=reason, position=position, hint=hint))
