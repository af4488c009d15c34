"""Audit entries of several sessions come into one chain, in the order of their commits."""

import psycopg

PROBLEMS = "select tenant, number, problem from bss.verify_audit()"
AUDIT = "select bss_internal.audit(null, %s, null, null, '{}')"
IN_ORDER = """
    select a.action_type
    from bss_metadata.audit_links as l
    join bss_metadata.tenant_audit_log as a on a.id = l.entry_id
    order by l.position
"""


def test_who_commits_first_is_first(dsn: str) -> None:
    with psycopg.connect(dsn) as first, psycopg.connect(dsn) as second:
        first.execute(AUDIT, ["begun first"])
        # nobody waits for a transaction that has only audited something
        second.execute("set local lock_timeout = '1s'")
        second.execute(AUDIT, ["committed first"])
        second.commit()
        first.commit()
        assert [row[0] for row in first.execute(IN_ORDER)] == ["committed first", "begun first"]
        assert first.execute(PROBLEMS).fetchall() == []


def test_what_is_rolled_back_leaves_no_gap(dsn: str) -> None:
    with psycopg.connect(dsn) as connection:
        for action in ("kept", "rolled back", "kept too"):
            connection.execute(AUDIT, [action])
            if action == "rolled back":
                connection.rollback()
            else:
                connection.commit()
        assert [row[0] for row in connection.execute(IN_ORDER)] == ["kept", "kept too"]
        assert connection.execute(PROBLEMS).fetchall() == []


def test_verifying_in_the_middle_of_a_transaction_takes_its_entries_along(dsn: str) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute(AUDIT, ["before"])
        assert connection.execute(PROBLEMS).fetchall() == []
        connection.execute(AUDIT, ["after"])
        connection.commit()
        assert [row[0] for row in connection.execute(IN_ORDER)] == ["before", "after"]
        assert connection.execute(PROBLEMS).fetchall() == []


def test_purging_keeps_what_came_meanwhile(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(AUDIT, ["old"])
        connection.execute("select bss.purge_audit('0')")
        connection.execute(AUDIT, ["new"])
        assert [row[0] for row in connection.execute(IN_ORDER)] == ["audit.purged", "new"]
        assert connection.execute(PROBLEMS).fetchall() == []
