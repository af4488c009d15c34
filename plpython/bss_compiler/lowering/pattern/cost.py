"""Turns the tree of a pattern into what the server will have to build and to do for it.

The server writes out every bounded repetition, then removes the ways through a part that read no
character by copying what follows to where they start, and it evaluates a lookaround anew at every
character. All three multiply when they are nested, so that a few characters of pattern can ask for
more than there is. Here the result is reckoned instead of built.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce
from typing import assert_never

from bss_compiler.lowering.pattern.parse import (
    Assertion,
    Choice,
    Look,
    Node,
    Repeat,
    Sequence,
    Symbol,
)

_CEILING = 10**9
"""Every measure stops here: beyond any limit, and small enough to multiply."""

_UNLIMITED_REACH = 1_000
"""What a lookaround without end is taken to read: the length of a long text."""


MAX_PLACES = 20
"""In how many places of a text a lookaround may be evaluated that reads all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a part of a pattern asks for.

    `positions` are the characters and assertions in it once its repetitions are written out, and
    `transitions` lead from one state to the next. `first` counts the transitions that begin the
    part, `last` the states that end it. `skips` says whether it matches the empty text anywhere;
    `asserts` counts the ways that do so under an assertion. `reach` is the most characters that it
    reads, `steps` the work of its lookarounds at one character.
    """

    positions: int = 0
    transitions: int = 0
    first: int = 0
    last: int = 0
    skips: bool = False
    asserts: int = 0
    reach: int = 0
    steps: int = 0

    @property
    def ways(self) -> int:
        """How many ways lead through without reading a character."""
        return self.skips + self.asserts

    @property
    def size(self) -> int:
        """How many transitions there are, with those that enter, leave and bypass the part."""
        return self.transitions + self.first + self.last + self.ways


_NOTHING = Cost(skips=True)
_SYMBOL = Cost(positions=1, first=1, last=1, reach=1)
_ASSERTION = Cost(positions=1, asserts=1)
_BOUNDARY = Cost(positions=4, asserts=2, steps=4)


def cost(node: Node) -> Cost:
    """Give what the tree asks for; every measure ends at a billion."""
    match node:
        case Symbol():
            return _SYMBOL
        case Assertion.START | Assertion.END:
            return _ASSERTION
        case Assertion.BOUNDARY | Assertion.NO_BOUNDARY:
            return _BOUNDARY
        case Look(body=body):
            return _look(cost(body))
        case Sequence(parts=parts):
            return reduce(_then, map(cost, parts), _NOTHING)
        case Choice(branches=branches):
            return reduce(_or, map(cost, branches))
        case Repeat(body=body, least=least, most=most):
            return _repeat(cost(body), least, most)
        case _:
            assert_never(node)


def wandering(tree: Node) -> int:
    """Give how many characters the lookarounds read at each character of a text, all together.

    One that can be evaluated in but a few places, such as directly behind a `^`, is left out: to
    read a whole text takes its length there, and the square of it anywhere else.
    """
    return _survey(tree, _CEILING)[1]


def _survey(node: Node, places: int) -> tuple[int, int]:
    """Give how far the node reads, and what `wandering` does, if it can begin in so many places."""
    match node:
        case Symbol():
            return 1, 0
        case Assertion():
            return 0, 0
        case Look(body=body, behind=behind):
            reach, inner = _survey(body, _CEILING if behind else places)
            if places <= MAX_PLACES:
                return 0, min(inner * places, _CEILING)
            return 0, min(reach + inner * (reach + 1), _CEILING)
        case Sequence(parts=parts):
            return _survey_all(parts, places)
        case Choice(branches=branches):
            surveys = [_survey(branch, places) for branch in branches]
            return max(reach for reach, _ in surveys), sum(read for _, read in surveys)
        case Repeat(body=body, most=most):
            reach, read = _survey(body, places if most == 1 else _CEILING)
            times = _CEILING if most is None else most
            return min(reach * times, _CEILING), read
        case _:
            assert_never(node)


def _survey_all(parts: Iterable[Node], places: int) -> tuple[int, int]:
    """Survey a row of parts: each can begin in as many more places as those before it can end."""
    whole, total = 0, 0
    for part in parts:
        reach, read = _survey(part, places)
        whole, total = min(whole + reach, _CEILING), total + read
        places = 1 if part is Assertion.START else min(places + reach, _CEILING)
    return whole, total


def _cost(
    *,
    positions: int,
    transitions: int,
    first: int,
    last: int,
    skips: bool,
    asserts: int,
    reach: int,
    steps: int,
) -> Cost:
    return Cost(
        positions=min(positions, _CEILING),
        transitions=min(transitions, _CEILING),
        first=min(first, _CEILING),
        last=min(last, _CEILING),
        skips=skips,
        asserts=min(asserts, _CEILING),
        reach=min(reach, _CEILING),
        steps=min(steps, _CEILING),
    )


def _look(body: Cost) -> Cost:
    return _cost(
        positions=body.positions + 1,
        transitions=body.size,
        first=0,
        last=0,
        skips=False,
        asserts=1,
        reach=0,
        steps=(min(body.reach, _UNLIMITED_REACH) + 1) * (body.steps + 1),
    )


def _then(left: Cost, right: Cost) -> Cost:
    skips = left.skips and right.skips
    return _cost(
        positions=left.positions + right.positions,
        transitions=left.transitions + right.transitions + left.last * right.first,
        first=left.first + left.ways * right.first,
        last=right.last + right.ways * left.last,
        skips=skips,
        asserts=left.ways * right.ways - skips,
        reach=left.reach + right.reach,
        steps=left.steps + right.steps,
    )


def _or(left: Cost, right: Cost) -> Cost:
    shared_end = bool(left.last and right.last)
    return _cost(
        positions=left.positions + right.positions,
        transitions=left.transitions + right.transitions,
        first=left.first + right.first,
        last=left.last + right.last - shared_end,
        skips=left.skips or right.skips,
        asserts=left.asserts + right.asserts,
        reach=max(left.reach, right.reach),
        steps=left.steps + right.steps,
    )


def _repeat(body: Cost, least: int, most: int | None) -> Cost:
    # what is empty has to be written as often as it is repeated
    body = replace(body, positions=max(body.positions, 1))
    if most is None:
        return _then(_power(body, max(least - 1, 0)), _loop(body, skips=least == 0))
    if body.ways:
        return _then(_power(body, least), _power(_or(body, _NOTHING), most - least))
    return _then(_power(body, least), _nested(body, most - least))


def _power(body: Cost, times: int) -> Cost:
    """Give the body so many times in a row, by squaring."""
    whole = _NOTHING
    while times:
        if times % 2:
            whole = _then(whole, body)
        body = _then(body, body)
        times //= 2
    return whole


def _loop(body: Cost, *, skips: bool) -> Cost:
    """Give the body once or more; the server copies it for each set of its assertions."""
    sets = 2 ** min(body.asserts, 30)
    return _cost(
        positions=body.positions,
        transitions=(body.transitions + body.last * body.first) * sets,
        first=body.first,
        last=body.last,
        skips=body.skips or skips,
        asserts=sets - 1,
        reach=_CEILING if body.reach else 0,
        steps=body.steps,
    )


def _nested(body: Cost, times: int) -> Cost:
    """Give `(x(x(x)?)?)?`, as the server writes optional repetitions of what is never empty."""
    if not times:
        return _NOTHING
    return _cost(
        positions=body.positions * times,
        transitions=body.transitions * times + body.last * body.first * (times - 1),
        first=body.first,
        last=body.last * times,
        skips=True,
        asserts=0,
        reach=body.reach * times,
        steps=body.steps * times,
    )
