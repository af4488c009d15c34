"""No name is cut off: it is kept whole, shortened with a hash, or refused with its pointer."""

from collections import Counter

import psycopg
from hypothesis import given, settings
from hypothesis import strategies as st

from bss_compiler.model import Index, PrimaryKey, Unique
from tests.unit.compiling import UUID, compiled, model_document, object_schema

LONGEST = 63
NAMES = st.builds(
    lambda size, end: "n" * size + end, st.integers(1, 64), st.text("aZé漢_0", max_size=3)
)
DOCUMENTS = st.builds(
    lambda entities, properties: model_document(
        **{
            entity: object_schema(
                {"id": UUID, **{name: {"type": "string", "maxLength": 9} for name in properties}},
                **{"x-bss": {"unique": [[name] for name in properties]}},
            )
            for entity in entities
        }
    ),
    st.lists(NAMES, min_size=1, max_size=3, unique=True),
    st.lists(NAMES, min_size=1, max_size=3, unique=True),
)


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS)
def test_names_are_whole_and_distinct_or_refused(document: dict[str, object]) -> None:
    lowered, diagnostics = compiled(document)
    if diagnostics:
        codes = {item.code.name for item in diagnostics}
        # what is unique is then not known, either
        assert codes - {"UNKNOWN_PROPERTY"}
        assert codes <= {"INVALID_NAME", "NAME_COLLISION", "UNKNOWN_PROPERTY"}
        return
    assert lowered is not None
    tables = lowered.model.tables
    relations = [
        part.name
        for table in tables
        for part in (*table.constraints, *table.indexes)
        if isinstance(part, PrimaryKey | Unique | Index)
    ] + [table.name for table in tables]
    parts = [
        part.name
        for table in tables
        for part in (*table.columns, *table.constraints, *table.indexes, *table.triggers)
    ]
    assert max(Counter(relations).values()) == 1
    assert all(len(name.encode()) <= LONGEST for name in (*relations, *parts))


def test_schemas_of_tenants_whose_names_are_alike_are_their_own(
    connection: psycopg.Connection,
) -> None:
    names = ["a-b", "a.b", "a_b", "x" * 48, "x" * 47 + "-", "x" * 47 + "_"]
    for name in names:
        connection.execute("select bss.provision_tenant(%s)", [name])
    found = connection.execute("select external_id, schema_name from bss.tenants").fetchall()
    assert {name for name, _ in found} == {*names}
    schemas = {schema for _, schema in found}
    assert len(schemas) == len(names)
    there = connection.execute("select nspname from pg_namespace where nspname ~ '^tenant_'")
    assert {name for (name,) in there} == schemas
