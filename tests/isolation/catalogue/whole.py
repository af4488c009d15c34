"""The whole catalogue: every attack, in the order of the numbers."""

import re
from itertools import groupby

from tests.isolation.catalogue import commands, context, functions, policies, probes
from tests.isolation.catalogue.entry import Attack

LETTERS = {
    "A": "To be taken for another tenant",
    "B": "To have functions of BSS do what their caller wants",
    "C": "To see rows before a policy does",
    "D": "To learn from constraints",
    "E": "To learn from the catalog, from statistics and from plans",
    "F": "Commands about many rows, and locks",
    "G": "To go around policies",
    "H": "Notifications",
    "I": "SQL in documents",
    "K": "PL/Python and extensions",
    "L": "DDL and privileges",
    "M": "Replication and dumps",
    "N": "To read and write what BSS keeps of tenants",
    "O": "To operate without a reason",
    "P": "To be taken for another by what PostgREST says of a request",
    "T": "To be taken for another by a token",
    "U": "To have the audit log forget",
}


def _order(attack: Attack) -> tuple[str, int, str]:
    found = re.fullmatch(r"([A-Z])(\d+)([a-z]?)", attack.number)
    assert found, attack.number
    return found[1], int(found[2]), found[3]


ATTACKS: tuple[Attack, ...] = tuple(
    sorted(
        (
            *context.ATTACKS,
            *functions.ATTACKS,
            *policies.ATTACKS,
            *probes.ATTACKS,
            *commands.ATTACKS,
        ),
        key=_order,
    )
)
BY_LETTER = {letter: tuple(group) for letter, group in groupby(ATTACKS, lambda a: a.number[0])}
BY_NUMBER = {attack.number: attack for attack in ATTACKS}
