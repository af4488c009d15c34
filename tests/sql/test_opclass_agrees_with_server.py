"""What the compiler knows of operator classes and languages is what the server has."""

import psycopg
import pytest

from bss_compiler.lowering.opclass import STEMS, operator_classes
from bss_compiler.lowering.search import LANGUAGES

OF_TYPE = """
    select o.opcname::text, o.opcdefault
    from pg_opclass as o
    join pg_am as m on m.oid = o.opcmethod
    where
        m.amname = %s and o.opcnamespace = 'pg_catalog'::regnamespace
        and o.opcintype = case when %s like '%%[]' then 'anyarray' else %s end::regtype
        and o.opcname not in ('varchar_ops', 'varchar_pattern_ops', 'cidr_ops')
"""


@pytest.mark.parametrize("method", ["btree", "hash", "gin", "gist", "brin"])
def test_operator_classes_are_those_of_the_server(
    connection: psycopg.Connection, method: str
) -> None:
    for type_ in (*STEMS, "text[]"):
        found: dict[str, bool] = dict(
            connection.execute(OF_TYPE, [method, type_, type_]).fetchall()
        )
        known = operator_classes(method, type_)
        assert set(known.names) == found.keys(), (method, type_)
        assert [name for name, default in found.items() if default] == (
            [known.default] if known.default else []
        )


def test_languages_of_search_are_configurations_of_the_server(
    connection: psycopg.Connection,
) -> None:
    found = connection.execute(
        "select cfgname::text from pg_ts_config where cfgnamespace = 'pg_catalog'::regnamespace"
    )
    # later servers have more; a document is for all of them
    assert {name for (name,) in found} >= set(LANGUAGES)
