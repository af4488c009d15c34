"""Turns verdicts on the public suite into the page that says where they agree, and why not."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

import psycopg

from tests.json_schema import door, typed
from tests.json_schema.disagreements import OPTIONAL, REASONS, TYPED, Reason, reason_of
from tests.json_schema.judge import Judge
from tests.json_schema.public_suite import Case, Group, Suite, spell


class Outcome(StrEnum):
    """What comes of a case."""

    AGREES = "agrees"
    REFUSED = "schema refused"
    STRICTER = "valid value not taken"
    LOOSER = "invalid value taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A case with what came of it; `place` is how the schema was compiled."""

    place: str
    group: Group
    case: Case
    outcome: Outcome

    @property
    def agrees(self) -> bool:
        return self.outcome is Outcome.AGREES

    @property
    def reason(self) -> Reason | None:
        """Give the reason that is known for a disagreement."""
        return reason_of(self.place, self.group)


COUNTED = ("cases", "agree", "", *(each for each in Outcome if each is not Outcome.AGREES))


def in_values(judge: Judge, groups: Iterable[Group], place: str) -> list[Result]:
    """Compile each schema as that of a jsonb value, and ask the check about the values."""
    found: list[Result] = []
    for group in groups:
        check, diagnostics = judge.compile(group.schema)
        verdicts: list[bool | None] = [None] * len(group.cases)
        if not diagnostics:
            verdicts = [*judge.verdicts(check, [spell(case.value) for case in group.cases])]
        found += _results(place, group, group.cases, verdicts)
    return found


def in_tables(connection: psycopg.Connection, groups: Iterable[Group], place: str) -> list[Result]:
    """Compile each schema as that of a member of a jsonb column, and insert the values."""
    return [
        result
        for group, verdicts in door.verdicts(connection, groups, prefix=place.partition(",")[0])
        for result in _results(place, group, group.cases, verdicts)
    ]


def in_columns(connection: psycopg.Connection, suite: Suite) -> list[Result]:
    """Compile the scalar groups as typed columns, and insert the values."""
    tables, model = typed.columns(suite.groups)
    connection.execute("select bss.provision_tenant(%s, %s)", [typed.TENANT, model])
    found: list[Result] = []
    for each in tables:
        verdicts: list[bool | None] = [None] * len(each.cases)
        if each.sql is not None:
            verdicts = [*typed.accepts(connection, each)]
        found += _results(TYPED, each.group, each.cases, verdicts)
    return found


def _results(
    place: str, group: Group, cases: Sequence[Case], verdicts: Sequence[bool | None]
) -> Iterator[Result]:
    for case, verdict in zip(cases, verdicts, strict=True):
        outcome = _outcome(case.valid, verdict)
        yield Result(place=place, group=group, case=case, outcome=outcome)


def _outcome(valid: bool, verdict: bool | None) -> Outcome:
    if verdict is None:
        return Outcome.REFUSED
    if verdict is valid:
        return Outcome.AGREES
    return Outcome.LOOSER if verdict else Outcome.STRICTER


def page(results: Sequence[Result]) -> str:
    """Give the page."""
    return "\n".join(_lines(results)) + "\n"


def _lines(results: Sequence[Result]) -> Iterator[str]:
    yield from (
        "# Conformance",
        "",
        "How the compiled checks decide the public JSON Schema Test Suite, draft 2020-12, as "
        "python-jsonschema 4.26.0 ships it. Made by running it: "
        "`BSS_WRITE=1 pytest tests/json_schema/test_suite.py`.",
        "",
        "Each schema becomes a member of a `jsonb` column of a tenant's table, into which the "
        "values are inserted; the documents that schemas refer to are registered before. The draft "
        "takes `format` for an annotation, and so do the required files, while BSS asserts it; so "
        "these files are run once more with the check as it would be without formats. The scalar "
        "groups are run again as typed columns, each as every type that its keywords say something "
        "about, with the values of that type.",
        "",
        *_table(
            ("run", *COUNTED),
            (_counts(place, list(part)) for place, part in groupby(results, lambda x: x.place)),
        ),
        "",
        "A schema that is refused is answered with a diagnostic; nothing of it is enforced because "
        "nothing of it is made.",
    )
    for place in (OPTIONAL, TYPED):
        part = [each for each in results if each.place == place]
        yield from ("", f"## By file: {place}", "")
        by_file = groupby(part, lambda each: each.group.file)
        rows = (_counts(f"`{file}`", list(each)) for file, each in by_file)
        yield from _table(("file", *COUNTED), rows)
    yield from ("", "## Disagreements")
    for reason in REASONS:
        known = [each for each in results if not each.agrees and each.reason is reason]
        yield from ("", f"### {reason.title}", "", reason.text, "")
        yield from _table(("run", "file", "group", "cases", "what happens"), _rows(known))


def _counts(name: str, results: Sequence[Result]) -> tuple[str, ...]:
    counted = Counter(each.outcome for each in results)
    others = (str(counted[each]) for each in Outcome if each is not Outcome.AGREES)
    agree = counted[Outcome.AGREES]
    share = f"{agree / len(results):.1%}" if results else ""
    return (name, str(len(results)), str(agree), share, *others)


def _rows(results: Sequence[Result]) -> Iterator[tuple[str, ...]]:
    def key(each: Result) -> tuple[str, str, str, str]:
        return each.place, each.group.file, each.group.description, each.outcome.value

    for (place, file, group, outcome), part in groupby(results, key):
        cases = "; ".join(each.case.description for each in part)
        yield place, f"`{file}`", group, cases, outcome


def _table(head: Sequence[str], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"| {' | '.join('---' for _ in head)} |"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
