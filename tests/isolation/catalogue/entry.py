"""What the catalogue consists of: attacks, and where else a number of it is shown, or why not."""

from dataclasses import dataclass, field
from typing import Literal

from tests.isolation.canary import Kind
from tests.isolation.principal import PRINCIPALS, Principal

Path = Literal["direct", "pooled"]
PATHS: tuple[Path, ...] = ("direct", "pooled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """What somebody tries: statements, of which the last one tells whether it worked.

    `number` is the catalogue's, with a letter where several attacks have it. In statements, {own}
    and {victim} are the schemas of the two tenants; the arena has the other words.

    It works if anything that comes back betrays the victim, and
      - where it is `forbidden`, if the last statement has any effect at all, which `tells` names;
      - where there are `guesses`, if the answers tell a right {guess}, which is the first one,
        from a wrong one;
      - where `acts` is said, if the answers tell whether the victim did that in between;
      - where it should be `seen`, if the last statement finds nothing.

    In a pool, both schemas are one, so the last statement has to say of which rows it is about.

    `before` is what the victim's client did in the same session, which was then handed on, and
    `beside` what it is doing in a session of the same login. `reveals` is what is known to come
    out, a residual channel, and `reaches` who gets it; in a pool, that may be others. What is
    `of_documents` finds nothing of the victim there, where the document is everyone's.
    """

    number: str
    title: str
    steps: tuple[str, ...]
    by: tuple[Principal, ...] = PRINCIPALS
    on: tuple[Path, ...] = PATHS
    inside: bool = True
    homes: tuple[str, ...] = ("silo", "pool")
    before: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    options: str = ""
    forbidden: bool = False
    tells: Kind = Kind.EFFECT
    guesses: tuple[str, str] | None = None
    acts: str = ""
    seen: bool = False
    reveals: frozenset[Kind] = field(default_factory=frozenset)
    reaches: tuple[Principal, ...] = PRINCIPALS
    also_in_pools: tuple[Principal, ...] = ()
    works_for_superuser: bool = True
    of_documents: bool = False

    def known(self, principal: Principal, home: str) -> frozenset[Kind]:
        """Give what is known to come out for a principal."""
        also = self.also_in_pools if home == "pool" else ()
        return self.reveals if principal in (*self.reaches, *also) else frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A number of the catalogue that a test of another form shows."""

    number: str
    title: str
    test: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """A number of the catalogue that there is nothing here to try on."""

    number: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmeasured:
    """A residual channel whose width no test can state."""

    number: str
    title: str
