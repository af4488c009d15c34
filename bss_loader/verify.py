"""From a database and a manifest to the findings in which the two differ."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Literal, LiteralString

import psycopg
import typer

from bss_loader import console
from bss_loader.connection import Dsn, connect
from bss_loader.console import Json
from bss_loader.exit import Exit
from bss_loader.installation import reading, require_installation
from bss_loader.manifest import Manifest, read_manifest

What = Literal["missing", "unexpected", "changed"]

_STATE_FILES = "select name, checksum from bss_internal.state_files"
_CODE_FILES = "select name, checksum from bss_internal.code_files"
# The source is hashed again: what was recorded about it proves nothing about what it is now.
_MODULES = """
    select name, concat_ws(' ', is_package::text, checksum,
        encode(sha256(convert_to(source, 'UTF8')), 'hex'))
    from bss_internal.python_modules
"""
_INSTALLED = "select kind, identity, checksum from bss_internal.installed_objects"
_FOUND = "select kind, identity, checksum from bss_internal.catalog_objects"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A thing that is not as it should be.

    Its kind is that of a catalog object, or one of `release`, `file` and `module`.
    """

    kind: str
    identity: str
    what: What


def verify(dsn: Dsn = "", as_json: Json = False) -> None:
    """Compare what is installed with what the manifest says; exit 1 if anything differs."""
    manifest = read_manifest()
    with connect(dsn) as connection:
        findings = verify_installation(connection, manifest)
    if as_json:
        console.result_json({"findings": [asdict(finding) for finding in findings]})
    elif findings:
        rows = [(finding.what, finding.kind, finding.identity) for finding in findings]
        console.result_table(("finding", "kind", "identity"), rows)
    else:
        console.result(f"everything is as BSS {manifest.version} says")
    if findings:
        raise typer.Exit(Exit.FINDINGS)


def verify_installation(connection: psycopg.Connection, manifest: Manifest) -> tuple[Finding, ...]:
    """Collect the findings on release, files, modules, catalog; LoaderError if not installed."""
    with reading(connection):
        return tuple(_findings(connection, manifest))


def _findings(connection: psycopg.Connection, manifest: Manifest) -> Iterator[Finding]:
    found = require_installation(connection)
    if (found.version, found.release) != (manifest.version, manifest.release):
        yield Finding(kind="release", identity=found.version, what="changed")
    for statement, files in (
        (_STATE_FILES, manifest.files("state")),
        (_CODE_FILES, manifest.files("code", "access")),
    ):
        listed = {("file", file.name): file.checksum for file in files}
        yield from _differences(listed, _recorded(connection, "file", statement))
    modules = {
        ("module", module.name): f"{str(module.is_package).lower()} "
        f"{module.checksum} {module.checksum}"
        for module in manifest.modules
    }
    yield from _differences(modules, _recorded(connection, "module", _MODULES))
    yield from _differences(_objects(connection, _INSTALLED), _objects(connection, _FOUND))


def _recorded(
    connection: psycopg.Connection, kind: str, statement: LiteralString
) -> dict[tuple[str, str], str]:
    return {(kind, name): value for name, value in connection.execute(statement)}


def _objects(
    connection: psycopg.Connection, statement: LiteralString
) -> dict[tuple[str, str], str]:
    return {(kind, identity): value for kind, identity, value in connection.execute(statement)}


def _differences(
    expected: Mapping[tuple[str, str], str], found: Mapping[tuple[str, str], str]
) -> Iterator[Finding]:
    for key in sorted(expected.keys() | found.keys()):
        if expected.get(key) != found.get(key):
            kind, identity = key
            yield Finding(kind=kind, identity=identity, what=_what(key in expected, key in found))


def _what(is_expected: bool, is_found: bool) -> What:
    match is_expected, is_found:
        case True, False:
            return "missing"
        case False, True:
            return "unexpected"
        case _:
            return "changed"
