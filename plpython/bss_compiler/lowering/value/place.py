"""Where in a value something is demanded, and what.

A path leads to it, and keys do, so that either can be asked.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bss_compiler.lowering import jsonpath
from bss_compiler.lowering.jsonpath import Predicate
from bss_compiler.lowering.value.context import is_type
from bss_compiler.lowering.value.spelling import BODY, Spelling

Keys = tuple[str, ...]

ELEMENT = "(v operator(pg_catalog.->) i)"
"""What stands for an element in a condition about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in the value that is there: by its path, and by keys.

    Where the path leads to all elements of an array, `array` has the keys of that, and `keys` lead
    on from an element. What is `optional` may be absent, its parents may not.
    """

    path: str = "$"
    keys: Keys = ()
    array: Keys | None = None
    optional: bool = False

    def member(self, name: str) -> "Place":
        """Give the place of a member."""
        return replace(self, path=jsonpath.member(self.path, name), keys=(*self.keys, name))

    def elements(self) -> "Place":
        """Give the place of all elements."""
        return Place(path=f"{self.path}[*]", array=self.keys)

    @property
    def is_root(self) -> bool:
        """Say whether this is the value itself."""
        return self.path == "$"


@dataclass(slots=True, kw_only=True)
class Demands:
    """What is demanded: by paths, by conditions about the value, and by those about elements.

    `lax` paths are about members that may be absent. They rely on the strict ones, which tell that
    what a lax path goes through is what it takes it for.
    """

    predicates: list[Predicate] = field(default_factory=list)
    lax: list[Predicate] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    of_elements: dict[Keys, list[str]] = field(default_factory=dict)

    def add(self, other: "Demands") -> None:
        """Demand what another one does, too."""
        self.predicates += other.predicates
        self.lax += other.lax
        self.conditions += other.conditions
        for keys, conditions in other.of_elements.items():
            self.of_elements.setdefault(keys, []).extend(conditions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The value of which something is demanded, as it is spelled."""

    spelling: Spelling
    value: str

    def condition(self, place: Place, write: Callable[[Spelling, str], str]) -> Demands:
        """Put a condition where it belongs; null, where a member may be absent, passes."""
        spelling, value = (self.spelling, self.value) if place.array is None else (BODY, ELEMENT)
        condition = write(spelling, value)
        if place.optional:
            condition = f"({condition} IS NOT FALSE)"
        if place.array is None:
            return Demands(conditions=[condition])
        return Demands(of_elements={place.array: [condition]})


def is_all(place: Place, type_: str) -> Predicate:
    """Demand a type; that all are strings is told fastest by a prefix that every string has."""
    if place.array is None:
        return is_type(place.path, type_)
    if type_ == "string":
        prefix = Predicate(f'{place.path} starts with ""', 2)
        return jsonpath.negated(Predicate(f"({prefix.text}) is unknown", 6))
    return jsonpath.negated(jsonpath.compare(f"{place.path}.type()", "!=", type_))


def is_there(place: Place, parent: Place) -> Predicate:
    """Demand that something is there: a strict path leads to it, or fails."""
    if parent.array is None:
        return Predicate(f"exists ({place.path})", 6)
    return jsonpath.none(place.path, Predicate("1 == 2", 2))
