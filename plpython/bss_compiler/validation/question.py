"""What only the server answers: whether a text matches regular expressions.

A question is a text and what it has to match: alternatives, of which one has to hold, of matches
(`~`) and mismatches (`!~`) that all have to hold. Patterns and formats are asked alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Tests = tuple[tuple[tuple[str, str], ...], ...]


@dataclass(slots=True, kw_only=True)
class Answers:
    """The answers that are known, and the questions that were asked without one."""

    known: Mapping[tuple[Tests, str], bool] = field(default_factory=dict)
    asked: dict[Tests, dict[str, None]] = field(default_factory=dict)

    def ask(self, tests: Tests, text: str) -> bool | None:
        """Say whether the text matches; None if that is not known yet."""
        answer = self.known.get((tests, text))
        if answer is None:
            self.asked.setdefault(tests, {})[text] = None
        return answer

    def questions(self) -> list[dict[str, Any]]:
        """Give the questions as JSON values: {tests, texts}, one for each tests."""
        return [
            {"tests": tests, "texts": list(texts)} for tests, texts in self.asked.items()
        ]  # fmt: skip


def read_answers(
    questions: Sequence[Mapping[str, Any]], answers: Sequence[Sequence[bool]]
) -> Answers:
    """Give the answers to questions: for each an array, in the order of its texts."""
    known = {}
    for question, its_answers in zip(questions, answers, strict=True):
        tests = tuple(
            tuple((sign, expression) for sign, expression in tests) for tests in question["tests"]
        )
        for text, answer in zip(question["texts"], its_answers, strict=True):
            known[tests, text] = answer
    return Answers(known=known)
