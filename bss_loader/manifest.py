"""From the files of a release to one immutable value that says what is installed, in which order.

A release is `sql/manifest.toml`, the SQL files that it lists, and the modules of `bss_compiler`. In
a checkout they stand beside the package; in a wheel `sql/` is inside it and the compiler is an
installed package of its own.

The manifest is held to its promise while it is read: a file that is missing, listed twice, present
but unlisted, or changed after the release that froze it, is an error and not a surprise.
"""

import hashlib
import importlib.util
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from bss_loader.exit import Exit, LoaderError
from bss_loader.script import hazards

COMPILER = "bss_compiler"

_NOT_DATA = (".py", ".pyc", ".typed")

Verb = Literal["state", "code", "access"]
"""`state` runs once in the life of a database, `code` at every installation and upgrade, and so
does `access`, after everything else."""

RunAs = Literal["superuser", "bss_owner"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file under `sql/`; its name is relative to that directory."""

    name: str
    text: str
    checksum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Files that run one after the other, for one reason, by one verb, as one role."""

    name: str
    verb: Verb
    run_as: RunAs
    reason: str
    files: tuple[SourceFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonModule:
    """A module of the compiler as it is kept in `bss_internal.python_modules`."""

    name: str
    is_package: bool
    source: str
    checksum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """A version that has been released, and the state files that it had, by name and checksum."""

    version: str
    state: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A whole release."""

    version: str
    groups: tuple[Group, ...]
    modules: tuple[PythonModule, ...]
    released: tuple[Released, ...]

    @property
    def release(self) -> str:
        """Give the sha256 over the names and checksums of all files and modules, in order."""
        parts = [(file.name, file.checksum) for file in self.files("state", "code", "access")]
        parts += [(module.name, module.checksum) for module in self.modules]
        return checksum("".join(f"{name} {value}\n" for name, value in parts))

    def files(self, *verbs: Verb) -> tuple[SourceFile, ...]:
        """List the files of the groups with one of these verbs, in the order of the manifest."""
        return tuple(file for group in self.groups if group.verb in verbs for file in group.files)

    def state_of(self, version: str) -> frozenset[str]:
        """Name the state files that a version had.

        The version of this release, while it is not listed as released, has all of them.
        """
        for released in self.released:
            if released.version == version:
                return frozenset(name for name, _ in released.state)
        if version == self.version:
            return frozenset(file.name for file in self.files("state"))
        known = ", ".join([*(released.version for released in self.released), self.version])
        raise LoaderError(
            Exit.USAGE,
            f'version "{version}" is not known to this release',
            f"Known versions: {known}.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where the two halves of a release are: the directory `sql`, the package of the compiler."""

    sql: Path
    compiler: Path


def checksum(text: str) -> str:
    """Compute the sha256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def locate() -> Location:
    """Find the release that this loader belongs to."""
    package = Path(__file__).resolve().parent
    if (package.parent / "sql" / "manifest.toml").is_file():
        checkout = package.parent
        return Location(sql=checkout / "sql", compiler=checkout / "plpython" / COMPILER)
    spec = importlib.util.find_spec(COMPILER)
    if spec is None or not spec.submodule_search_locations:
        raise LoaderError(
            Exit.MISSING,
            f'Python package "{COMPILER}" is not installed',
            hint="Install the loader again: the package is part of it.",
        )
    return Location(sql=package / "sql", compiler=Path(spec.submodule_search_locations[0]))


def read_manifest(location: Location | None = None) -> Manifest:
    """Read a release, by default the loader's own; LoaderError if it is not sound."""
    location = location or locate()
    path = location.sql / "manifest.toml"
    try:
        table = tomllib.loads(_text(path))
        manifest = Manifest(
            version=table["version"],
            groups=tuple(_group(location.sql, group) for group in table["group"]),
            modules=tuple(_modules(location.compiler)),
            released=tuple(_released(entry) for entry in table.get("released", ())),
        )
    except tomllib.TOMLDecodeError as error:
        raise _unsound(f'cannot read "{path}"', str(error)) from error
    except KeyError as error:
        raise _unsound(f'cannot read "{path}"', f"The key {error} is missing.") from error
    _check_listing(location.sql, manifest)
    _check_modules(location.compiler, manifest)
    _check_order(manifest)
    _check_frozen(manifest)
    return manifest


def _group(root: Path, table: Mapping[str, Any]) -> Group:
    if table["verb"] not in get_args(Verb) or table["run_as"] not in get_args(RunAs):
        raise _unsound(
            f'group "{table["name"]}" of the manifest has an unknown verb or role',
            f"Verbs: {', '.join(get_args(Verb))}. Roles: {', '.join(get_args(RunAs))}.",
        )
    return Group(
        name=table["name"],
        verb=table["verb"],
        run_as=table["run_as"],
        reason=table["reason"],
        files=tuple(_source_file(root, name) for name in table["files"]),
    )


def _source_file(root: Path, name: str) -> SourceFile:
    path = root / name
    if not path.is_file():
        raise _unsound(f'file "{name}" of the manifest does not exist', f"Looked for {path}.")
    text = _text(path)
    if found := hazards(text):
        raise _unsound(
            f'file "{name}" cannot be part of a script',
            " ".join(f"Line {hazard.line}: {hazard.reason}." for hazard in found),
        )
    return SourceFile(name=name, text=text, checksum=checksum(text))


def _modules(package: Path) -> Iterator[PythonModule]:
    for path in sorted(package.rglob("*.py")):
        names = path.relative_to(package.parent).with_suffix("").parts
        is_package = names[-1] == "__init__"
        source = _text(path)
        yield PythonModule(
            name=".".join(names[:-1] if is_package else names),
            is_package=is_package,
            source=source,
            checksum=checksum(source),
        )


def _released(table: Mapping[str, Any]) -> Released:
    return Released(version=table["version"], state=tuple(sorted(table["state"].items())))


def _text(path: Path) -> str:
    try:
        # bytes, because text mode would hide what a checksum must see: the line ends
        return path.read_bytes().decode()
    except OSError as error:
        raise _unsound(f'cannot read "{path}"', f"{error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise _unsound(f'cannot read "{path}"', "It is not UTF-8.") from error


def _check_listing(root: Path, manifest: Manifest) -> None:
    listed = Counter(file.name for file in manifest.files("state", "code", "access"))
    twice = sorted(name for name, count in listed.items() if count > 1)
    if twice:
        raise _unsound("the manifest lists a file twice", f"Files: {', '.join(twice)}.")
    present = {
        path.relative_to(root).as_posix() for verb in ("state", "code") for path in _sql(root, verb)
    }
    if unlisted := sorted(present - listed.keys()):
        raise _unsound("the manifest does not list every file", f"Files: {', '.join(unlisted)}.")


def _sql(root: Path, directory: str) -> Iterator[Path]:
    return (root / directory).rglob("*.sql")


def _check_modules(package: Path, manifest: Manifest) -> None:
    packages = {module.name for module in manifest.modules if module.is_package}
    if COMPILER not in packages:
        raise _unsound("the compiler is not a package", f"Looked for {package}/__init__.py.")
    within = {module.name.rpartition(".")[0] for module in manifest.modules} - {""}
    if nowhere := sorted(within - packages):
        raise _unsound(
            "a module of the compiler is in no package",
            f"A database imports no namespace packages: {', '.join(nowhere)}.",
        )
    other = sorted(path.name for path in package.rglob("*.*") if path.suffix not in _NOT_DATA)
    if other:
        raise _unsound("the compiler has files that are no modules", f"Files: {', '.join(other)}.")


def _check_order(manifest: Manifest) -> None:
    verbs = [group.verb for group in manifest.groups]
    if "access" in verbs and set(verbs[verbs.index("access") :]) != {"access"}:
        raise _unsound(
            "the manifest declares access before it is done with code",
            "Whatever is created after the access files would keep the server's default grants.",
        )


def _check_frozen(manifest: Manifest) -> None:
    now = {file.name: file.checksum for file in manifest.files("state")}
    for released in manifest.released:
        changed = sorted(name for name, value in released.state if now.get(name) != value)
        if changed:
            raise LoaderError(
                Exit.STATE,
                f"a state file has changed since version {released.version}",
                f"Files: {', '.join(changed)}.",
                hint="Take the change back and write it as a new state file.",
                sqlstate="SB903",
            )


def _unsound(message: str, detail: str) -> LoaderError:
    return LoaderError(Exit.STATE, message, detail)
