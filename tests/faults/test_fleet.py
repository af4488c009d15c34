"""The short form of tests.faults.fleet: every kind of kill once, in a small fleet."""

from tests.faults.fleet import KINDS, WRONG, shop

TENANTS = 30


def test_every_tenant_is_migrated_exactly_once_whatever_is_killed() -> None:
    with shop(TENANTS, seed=5) as opened:
        trials = [opened.trial(kind) for kind in KINDS]
        assert [trial.wrong for trial in trials] == [()] * len(KINDS)
        # and it would have been noticed
        with opened.connection() as meddler:
            meddler.execute("alter table tenant_tenant_3.customers add column by_hand text")
            meddler.execute("delete from tenant_tenant_7.customers")
            found = meddler.execute(WRONG, {"version": opened.version}).fetchall()
        assert found == [("tenant-3",)]
        assert list(opened.wrong()) == ["tenant-3", "tenant-7"]
