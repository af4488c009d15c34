"""What betrays a tenant: a word for each kind of thing that is kept of it, sought in all output.

The words stand in what the victim of an attack keeps, and nowhere else; those of the attacker's own
tenant say that an attack did look at something.
"""

import re
from enum import StrEnum
from functools import cache

VICTIM, OWN = "globex", "acme"
ROWS, OWN_ROWS = 9437, 3
"""So many rows the victim has, a number that the server gives to nothing of its own, and so many
the attacker, who knows theirs if it knows how many both have."""


class Kind(StrEnum):
    """What an attack can learn, or do; the value is the word for it in reports."""

    VALUE = "values"
    NAME = "names"
    RULE = "rules"
    COMMENT = "comments"
    DOCUMENT = "documents"
    AUDIT = "audit entries"
    LOGIN = "logins"
    KEY = "keys"
    COUNT = "counts"
    RIGHTS = "rights"
    EXISTENCE = "existence"
    ACTIVITY = "activity"
    EFFECT = "effects"


WORDS = (
    Kind.VALUE, Kind.NAME, Kind.RULE, Kind.COMMENT, Kind.DOCUMENT, Kind.AUDIT, Kind.LOGIN,
)  # fmt: skip
"""The kinds that a word stands for; the others are told by what an attack does."""

SECRET = b"canary_keys_of_installation_____"
"""A key that tokens are signed with."""
INNER_KEY = bytes(byte ^ 54 for byte in SECRET)
OUTER_KEY = bytes(byte ^ 92 for byte in SECRET)
RIGHTS = "canary_rights"
"""Said by functions of an attacker that are called with the rights of somebody else."""


def word(kind: Kind, tenant: str) -> str:
    """Give the word that stands for a kind in what is kept of a tenant; a name like any other."""
    return f"canary_{kind.name.lower()}_of_{tenant}"


def found(text: str, tenant: str = VICTIM) -> frozenset[Kind]:
    """Give the kinds of what a text betrays of a tenant and, for the victim, of the rest."""
    return frozenset(kind for kind, pattern in _patterns(tenant) if pattern.search(text))


@cache
def _patterns(tenant: str) -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    words = tuple((kind, re.compile(word(kind, tenant))) for kind in WORDS)
    if tenant != VICTIM:
        return words
    keys = (form for key in (SECRET, INNER_KEY, OUTER_KEY) for form in _spelled(key))
    return (
        *words,
        (Kind.KEY, re.compile("|".join(keys))),
        (Kind.COUNT, re.compile(rf"(?<![\w.-])({ROWS}|{ROWS + OWN_ROWS})(?![\w-])")),
        (Kind.RIGHTS, re.compile(RIGHTS)),
    )


def _spelled(key: bytes) -> tuple[str, ...]:
    """Give how a key looks in text: as it is, and in the hexadecimal digits of the server."""
    return re.escape(key.decode("latin-1")), key.hex()
