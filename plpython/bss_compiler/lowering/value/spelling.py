"""Spells the few conditions that a check on a column and the body of a function have in common.

A check is written as the server prints it. A function carries no search_path, which would cost as
much as many of them do, so there every operator and type is named with its schema.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bss_compiler import quoting


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """A way of writing operators and types; an operator's format has one place for its symbol."""

    operator: str
    schema: str
    cast: str
    quote: Callable[[str], str]

    def matches(self, value: str, path: str) -> str:
        """Say that a path, a predicate, is true of a value."""
        return f"(({value} {self._op('@@')} {self.quote(path)}::{self.cast}jsonpath) IS TRUE)"

    def at(self, value: str, keys: Sequence[str]) -> str:
        """Give the value inside a value, by the keys on the way."""
        return self._inside(value, keys, "->", "#>")

    def text_at(self, value: str, keys: Sequence[str]) -> str:
        """Give the text of the scalar inside a value."""
        return self._inside(value, keys, "->>", "#>>")

    def is_closed(self, value: str, names: Sequence[str]) -> str:
        """Say that an object has no members but those of the names."""
        left = f"({value} {self._op('-')} {self._texts(names)})"
        return f"({left} {self._op('=')} '{{}}'::{self.cast}jsonb)"

    def length(self, text: str, operator: str, bound: int) -> str:
        """Compare the number of characters of a text."""
        return f"({self.schema}char_length({text}) {self._op(operator)} {bound})"

    def count(self, array: str, operator: str, bound: int) -> str:
        """Compare the number of elements of an array."""
        return f"({self.schema}jsonb_array_length({array}) {self._op(operator)} {bound})"

    def like(self, text: str, pattern: str) -> str:
        """Match a text with a regular expression of the server's."""
        return f"({text} {self._op('~')} {self.quote(pattern)}::{self.cast}text)"

    def has_mask(self, text: str, mask: str) -> str:
        """Match a text with a mask of LIKE."""
        return f"({text} {self._op('~~')} {quoting.text(mask)}::{self.cast}text)"

    def is_one_of(self, text: str, values: Sequence[str]) -> str:
        """Say whether a text is one of some."""
        return f"({text} {self._op('=')} ANY ({self._texts(values)}))"

    def is_whole(self, number: str) -> str:
        """Say whether a number, given by its text, has no fraction but zeros."""
        point = f"({self.schema}strpos({number}, '.'::{self.cast}text) {self._op('=')} 0)"
        fraction = f"({number})::{self.cast}numeric {self._op('%')} 1::{self.cast}numeric"
        return f"({point} OR (({fraction}) {self._op('=')} 0::{self.cast}numeric))"

    def _inside(self, value: str, keys: Sequence[str], one: str, several: str) -> str:
        if len(keys) == 1:
            return f"({value} {self._op(one)} {self.quote(keys[0])}::{self.cast}text)"
        if not keys and one == "->":
            return value
        return f"({value} {self._op(several)} {self._texts(keys)})"

    def _texts(self, values: Sequence[str]) -> str:
        return f"{self.quote(quoting.text_array(values))}::{self.cast}text[]"

    def _op(self, symbol: str) -> str:
        return self.operator.format(symbol)


CHECK = Spelling(operator="{}", schema="", cast="", quote=quoting.text)
BODY = Spelling(
    operator="OPERATOR(pg_catalog.{})",
    schema="pg_catalog.",
    cast="pg_catalog.",
    quote=quoting.text_in_body,
)
