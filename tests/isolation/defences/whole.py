"""All defences that an attack has to notice the lack of."""

from tests.isolation.defences import functions, pools, rows
from tests.isolation.defences.entry import Defence

DEFENCES: tuple[Defence, ...] = (*rows.DEFENCES, *functions.DEFENCES, *pools.DEFENCES)
