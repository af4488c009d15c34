"""Runs the pgTAP files beside it, one for each verb, each in a database of its own."""

import os
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

import psycopg
import pytest

from bss_loader.programs import server_binaries

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FILES = sorted(HERE.glob("*.sql"))
PGTAP = """
    create schema tap;
    create extension pgtap schema tap;
    grant usage on schema tap to public;

    create view tap.facts as
    select
        (select array_agg(t order by t.id) from bss_metadata.tenants as t) as tenants,
        (select array_agg(s order by s.name) from bss_metadata.settings as s) as settings,
        (select count(*) from bss_metadata.tenant_schemas) as versions,
        (select count(*) from bss_metadata.schema_migrations) as steps,
        (select count(*) from bss_metadata.tenant_audit_log) as entries,
        (select count(*) from bss_internal.plans) as plans,
        (select count(*) from pg_namespace where nspname !~ '^pg_') as schemas,
        (select count(*) from pg_class where relpersistence <> 't') as relations,
        (
            select sum(hashtext(concat(a.attrelid, a.attname, a.attnotnull, a.atthasdef)))
            from pg_attribute as a join pg_class as c on c.oid = a.attrelid
            where c.relpersistence <> 't'
        ) as columns,
        (select sum(hashtext(c::text)) from pg_constraint as c) as constraints;
"""
"""pgTAP, and what a refusal leaves as it was: a file compares the view before and after."""

FINISH = "select * from finish();"
LINT = """
    reset session authorization;
    reset role;
    select concat_ws(' ', 'not ok 0 - lint:', l.lint, l.object, l.detail) from bss.lint() as l;
"""
"""What a file did must leave nothing unsafe."""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_verb_keeps_what_its_file_says(dsn: str, file: Path) -> None:
    with psycopg.connect(dsn) as superuser:
        superuser.execute(PGTAP)
    script = file.read_text("utf-8")
    assert FINISH in script
    done = subprocess.run(
        [
            server_binaries() / "psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align",
            "--set=ON_ERROR_STOP=1", "--file=-", f"--dbname={dsn}",
        ],
        input=script if file.stem == "lint" else script.replace(FINISH, LINT + FINISH),
        env=os.environ | {"PGOPTIONS": "-c client_min_messages=error"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert faults(done.stdout) == [], done.stdout


def faults(output: str) -> list[str]:
    """The lines of a TAP report that are not ok, and a wrong number of them."""
    lines = output.splitlines()
    planned = [line for line in lines if re.fullmatch(r"1\.\.\d+", line)]
    results = [line for line in lines if re.match(r"(not )?ok \d+", line)]
    wrong = [line for line in results if not line.startswith("ok ")]
    results = [line for line in results if not line.startswith("not ok 0 ")]
    if planned != [f"1..{len(results)}"]:
        wrong.append(f"planned {planned}, ran {len(results)}")
    return wrong


def test_faults_are_found_in_a_report() -> None:
    assert faults("1..1\nok 1 - a") == []
    assert faults("1..2\nok 1 - a\nnot ok 2 - b") == ["not ok 2 - b"]
    assert faults("1..2\nok 1 - a") == ["planned ['1..2'], ran 1"]
    assert faults("") == ["planned [], ran 0"]


def test_every_code_that_sql_raises_is_in_a_test() -> None:
    raised = codes((ROOT / "sql").rglob("*.sql"))
    tested = codes(path for path in (ROOT / "tests").rglob("*") if path.suffix in (".sql", ".py"))
    assert sorted(raised - tested) == []


def codes(paths: Iterable[Path]) -> set[str]:
    return {code for path in paths for code in re.findall(r"\bSB\d{3}\b", path.read_text())}
