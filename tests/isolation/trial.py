"""From an attack, a principal and a path to what came of it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path as File

import psycopg

from tests.isolation.arena import VICTIMS_LOGIN, Arena
from tests.isolation.canary import OWN, VICTIM, Kind, found
from tests.isolation.catalogue.entry import Attack
from tests.isolation.client import Client, Reply, client
from tests.isolation.principal import GATEWAY, SUPERUSER, TOKEN, Principal
from tests.pooler import pooled

REFUSED_AT_LOGIN = "at login"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an attack came to: what it betrayed or did, and how its last statement ended."""

    kinds: frozenset[Kind]
    sqlstate: str | None
    word: str

    def beyond(self, allowed: frozenset[Kind]) -> frozenset[Kind]:
        return self.kinds - allowed


class Ring:
    """The sessions of an arena, on one path; each login has one, and none is ever swept by us."""

    def __init__(self, arena: Arena, directory: File | None = None) -> None:
        self.arena = arena
        self.directory = directory
        self._stack = ExitStack()
        self._clients: dict[tuple[str, str], Client] = {}

    def __enter__(self) -> "Ring":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def client(self, who: Principal | str, place: str = "own") -> Client:
        """Give the session of a login; `place` tells apart those of its several clients."""
        name = who if isinstance(who, str) else who.name
        known = self._clients.get((name, place))
        if known is None or known.connection.closed:
            known = self._stack.enter_context(client(self.address(who)))
            self._clients[name, place] = known
        return known

    def address(self, who: Principal | str) -> str:
        dsn = self.arena.dsn_of(who)
        return dsn if self.directory is None else pooled(dsn, self.directory, dbname="pool")


def attempt(ring: Ring, attack: Attack, principal: Principal) -> Outcome:
    """Let a principal try an attack; nothing of it stays."""
    with ExitStack() as stack:
        own = _session(ring, attack, principal, stack)
        if isinstance(own, Outcome):
            return own
        stack.enter_context(_victim_beside(ring, attack, principal))
        _victim_before(ring, attack, principal, own)
        if attack.guesses:
            answers = [_run(ring, attack, principal, own, guess=guess) for guess in attack.guesses]
            return _compared(answers, attack.guesses, Kind.EXISTENCE)
        if attack.acts:
            first = _run(ring, attack, principal, own)
            with psycopg.connect(ring.arena.dsn, autocommit=True) as victim:
                victim.execute(ring.arena.fill(attack.acts).encode())
            return _compared([first, _run(ring, attack, principal, own)], (), Kind.ACTIVITY)
        return _judged(attack, _run(ring, attack, principal, own))


def _session(
    ring: Ring, attack: Attack, principal: Principal, stack: ExitStack
) -> Client | Outcome:
    if not attack.options:
        return ring.client(principal)
    try:
        options = ring.arena.fill(attack.options)
        return stack.enter_context(client(ring.address(principal), options=options))
    except psycopg.OperationalError as error:
        return _outcome([Reply(text=str(error), rows=0, sqlstate=REFUSED_AT_LOGIN, status="")])


def _run(
    ring: Ring, attack: Attack, principal: Principal, own: Client, **words: str
) -> list[Reply]:
    """Execute the steps, each in a part of the transaction, so that one that fails stops none."""
    arena, replies = ring.arena, []
    opening = arena.entry(principal, OWN) if principal.enters else "select"
    try:
        if attack.inside:
            entered = own.say(f"begin; {opening}; savepoint step")
            if entered.sqlstate:
                return [entered]
        for step in attack.steps:
            statement = arena.fill(step, **words)
            reply = own.say(statement)
            replies.append(_unsaid(reply, statement, {**arena.words, **words}))
            if attack.inside and step is not attack.steps[-1]:
                own.say(f"{'rollback to ' if reply.sqlstate else ''}savepoint step")
    finally:
        own.say("rollback")
        if not attack.inside and ring.directory is None:
            own.say("discard all")
    return replies


def _unsaid(reply: Reply, statement: str, words: Mapping[str, str]) -> Reply:
    """Take out of a reply what the attacker has said itself."""
    text = reply.text
    for said in words.values():
        if said in statement and found(said):
            text = text.replace(said, "?")
    return replace(reply, text=text)


def _victim_before(ring: Ring, attack: Attack, principal: Principal, own: Client) -> None:
    """Let the victim's client use the session that the attacker's is given next."""
    if attack.before:
        earlier = own if ring.directory is None else ring.client(principal, "before")
        earlier.say(f"begin; {ring.arena.entry(principal, VICTIM)}")
        for step in attack.before:
            earlier.say(ring.arena.fill(step))
        earlier.say("commit")


@contextmanager
def _victim_beside(ring: Ring, attack: Attack, principal: Principal) -> Iterator[None]:
    """Let the victim's client be in a transaction, as a client of the same gateway or its own."""
    if not attack.beside:
        yield
        return
    is_gateway = principal in (GATEWAY, TOKEN)
    with client(ring.arena.dsn_of(principal if is_gateway else VICTIMS_LOGIN)) as victim:
        opening = ring.arena.entry(principal, VICTIM) if is_gateway else "select"
        victim.say(f"begin; {opening}")
        for step in attack.beside:
            victim.say(ring.arena.fill(step))
        yield
        victim.say("rollback")


def _judged(attack: Attack, replies: Sequence[Reply]) -> Outcome:
    last = replies[-1]
    works = last.has_effect if attack.forbidden else attack.seen and not last.rows
    return _outcome(replies, frozenset({attack.tells} if works else ()))


def _compared(answers: Sequence[Sequence[Reply]], guesses: Sequence[str], kind: Kind) -> Outcome:
    told = []
    for index, answer in enumerate(answers):
        texts = [reply.text for reply in answer]
        if guesses:
            texts = [text.replace(guesses[index], "?") for text in texts]
        told.append([(text, *_ending(reply)) for text, reply in zip(texts, answer, strict=True)])
    differs = frozenset({kind}) if told[0] != told[1] else frozenset()
    outcome = _outcome([reply for answer in answers for reply in answer], differs)
    if outcome.word in ("nothing", "harmless", "own"):
        return Outcome(kinds=outcome.kinds, sqlstate=outcome.sqlstate, word="same")
    return outcome


def _ending(reply: Reply) -> tuple[str | None, str]:
    return reply.sqlstate, reply.status


def _outcome(replies: Sequence[Reply], done: frozenset[Kind] = frozenset()) -> Outcome:
    text = "\n".join(reply.text for reply in replies)
    kinds, last = found(text) | done, replies[-1]
    if kinds:
        said = ", ".join(sorted(kinds))
    elif last.sqlstate:
        # what fails because a step before it was refused was refused, too
        said = next(reply.sqlstate for reply in replies if reply.sqlstate)
    elif found(text, OWN):
        said = "own"
    else:
        said = "harmless" if last.rows else "nothing"
    return Outcome(kinds=kinds, sqlstate=last.sqlstate, word=said)


def control(arena: Arena, attack: Attack) -> Outcome:
    """Let a superuser try an attack, whom no defence of BSS holds."""
    with Ring(arena) as ring:
        return attempt(ring, attack, SUPERUSER)
