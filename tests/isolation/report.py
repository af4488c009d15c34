"""From what attacks came to, to docs/reference/attacks.md: attacks, principals and paths."""

from collections.abc import Iterator, Mapping

from bss_loader.manifest import locate
from tests.isolation.catalogue.elsewhere import ABSENT, ELSEWHERE, UNMEASURED
from tests.isolation.catalogue.entry import Attack, Path
from tests.isolation.catalogue.whole import ATTACKS, BY_LETTER, LETTERS
from tests.isolation.home import Home
from tests.isolation.principal import PRINCIPALS, Principal
from tests.isolation.trial import Outcome

Key = tuple[str, str, Path]
"""The number of an attack, the name of a principal, a path."""
Outcomes = Mapping[Key, Outcome]

INTRODUCTION = """\
# Attacks

What somebody can try to get at another tenant, and what came of it. Made by trying it:
`BSS_WRITE=1 pytest tests/isolation/test_attacks.py`.

{attacks} attacks, {trials} trials, no leak but through channels that are known. The victim, the
tenant `globex`, has words that stand nowhere else in its values, names, rules, comments, documents,
audit entries and logins. They are sought in all that comes back: rows, notices, each field of
errors, notifications, what `COPY` sends. The database is one that `bss harden` has closed, and that
has a schema in which everyone may create. Each attack is tried by a superuser first: what nothing
but a defence can stop has to work for one.

| who | is | may see of others |
| --- | --- | --- |"""
LEGEND = """
A code is the SQLSTATE that an attack ended with. `nothing`: it found no rows and changed none.
`own`: it found what is the attacker's own. `harmless`: rows, and nothing of the victim in them.
`same`: the answers do not tell what is there from what is not. **Bold** is what it learned or did:
what the principal may see, or a channel that is known, which
[Isolation](../explanation/isolation.md#channels-that-remain) lists.
Of two answers the first is that of a direct connection, the second that of PgBouncer in transaction
mode with one connection; one answer is that of both."""

RULE = "| --- | --- | --- |"

PAGE = locate().sql.parent / "docs" / "reference" / "attacks.md"


def page(found: Mapping[Home, Outcomes]) -> str:
    return "\n".join([*_introduction(found), *_tables(found), *_rest(), ""])


def _introduction(found: Mapping[Home, Outcomes]) -> Iterator[str]:
    trials = sum(len(outcomes) for outcomes in found.values())
    yield from INTRODUCTION.format(attacks=len(ATTACKS), trials=trials).splitlines()
    for principal in PRINCIPALS:
        may_see = ", ".join(sorted(principal.may_see)) or "nothing"
        yield f"| {principal.name} | {principal.is_} | {may_see} |"
    yield from LEGEND.splitlines()


def _tables(found: Mapping[Home, Outcomes]) -> Iterator[str]:
    for home, outcomes in found.items():
        yield from ("", f"## Tenants in {home.is_}")
        for letter, attacks in BY_LETTER.items():
            yield from ("", f"### {letter}. {LETTERS[letter]}", "")
            names = " | ".join(principal.name for principal in PRINCIPALS)
            yield f"| | attack | {names} |"
            yield "| --- " * (len(PRINCIPALS) + 2) + "|"
            for attack in attacks:
                if home.name not in attack.homes:
                    continue
                cells = (_cell(attack, principal, outcomes) for principal in PRINCIPALS)
                yield f"| {attack.number} | {attack.title} | {' | '.join(cells)} |"


def _cell(attack: Attack, principal: Principal, outcomes: Outcomes) -> str:
    if principal not in attack.by:
        return ""
    said = [_said(outcomes[attack.number, principal.name, path]) for path in attack.on]
    return " / ".join(dict.fromkeys(said))


def _said(outcome: Outcome) -> str:
    return f"**{outcome.word}**" if outcome.kinds else outcome.word


def _rest() -> Iterator[str]:
    yield from ("", "## Shown by tests of another form", "", "| | attack | test |", RULE)
    for shown in ELSEWHERE:
        yield f"| {shown.number} | {shown.title} | `{shown.test}` |"
    yield from ("", "## Not tried", "", "| | attack | because |", RULE)
    for absent in ABSENT:
        yield f"| {absent.number} | {absent.title} | {absent.reason} |"
    for item in UNMEASURED:
        reason = "it remains, and no test can say how much of it"
        yield f"| {item.number} | {item.title} | {reason} |"
