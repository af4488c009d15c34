"""`bss compile`: the compiler without a database."""

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

from bss_loader.manifest import read_manifest

DOCUMENTS = Path(str(files("bss_loader"))) / "documents"


def compile_(*arguments: str | Path, text: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bss_loader", "compile", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, input=text)


def test_compile_prints_the_statements_of_a_document() -> None:
    said = compile_(DOCUMENTS / "invoice.json", "--schema", "Odd schema")
    assert said.returncode == 0, said.stderr
    assert 'CREATE TABLE "Odd schema".invoices (' in said.stdout
    assert "    amount numeric NOT NULL," in said.stdout
    assert said.stdout.rstrip().endswith(";")
    assert said.stderr == ""


def test_compile_reads_standard_input() -> None:
    said = compile_("-", text=(DOCUMENTS / "customer.json").read_text())
    assert said.returncode == 0, said.stderr
    assert "CREATE TABLE tenant_example.customers (" in said.stdout


def test_compile_prints_the_migration_from_another_document() -> None:
    said = compile_(DOCUMENTS / "invoice_2.json", "--from", DOCUMENTS / "invoice.json")
    assert said.returncode == 0, said.stderr
    assert [line for line in said.stdout.splitlines() if line] == [
        "ALTER TABLE tenant_example.invoices "
        "ADD COLUMN currency text DEFAULT 'EUR'::text NOT NULL;",
        "COMMENT ON COLUMN tenant_example.invoices.description IS '[no longer in the schema] ';",
        "ALTER TABLE tenant_example.invoices ADD CONSTRAINT invoices_currency_pattern_check "
        "CHECK ((currency ~ '^[A-Z]{3}$'::text));",
    ]


def test_compile_prints_the_statements_of_shared_tables_first(tmp_path: Path) -> None:
    document = """{"$defs": {
        "Note": {"type": "object",
            "properties": {"note_id": {"type": "integer"}, "unit": {"$ref": "#/$defs/Unit"}}},
        "Unit": {"type": "object", "x-bss": {"scope": "shared"},
            "properties": {"unit_id": {"type": "string"}}}
    }}"""
    said = compile_("-", text=document)
    assert said.returncode == 0, said.stderr
    tables = [line for line in said.stdout.splitlines() if line.startswith("CREATE TABLE ")]
    assert tables == ["CREATE TABLE bss_shared.units (", "CREATE TABLE tenant_example.notes ("]
    before = tmp_path / "before.json"
    before.write_text(document.replace('"unit_id"', '"code": {"type": "string"}, "unit_id"'))
    said = compile_("-", "--from", before, text=document)
    assert [line for line in said.stdout.splitlines() if line] == [
        "COMMENT ON COLUMN bss_shared.units.code IS '[no longer in the schema] ';"
    ]


def test_compile_reports_every_fault_and_prints_no_statement() -> None:
    said = compile_(DOCUMENTS / "faulty.json")
    assert said.returncode == 1
    assert said.stdout == ""
    assert "SB010 error at /properties/total/minimum: " in said.stderr
    assert "SB109 error at /properties/code/pattern: " in said.stderr
    assert said.stderr.count("HINT:  ") == 6


def test_compile_writes_diagnostics_as_json() -> None:
    said = compile_(DOCUMENTS / "faulty.json", "--json")
    assert said.returncode == 1
    result = json.loads(said.stdout)
    assert result["statements"] == []
    assert {item["code"] for item in result["diagnostics"]} == {
        "SB010", "SB011", "SB103", "SB105", "SB108", "SB109",
    }  # fmt: skip
    assert all(item["pointer"] and item["hint"] for item in result["diagnostics"])


def test_compile_says_that_there_is_no_such_file() -> None:
    said = compile_("no such file.json")
    assert said.returncode == 2
    assert said.stderr.startswith('bss: error: could not read "no such file.json"\n')


def test_compile_refuses_a_tenant_that_is_no_uuid() -> None:
    said = compile_(DOCUMENTS / "invoice.json", "--tenant", "acme")
    assert said.returncode == 2
    assert "valid uuid" in said.stderr.lower()


def test_version_is_that_of_the_manifest() -> None:
    command = [sys.executable, "-m", "bss_loader", "--version"]
    said = subprocess.run(command, capture_output=True, text=True)
    assert (said.returncode, said.stdout) == (0, f"bss {read_manifest().version}\n")
