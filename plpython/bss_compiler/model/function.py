"""The functions that checks of jsonb values call, and triggers. They belong to no tenant."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SCHEMA = "bss_checks"
"""The schema that they are in."""

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_CALL = re.compile(r"\bbss_checks\.([tv]_[0-9a-f]{32})\(")


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function that says of a value, its parameter `v`, whether it is valid; or one of a trigger.

    The name is a hash of the body, so that whoever has the same schema shares the function; what
    is not in the body is the same for all of a kind, and `v_` or `t_` stands for it. The body is
    PL/pgSQL.
    """

    name: str
    body: str

    @property
    def is_of_trigger(self) -> bool:
        """Say whether triggers execute it, and not checks."""
        return self.name.startswith("t_")


def needed(expressions: Iterable[str], functions: Iterable[Function]) -> tuple[Function, ...]:
    """Give those of the functions that expressions call, and those that these call, by name."""
    known = {function.name: function for function in functions}
    found: dict[str, Function] = {}
    wanted = [name for expression in expressions for name in _known(expression, known)]
    while wanted:
        function = known[wanted.pop()]
        if function.name not in found:
            found[function.name] = function
            wanted += _known(function.body, known)
    return tuple(function for _, function in sorted(found.items()))


def called_in(sql: str) -> list[str]:
    """Give the names of functions that SQL calls; a constant or a column may look like a call."""
    return _CALL.findall(_QUOTED.sub("", sql)) if SCHEMA in sql else []


def _known(sql: str, known: Mapping[str, Function]) -> list[str]:
    return [name for name in called_in(sql) if name in known]
