"""Turns a pattern that gives every character its place into two tests that are faster than it.

For each match the server makes a state for every character that a bounded repetition counts. Where
a text is made of sets of characters, as often as a number says, between literal characters that
are in none of the sets, a mask for LIKE counts them, and tells where the literals are; what lies
between them is then of one set, however often: `^[A-Z]{2}-[0-9]{6}$` is the mask `__-______` and
the expression `^[A-Z]+-[0-9]+$`.
"""

from collections.abc import Iterator
from itertools import pairwise

from bss_compiler.lowering.pattern.parse import Assertion, Node, Repeat, Sequence, Symbol, parse
from bss_compiler.lowering.pattern.ranges import Ranges
from bss_compiler.lowering.pattern.translate import render

MIN_SAVED, MAX_LENGTH = 5, 255
"""How many states have to be saved for two tests to be faster; and what a mask is long at most."""

Run = tuple[Ranges, int]
"""A set of characters, and how many of them follow each other."""


def masked(pattern: str) -> tuple[str, str] | None:
    """Give the mask and the expression, which both have to match; None for other patterns.

    The pattern is one that has a translation.
    """
    runs = _runs(parse(pattern))
    sets = [run for run in runs if not _is_literal(run)]
    literals = {run[0][0][0] for run in runs if _is_literal(run)}
    if (
        sum(count - 1 for _, count in sets) < MIN_SAVED
        or sum(count for _, count in runs) > MAX_LENGTH
        or any(_has(members, literal) for members, _ in sets for literal in literals)
        or any(not _is_literal(one) and not _is_literal(other) for one, other in pairwise(runs))
    ):
        return None
    return "".join(map(_mask, runs)), render(Sequence(parts=tuple(_parts(runs))))


def _runs(tree: Node) -> list[Run]:
    """Give the runs of a pattern from the start to the end of a text; none of any other."""
    parts = tree.parts if isinstance(tree, Sequence) else ()
    if len(parts) < 3 or parts[0] is not Assertion.START or parts[-1] is not Assertion.END:
        return []
    found: list[Run] = []
    for part in parts[1:-1]:
        match part:
            case Symbol(members=members) if members:
                run = members, 1
            case Repeat(body=Symbol(members=members), least=least, most=most) if (
                members and least == most and least > 0
            ):
                run = members, least
            case _:
                return []
        if found and found[-1][0] == run[0]:
            run = run[0], found.pop()[1] + run[1]
        found.append(run)
    return found


def _is_literal(run: Run) -> bool:
    (low, high), *others = run[0]
    return low == high and not others


def _has(members: Ranges, character: int) -> bool:
    return any(low <= character <= high for low, high in members)


def _mask(run: Run) -> str:
    if not _is_literal(run):
        return "_" * run[1]
    character = chr(run[0][0][0])
    return (f"\\{character}" if character in "\\%_" else character) * run[1]


def _parts(runs: list[Run]) -> Iterator[Node]:
    yield Assertion.START
    for members, count in runs:
        character = Symbol(members=members)
        if _is_literal((members, count)):
            yield from [character] * count
        else:
            yield Repeat(body=character, least=1, most=None)
    yield Assertion.END
