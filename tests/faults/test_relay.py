"""Every committed change is delivered, in its order, though the relay and the endpoint fail."""

import pytest

from tests.faults.relay import PLACES, soak


@pytest.mark.parametrize("kind", sorted(PLACES))
def test_every_committed_change_is_delivered(kind: str, dsn: str) -> None:
    with PLACES[kind]() as place:
        found = soak(dsn, place, writers=4, seconds=3, pause=0.7)
    assert found["changes committed"]
    assert found["events"]
    assert bool(found["dead letters"]) is (kind in ("webhook", "batches"))
