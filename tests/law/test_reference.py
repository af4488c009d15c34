"""The reference that is committed is the one that is made."""

import psycopg

from docs.generate import REFERENCE, pages

BY_OTHERS = {"errors.md", "conformance.md", "attacks.md", "defences.md"}


def test_reference_is_as_generated(connection: psycopg.Connection) -> None:
    made = pages(connection)
    assert {path.name for path in REFERENCE.iterdir()} == made.keys() | BY_OTHERS
    for name, text in made.items():
        committed = (REFERENCE / name).read_text("utf-8")
        assert committed.splitlines() == text.splitlines(), "python -m docs.generate DSN"
