"""pgspot finds nothing in what is installed, read as the one script that it is.

Functions whose body the server parses when they are created (BEGIN ATOMIC, RETURN) are left out:
nobody's search_path reaches into them, and pgspot cannot read them. So are those that have a reason
to pin no search_path: test_functions holds them to schemas in every name.
"""

import subprocess
import sys
from pathlib import Path

import pglast
from pglast import ast

from bss_loader.bundle import render, script
from bss_loader.manifest import read_manifest
from tests.law.test_functions import UNPINNED


def test_pgspot_finds_nothing_in_the_bundle(tmp_path: Path) -> None:
    manifest = read_manifest()
    text = script(manifest, render(manifest))
    text = "".join(line for line in text.splitlines(keepends=True) if line[0:1] != "\\")
    kept = [
        str(statement)
        for statement, raw in zip(pglast.split(text), pglast.parse_sql(text), strict=True)
        if not (isinstance(raw.stmt, ast.CreateFunctionStmt) and _is_left_out(raw.stmt))
    ]
    file = tmp_path / "bundle.sql"
    file.write_text(";\n".join(kept) + ";\n")
    pgspot = Path(sys.executable).with_name("pgspot")
    said = subprocess.run(
        [pgspot, "--ignore-lang", "plpython3u", file], capture_output=True, text=True
    )
    assert said.returncode == 0, said.stdout
    assert "Errors: 0 Warnings: 0 Unknown: 0" in said.stdout
    assert len(kept) > 200


def _is_left_out(function: ast.CreateFunctionStmt) -> bool:
    name = ".".join(part.sval for part in function.funcname)
    return function.sql_body is not None or name in UNPINNED
