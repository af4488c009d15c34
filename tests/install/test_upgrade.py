"""`bss upgrade`: upgraded equals fresh, a failure leaves the old release, no drift is hidden."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bss_loader.connection import connect
from bss_loader.exit import Exit, LoaderError
from bss_loader.install import upgrade_to
from bss_loader.manifest import Location, read_manifest
from bss_loader.verify import Finding, verify_installation

ROOT = Path(__file__).resolve().parents[2]
STATES = [file.name for file in read_manifest().files("state")]
UPGRADES = int(os.environ.get("BSS_UPGRADES", "1"))
"""From how many releases, each with a state file less than the one after it, is upgraded."""
DOCUMENT = """{"title": "Note", "type": "object", "properties": {"body": {"type": "string"}}}"""


def git(*arguments: str) -> bytes:
    return subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT), *arguments],
        check=True,
        capture_output=True,
    ).stdout


def history(*arguments: str) -> list[str]:
    """List commits, the newest first."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    if git("rev-parse", "--is-shallow-repository").strip() == b"true":
        pytest.skip("the checkout is shallow")
    return git("rev-list", *arguments).decode().split()


def newest_with(states: Sequence[str]) -> str:
    """Give the newest commit that has these state files and no other."""
    paths = {f"sql/{state}" for state in states}
    for commit in history("HEAD"):
        if {*git("ls-tree", "--name-only", commit, "sql/state/").decode().split()} == paths:
            return commit
    return pytest.skip("no commit has a release with these state files")


def install(commit: str, directory: Path, dsn: str) -> None:
    """Install the release that a commit is."""
    # Python's own tar has safe extraction, and demands it, only from some minor versions on
    archive = git("archive", commit)
    subprocess.run(["tar", "--extract", "--directory", directory], input=archive, check=True)
    subprocess.run(
        [sys.executable, "-m", "bss_loader", "install", "--dsn", dsn],
        cwd=directory,
        env=os.environ | {"PYTHONPATH": f"{directory}:{directory / 'plpython'}"},
        check=True,
    )


def test_upgrade_from_the_first_release_equals_a_fresh_installation(
    tmp_path: Path, bare_dsn: str, dsn: str, dump: Callable[[str], str]
) -> None:
    *_, first = history("--all", "--", "sql/manifest.toml")
    install(first, tmp_path, bare_dsn)
    with connect(bare_dsn) as connection:
        upgrade_to(connection, read_manifest())
        assert verify_installation(connection, read_manifest()) == ()
    assert dump(bare_dsn) == dump(dsn)


@pytest.mark.parametrize("count", range(len(STATES) - UPGRADES, len(STATES)))
def test_upgrade_where_a_release_with_fewer_state_files_is_in_use(
    count: int, tmp_path: Path, bare_dsn: str
) -> None:
    install(newest_with(STATES[:count]), tmp_path, bare_dsn)
    with connect(bare_dsn) as connection:
        connection.execute("select bss.provision_tenant('acme', %s)", [DOCUMENT])
        connection.execute("select bss.publish_blueprint('shop', %s)", [DOCUMENT])
        connection.execute("select bss.provision_tenant('globex', blueprint => 'shop')")
        upgrade_to(connection, read_manifest())
        assert verify_installation(connection, read_manifest()) == ()
        connection.execute("select bss.apply_schema('acme', %s)", [DOCUMENT])
        for tenant in ("acme", "globex"):
            connection.execute("select bss.deprovision_tenant(%s, '0')", [tenant])
            connection.execute("select bss.drop_tenant(%s, %s)", [tenant, tenant])


def test_upgrade_to_the_same_release_does_nothing(dsn: str) -> None:
    with connect(dsn) as connection:
        assert upgrade_to(connection, read_manifest()) is False


def test_upgrade_drops_code_that_the_release_no_longer_has(
    dsn: str, release: Location, dump: Callable[[str], str]
) -> None:
    before = dump(dsn)
    file = Path(release.sql, read_manifest(release).files("code")[-1].name)
    with file.open("a") as code:
        code.write("""
            create or replace function bss_internal.old() returns trigger
                language plpgsql as 'begin return new; end';
            create or replace function bss.older(n integer) returns integer
                language sql begin atomic; select n; end;
            create or replace function bss.older(n text) returns integer
                language sql as 'select 1';
            create or replace procedure bss.oldest() language sql as 'select 1';
            create or replace view bss.old as select bss.older(1) as n;
            create or replace view bss.older as select n from bss.old;
            create or replace trigger old before insert on bss_metadata.tenants
                for each row execute function bss_internal.old();
        """)
    with connect(dsn) as connection:
        assert upgrade_to(connection, read_manifest(release)) is True
        found = connection.execute("select n from bss.older").fetchone()
        assert found == (1,)
        assert upgrade_to(connection, read_manifest()) is True
        assert verify_installation(connection, read_manifest()) == ()
    assert dump(dsn) == before


def test_upgrade_keeps_what_may_be_done_with_shared_tables(
    dsn: str, release: Location, login: Callable[..., str]
) -> None:
    document = """{"title": "Currency", "type": "object", "x-bss": {"scope": "shared"},
        "properties": {"currency_id": {"type": "string"},
            "names": {"type": "array", "uniqueItems": true}}}"""
    with Path(release.sql, read_manifest(release).files("code")[0].name).open("a") as code:
        code.write("-- another release\n")
    with connect(dsn) as connection:
        connection.execute("select bss.provision_tenant('acme', %s)", [document])
        connection.execute("insert into bss_shared.currencies values ('EUR')")
        assert upgrade_to(connection, read_manifest(release)) is True
        assert verify_installation(connection, read_manifest(release)) == ()
        connection.execute("select bss.provision_tenant('globex', %s)", [document])
    with connect(login("gateway", ["bss_app"])) as gateway, gateway.transaction():
        gateway.execute("select bss.use_tenant('acme')")
        found = gateway.execute("select currency_id from currencies").fetchall()
        assert found == [("EUR",)]


def test_a_failure_in_the_middle_leaves_the_old_release_working(
    dsn: str, release: Location, dump: Callable[[str], str]
) -> None:
    before = dump(dsn)
    first, *_, last = read_manifest(release).files("code")
    with Path(release.sql, first.name).open("a") as code:
        code.write("create function bss.half() returns integer language sql as 'select 1';\n")
    with Path(release.sql, last.name).open("a") as code:
        code.write("select 1 / 0;\n")
    with connect(dsn) as connection:
        with pytest.raises(LoaderError) as caught:
            upgrade_to(connection, read_manifest(release))
        assert caught.value.sqlstate == "22012"
        assert caught.value.code == Exit.REFUSED
        assert verify_installation(connection, read_manifest()) == ()
        connection.execute("select * from bss.check_schema('{}')")
    assert dump(dsn) == before


def test_a_lost_session_in_the_middle_leaves_the_old_release_working(
    dsn: str, release: Location, dump: Callable[[str], str]
) -> None:
    before = dump(dsn)
    with Path(release.sql, read_manifest(release).files("access")[-1].name).open("a") as access:
        access.write("select pg_terminate_backend(pg_backend_pid());\n")
    with connect(dsn) as connection, pytest.raises(LoaderError) as caught:
        upgrade_to(connection, read_manifest(release))
    assert caught.value.sqlstate == "57P01"
    assert dump(dsn) == before


@pytest.mark.tampers
def test_upgrade_runs_a_new_state_file_once(dsn: str, release: Location) -> None:
    add_state_file(release, "create table bss_metadata.added (n integer);\n")
    manifest = read_manifest(release)
    with connect(dsn) as connection:
        assert upgrade_to(connection, manifest) is True
        assert upgrade_to(connection, manifest) is False
        with pytest.raises(LoaderError) as caught:
            upgrade_to(connection, read_manifest())
    assert caught.value.sqlstate == "SB903"
    assert caught.value.code == Exit.STATE


def test_upgrade_refuses_a_state_file_that_changed_after_it_ran(
    dsn: str, release: Location
) -> None:
    file = read_manifest(release).files("state")[0]
    Path(release.sql, file.name).write_text(f"{file.text}\nselect 1;\n")
    with connect(dsn) as connection, pytest.raises(LoaderError) as caught:
        upgrade_to(connection, read_manifest(release))
    assert caught.value.sqlstate == "SB903"
    assert file.name in caught.value.detail


def test_upgrade_mends_code_and_grants(dsn: str) -> None:
    with connect(dsn) as connection:
        connection.execute("grant execute on all functions in schema bss_internal to public")
        connection.execute("update bss_internal.python_modules set source = ''")
        assert upgrade_to(connection, read_manifest()) is True
        assert verify_installation(connection, read_manifest()) == ()


def test_upgrade_does_not_hide_what_it_does_not_mend(dsn: str) -> None:
    index = "bss_metadata.tenant_audit_log_tenant_id_action_timestamp_idx"
    with connect(dsn) as connection:
        connection.execute(f"drop index {index}".encode())
        with pytest.raises(LoaderError) as caught:
            upgrade_to(connection, read_manifest())
        assert caught.value.sqlstate == "SB906"
        assert index in caught.value.detail
        assert Finding(kind="index", identity=index, what="missing") in verify_installation(
            connection, read_manifest()
        )
        assert upgrade_to(connection, read_manifest(), accept_drift=True) is True
        assert verify_installation(connection, read_manifest()) == ()


def test_upgrade_where_nothing_is_installed_says_so(bare_dsn: str) -> None:
    with connect(bare_dsn) as connection, pytest.raises(LoaderError) as caught:
        upgrade_to(connection, read_manifest())
    assert (caught.value.sqlstate, caught.value.code) == ("SB902", Exit.STATE)


def add_state_file(release: Location, text: str) -> None:
    name = "state/9999_added.sql"
    Path(release.sql, name).write_text(text)
    path = release.sql / "manifest.toml"
    toml = path.read_text()
    group = (
        '[[group]]\nname = "added"\nverb = "state"\nrun_as = "bss_owner"\n'
        f'reason = "a table of the next release"\nfiles = ["{name}"]\n\n'
    )
    first_state = re.search(r'verb\s*=\s*"state"', toml)
    assert first_state
    position = toml.index("[[group]]", first_state.end())
    path.write_text(toml[:position] + group + toml[position:])
