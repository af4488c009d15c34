import pytest

from bss_loader.breaker import Backoff, Breaker, State

TWO = Breaker(threshold=2, rest=10)
OPEN = TWO.failed(100).failed(101)


def test_backoff_doubles_up_to_the_longest_wait() -> None:
    backoff = Backoff(attempts=6, first=1, longest=6)
    waits = [backoff.delay(failures, chance=1) for failures in range(1, 7)]
    assert waits == [1, 2, 4, 6, 6, None]


def test_backoff_leaves_half_to_chance() -> None:
    assert Backoff(first=8).delay(1, chance=0) == 4


def test_backoff_bears_as_many_failures_as_there_may_be() -> None:
    assert Backoff(attempts=10**9, longest=60).delay(10**8, chance=1) == 60


def test_breaker_stays_closed_while_failures_are_not_in_a_row() -> None:
    assert TWO.failed(0).succeeded().failed(1).state(1) is State.CLOSED


def test_breaker_opens_at_the_threshold_and_permits_nothing_until_it_has_rested() -> None:
    assert [OPEN.state(now) for now in (101, 110.9, 111)] == [
        State.OPEN,
        State.OPEN,
        State.HALF_OPEN,
    ]
    assert [OPEN.permits(now) for now in (110.9, 111)] == [False, True]


def test_half_open_breaker_permits_one_call_until_it_is_lost() -> None:
    probed = OPEN.called(111, timeout=2)
    assert [probed.permits(now) for now in (111, 112.9, 113)] == [False, False, True]


def test_half_open_breaker_opens_again_at_one_failure() -> None:
    assert OPEN.called(111, timeout=2).failed(112).open_until == 122


def test_half_open_breaker_closes_at_one_success() -> None:
    assert OPEN.called(111, timeout=2).succeeded() == TWO


@pytest.mark.parametrize("now", [0.0, 5.0])
def test_closed_breaker_does_not_count_calls(now: float) -> None:
    assert TWO.called(now, timeout=2) == TWO
