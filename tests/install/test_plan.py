"""`bss plan`: the plan of a change, for a person and for a script."""

import json
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from bss_loader.plan import shown, size, summary

BEFORE = {"title": "Item", "type": "object", "properties": {"a": {"type": "string"}}}
AFTER = {
    "title": "Item",
    "type": "object",
    "properties": {"b": {"type": "string", "x-bss": {"renamedFrom": "a", "unique": True}}},
}


def plan(*arguments: str | Path, text: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bss_loader", "plan", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, input=text, check=False)


@pytest.fixture
def acme(dsn: str) -> str:
    """A database with a tenant that is at the first document."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("select bss.provision_tenant('acme', %s)", [json.dumps(BEFORE)])
    return dsn


def test_plan_is_shown_for_a_person(acme: str) -> None:
    said = plan("-", "--tenant", "acme", "--dsn", acme, text=json.dumps(AFTER))
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.splitlines() == [
        "  1. rename column on items (no rows known, 8 kB)",
        "     ALTER TABLE tenant_acme.items RENAME COLUMN a TO b",
        "     locks    ACCESS EXCLUSIVE, for a moment: reads and writes wait",
        "     because  the document says that it is the same; only the catalog changes",
        "",
        "  2. add unique on items (no rows known, 8 kB)",
        "     ALTER TABLE tenant_acme.items ADD CONSTRAINT items_b_key UNIQUE (b)",
        "     locks    ACCESS EXCLUSIVE, while all rows are read: reads and writes wait",
        "     hazards  blocks_reads, blocks_writes, may_fail_on_data",
        "     because  its index is built from every row, which proves that no two are alike; "
        "the table has 8192 bytes, and a large one at least 64 MB",
        "",
        "2 steps; hazards: blocks_reads (1), blocks_writes (1), may_fail_on_data (1). "
        "Nothing has been changed.",
    ]


def test_plan_of_one_entity_is_rows_for_a_script(acme: str, tmp_path: Path) -> None:
    file = tmp_path / "item.json"
    file.write_text(json.dumps(AFTER))
    said = plan(file, "--tenant", "acme", "--entity", "--json", "--dsn", acme)
    assert said.returncode == 0, said.stderr
    result = json.loads(said.stdout)
    assert [step["kind"] for step in result["steps"]] == ["rename_column", "add_unique"]
    assert result["steps"][0].keys() >= {"statement", "lock", "blocks", "estimated_bytes", "reason"}


def test_plan_without_steps_says_so(acme: str) -> None:
    said = plan("-", "--tenant", "acme", "--dsn", acme, text=json.dumps(BEFORE))
    assert said.stdout == "Nothing to do: the tenant is there already.\n"


def test_plan_that_is_refused_exits_with_the_reason(acme: str) -> None:
    said = plan("-", "--tenant", "nobody", "--dsn", acme, text=json.dumps(AFTER))
    assert said.returncode == 3
    assert 'SB601: tenant "nobody" does not exist' in said.stderr
    said = plan("no such file", "--tenant", "acme", "--dsn", acme)
    assert said.returncode == 2


def test_plan_says_what_is_not_to_be_undone_and_in_the_singular() -> None:
    step = {
        "step": 1, "kind": "drop_table", "relation": "t", "statement": "DROP TABLE s.t",
        "lock": "none", "blocks": [], "scans": False, "rewrites": True, "estimated_rows": 12345,
        "estimated_bytes": 3 * 1024**4, "reversible": False, "hazards": [], "reason": "so",
    }  # fmt: skip
    text = shown(step).plain
    assert "drop table on t (12,345 rows, 3 TB)" in text
    assert "undo     not to what there was" in text
    assert "locks    nothing that anybody uses" in text
    assert summary([step]) == "1 step; hazards: none. Nothing has been changed."
    assert (size(0), size(1023), size(2**50)) == ("0 bytes", "1023 bytes", "1024 TB")


def test_plan_is_in_colour_on_a_terminal_only(acme: str, tmp_path: Path) -> None:
    file = tmp_path / "item.json"
    file.write_text(json.dumps(AFTER))
    command = f"{sys.executable} -m bss_loader plan {file} --tenant acme --dsn '{acme}'"
    on_terminal = subprocess.run(
        ["script", "-qec", command, "/dev/null"],
        capture_output=True,
        text=True,
        check=False,
        env={"TERM": "xterm", "PATH": "/usr/bin:/bin"},
    )
    assert "\x1b[" in on_terminal.stdout
    assert "\x1b[" not in plan(file, "--tenant", "acme", "--dsn", acme).stdout
