"""Schemas that people publish become tables, or faults that a person can act on.

Each is tried as it is, and put whole into one column; what is accepted is compared with
python-jsonschema on values drawn along the schema.
"""

import json
from collections.abc import Callable
from itertools import groupby
from random import Random
from typing import Any

import jsonschema
import psycopg
import pytest

from tests.backend import seconds
from tests.json_schema.public_suite import parse
from tests.json_schema.published import (
    Published,
    Sampler,
    leads_somewhere,
    published,
    registry,
)

BY_PACKAGE = {
    package: [*group] for package, group in groupby(published(), lambda each: each.package)
}
SECONDS = 2

each_package = pytest.mark.parametrize("schemas", BY_PACKAGE.values(), ids=BY_PACKAGE)


def test_published_schemas_are_many_and_of_all_drafts() -> None:
    schemas = [each for group in BY_PACKAGE.values() for each in group]
    assert len(schemas) >= 40
    assert {each.draft.rpartition("/")[2] for each in schemas} >= {
        "none", "draft-04", "draft-06", "draft-07", "2019-09", "2020-12",
    }  # fmt: skip


@each_package
def test_published_schema_becomes_tables_or_faults_to_act_on(
    connection: psycopg.Connection, schemas: list[Published]
) -> None:
    connection.execute("select bss.set_setting('limit.document_bytes', '4194304')")
    for schema in schemas:
        for text in (schema.text, json.dumps(schema.whole())):
            began = seconds(connection)
            found = connection.execute("select * from bss.check_schema(%s)", [text]).fetchall()
            assert seconds(connection) - began < SECONDS, schema
            document = json.loads(text)
            for fault in found:
                check_fault(schema, document, fault)
            if all(severity == "warning" for _, severity, *_ in found):
                with connection.transaction(force_rollback=True):
                    connection.execute("select bss.provision_tenant('acme', %s)", [text])


def check_fault(schema: Published, document: Any, fault: tuple[Any, ...]) -> None:
    code, _, pointer, message, _, hint = fault
    assert code != "SB900", (schema, fault)
    assert message, (schema, fault)
    assert hint, (schema, fault)
    assert leads_somewhere(document, pointer), (schema, fault)


@each_package
def test_published_schema_decides_as_python_jsonschema_does(
    judge: Callable[..., Any], schemas: list[Published]
) -> None:
    known = registry([each for group in BY_PACKAGE.values() for each in group])
    documents = {uri: parse(json.dumps(known.contents(uri))) for uri in known}
    ask = judge(documents=documents, formats="annotate")
    random = Random(1)  # noqa: S311  not for secrets
    for schema in schemas:
        check, diagnostics = ask.compile(parse(schema.text))
        if any(item.severity == "error" for item in diagnostics):
            continue
        values = Sampler(random=random).values(schema.value, known, schema.uri)
        verdicts = ask.verdicts(check, [json.dumps(value) for value in values])
        validator_of = jsonschema.validators.validator_for
        validator = validator_of(schema.value, default=jsonschema.Draft202012Validator)(
            schema.value, registry=known
        )
        for value, verdict in zip(values, verdicts, strict=True):
            assert validator.is_valid(value) is verdict, (schema, value)
