"""There is one table of contents of what is installed, and what has been released stays as it was.

Most of it is held while the manifest is read, by the loader itself; what is left is here.
"""

import subprocess
from pathlib import Path

import pytest

from bss_loader.manifest import Manifest, checksum, locate, read_manifest

ROOT = locate().sql.parent


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    return read_manifest()


def test_manifest_lists_every_file_once(manifest: Manifest) -> None:
    listed = [file.name for file in manifest.files("state", "code", "access")]
    root = locate().sql
    present = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.sql"))
    assert sorted(listed) == present


def test_manifest_is_the_only_other_file() -> None:
    root = locate().sql
    others = [path.name for path in root.rglob("*") if path.is_file() and path.suffix != ".sql"]
    assert others == ["manifest.toml"]


def test_groups_give_their_reasons(manifest: Manifest) -> None:
    names = [group.name for group in manifest.groups]
    assert len(set(names)) == len(names)
    for group in manifest.groups:
        assert len(group.reason.split()) > 3, group.name
        assert group.files, group.name


def test_groups_keep_the_order_of_the_verbs(manifest: Manifest) -> None:
    order = ("state", "code", "access")
    verbs = [group.verb for group in manifest.groups]
    assert verbs == sorted(verbs, key=order.index)


def test_files_are_where_their_verb_is(manifest: Manifest) -> None:
    for group in manifest.groups:
        for file in group.files:
            place = {"state": "state/", "code": "code/", "access": "access"}[group.verb]
            assert file.name.startswith(place), file.name


def test_state_files_are_numbered_without_gaps(manifest: Manifest) -> None:
    numbers = [Path(file.name).name.partition("_")[0] for file in manifest.files("state")]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


def test_state_files_are_as_they_were_first_committed(manifest: Manifest) -> None:
    if not (ROOT / ".git").exists() or _git("rev-parse", "--is-shallow-repository") == "true\n":
        pytest.skip("without the history, what was released is in the manifest")
    for file in manifest.files("state"):
        path = f"sql/{file.name}"
        added = _git("log", "--diff-filter=A", "--format=%H", "--", path).split()
        if added:
            first = _git("show", f"{added[-1]}:{path}")
            assert checksum(first) == file.checksum, f"{path}: write a new state file instead"


def _git(*arguments: str) -> str:
    command = ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
