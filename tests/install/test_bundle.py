"""The manifest and the script that is made of it."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pglast
import pytest

from bss_loader.bundle import render, script
from bss_loader.connection import connect
from bss_loader.exit import LoaderError
from bss_loader.guard import Origin
from bss_loader.install import upgrade_to
from bss_loader.manifest import Location, read_manifest
from bss_loader.programs import server_binaries
from bss_loader.script import hazards, literal
from bss_loader.verify import verify_installation


def psql(dsn: str, text: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [server_binaries() / "psql", "--no-psqlrc", "--quiet", "--set=VERBOSITY=verbose", dsn],
        input=text,
        capture_output=True,
        text=True,
    )


def bundled(origin: Origin | None = None) -> str:
    manifest = read_manifest()
    return script(manifest, render(manifest, origin))


def test_bundle_through_psql_equals_install(
    bare_dsn: str, dsn: str, dump: Callable[[str], str]
) -> None:
    done = psql(bare_dsn, bundled())
    assert (done.returncode, done.stderr) == (0, "")
    with connect(bare_dsn) as connection:
        assert verify_installation(connection, read_manifest()) == ()
    assert dump(bare_dsn) == dump(dsn)


def test_bundle_means_the_same_whatever_variables_psql_has(bare_dsn: str) -> None:
    words = set(re.findall(r":(\w+)", bundled()))
    settings = "".join(f"\\set {word} broken\n" for word in sorted(words))
    done = psql(bare_dsn, settings + bundled())
    assert (done.returncode, done.stderr) == (0, "")
    with connect(bare_dsn) as connection:
        assert verify_installation(connection, read_manifest()) == ()


def test_bundle_on_an_installed_database_is_refused(dsn: str, dump: Callable[[str], str]) -> None:
    before = dump(dsn)
    done = psql(dsn, bundled())
    assert done.returncode == 3
    assert "ERROR:  SB901: BSS" in done.stderr
    assert dump(dsn) == before


def test_bundle_from_a_version_upgrades_it(
    dsn: str, release: Location, dump: Callable[[str], str]
) -> None:
    before = dump(dsn)
    with Path(release.sql, read_manifest(release).files("code")[-1].name).open("a") as code:
        code.write("create function bss.old() returns integer language sql as 'select 1';\n")
    manifest = read_manifest()
    with connect(dsn) as connection:
        assert upgrade_to(connection, read_manifest(release)) is True
    origin = Origin(version=manifest.version, state=manifest.state_of(manifest.version))
    done = psql(dsn, bundled(origin))
    assert (done.returncode, done.stderr) == (0, "")
    assert dump(dsn) == before


def test_bundle_from_a_version_refuses_another(dsn: str) -> None:
    state = read_manifest().state_of(read_manifest().version)
    done = psql(dsn, bundled(Origin(version="0.0.1", state=state)))
    assert done.returncode == 3
    assert "ERROR:  SB902: BSS 0.0.1 is not installed" in done.stderr


def test_bundle_from_a_version_refuses_an_empty_database(bare_dsn: str) -> None:
    manifest = read_manifest()
    origin = Origin(version=manifest.version, state=manifest.state_of(manifest.version))
    done = psql(bare_dsn, bundled(origin))
    assert done.returncode == 3
    assert "ERROR:  SB902: BSS is not installed" in done.stderr


def test_bundle_from_an_unknown_version_is_an_error() -> None:
    with pytest.raises(LoaderError, match="is not known"):
        read_manifest().state_of("0.0.0")


def test_state_files_make_no_functions_views_or_triggers() -> None:
    """An upgrade drops those that no code file makes: see bundle.py; but what a type is made of,
    which is there before the type is, is in bss_checks."""
    code = ("CreateFunctionStmt", "ViewStmt", "CreateTrigStmt")
    for file in read_manifest().files("state"):
        made = {
            type(raw.stmt).__name__
            for raw in pglast.parse_sql(file.text)
            if not _is_of_bss_checks(raw.stmt)
        }
        assert made.isdisjoint(code), file.name


def _is_of_bss_checks(statement: object) -> bool:
    return (
        isinstance(statement, pglast.ast.CreateFunctionStmt)
        and statement.funcname[0].sval == "bss_checks"
    )


def test_release_changes_with_any_file_or_module(release: Location) -> None:
    before = read_manifest(release).release
    module = release.compiler / "__init__.py"
    module.write_text(module.read_text() + "# changed\n")
    between = read_manifest(release).release
    with Path(release.sql, read_manifest(release).files("access")[0].name).open("a") as access:
        access.write("-- changed\n")
    assert len({before, between, read_manifest(release).release}) == 3


def test_manifest_refuses_a_missing_file(release: Location) -> None:
    name = read_manifest(release).files("code")[0].name
    Path(release.sql, name).unlink()
    assert_unsound(release, f'file "{name}" of the manifest does not exist')


def test_manifest_refuses_an_unlisted_file(release: Location) -> None:
    Path(release.sql, "code", "unlisted.sql").write_text("select 1;\n")
    assert_unsound(release, "does not list every file", "code/unlisted.sql")


def test_manifest_refuses_a_file_listed_twice(release: Location) -> None:
    name = read_manifest(release).files("code")[0].name
    path = release.sql / "manifest.toml"
    path.write_text(path.read_text().replace(f'"{name}"', f'"{name}", "{name}"'))
    assert_unsound(release, "lists a file twice", name)


def test_manifest_refuses_an_unknown_verb(release: Location) -> None:
    path = release.sql / "manifest.toml"
    path.write_text(path.read_text().replace('"access"\n', '"excess"\n'))
    assert_unsound(release, "unknown verb")


def test_manifest_refuses_code_after_access(release: Location) -> None:
    with (release.sql / "manifest.toml").open("a") as manifest:
        manifest.write('\n[[group]]\nname = "late"\nverb = "code"\nrun_as = "bss_owner"\n')
        manifest.write('reason = "none"\nfiles = ["code/late.sql"]\n')
    Path(release.sql, "code", "late.sql").write_text("select 1;\n")
    assert_unsound(release, "declares access before it is done with code")


def test_manifest_refuses_a_missing_key(release: Location) -> None:
    (release.sql / "manifest.toml").write_text('version = "1"\n')
    assert_unsound(release, "cannot read", "'group'")


def test_manifest_refuses_a_released_state_file_that_has_changed(release: Location) -> None:
    file = read_manifest(release).files("state")[0]
    with (release.sql / "manifest.toml").open("a") as manifest:
        manifest.write(f'\n[[released]]\nversion = "0.0.9"\nstate."{file.name}" = "0"\n')
    assert_unsound(release, "changed since version 0.0.9", file.name)


def test_manifest_refuses_a_module_outside_a_package(release: Location) -> None:
    (release.compiler / "nowhere").mkdir()
    (release.compiler / "nowhere" / "module.py").touch()
    assert_unsound(release, "in no package", "bss_compiler.nowhere")


def test_manifest_refuses_data_among_the_modules(release: Location) -> None:
    (release.compiler / "data.json").touch()
    assert_unsound(release, "files that are no modules", "data.json")


def test_manifest_knows_the_state_of_a_released_version(release: Location) -> None:
    file = read_manifest(release).files("state")[0]
    with (release.sql / "manifest.toml").open("a") as manifest:
        manifest.write('\n[[released]]\nversion = "0.0.9"\n')
        manifest.write(f'state."{file.name}" = "{file.checksum}"\n')
    assert read_manifest(release).state_of("0.0.9") == {file.name}


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("select 1;\n\\echo x\nselect 2;", 2, "backslash"),
        ("select :name;", 1, "colon"),
        ("select :'name';", 1, "colon"),
        ('select :"name";', 1, "colon"),
        ("select :{?name};", 1, "colon"),
        ("select (array[1])[1:n];", 1, "colon"),
        ("select 1;\nselect 'x;", 2, "not closed"),
        ("select 1;\n/* /* */ select 2;", 2, "not closed"),
        ("select 1;\n\nselect $a$ b $b$;", 3, "not closed"),
        ("select 1;\n-- why\nCOMMIT;", 3, "transaction"),
        ("select 1", 1, "semicolon"),
        ("select 1 -- ;", 1, "semicolon"),
    ],
)
def test_hazards_finds(text: str, line: int, reason: str) -> None:
    found = hazards(text)
    assert any(hazard.line == line and reason in hazard.reason for hazard in found), found


@pytest.mark.parametrize(
    "text",
    [
        "select 1::text, :: , a[1 : n], f(a := 1);",
        "select ':name', E'\\\\ \\':name', \":name\", $$ \\:name $$, $x$ $$ :name $$ $x$;",
        "-- :name \\ '\nselect 1; /* /* :name */ ' \\ */",
        "create function f() returns integer begin atomic select 1; end;",
        "do $$ begin commit; end $$;",
        "select $1;",
    ],
)
def test_hazards_leaves_alone(text: str) -> None:
    assert hazards(text) == ()


@pytest.mark.parametrize(
    "value",
    ["", "it's", "back\\slash", "$bss$", "a\nb", "$bss$\n$bss0$ '\\", "a\n$", "a\n$bss", "ä\n漢"],
)
def test_literal_survives_psql_and_the_server(dsn: str, value: str) -> None:
    done = psql(
        dsn,
        f"select encode(convert_to({literal(value)}, 'UTF8'), 'hex') as hex \\gset\n\\echo :hex\n",
    )
    assert done.stdout.strip() == value.encode().hex()
    with connect(dsn) as connection:
        found = connection.execute(f"select {literal(value)}".encode()).fetchone()
    assert found == (value,)


def assert_unsound(release: Location, message: str, detail: str = "") -> None:
    with pytest.raises(LoaderError, match=re.escape(message)) as caught:
        read_manifest(release)
    assert detail in caught.value.detail
