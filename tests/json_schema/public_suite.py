"""Turns the archive with the JSON Schema Test Suite into the groups of cases of one draft."""

import json
import os
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema_specifications import REGISTRY

ROOT = Path(__file__).parents[2]
ARCHIVE = Path(
    os.environ.get("BSS_TEST_SUITE", ROOT / ".venv" / "cache" / "jsonschema-4.26.0.tar.gz")
)
REMOTES = "http://localhost:1234/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A value, and whether it is valid for the schema of its group."""

    description: str
    value: Any
    valid: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A schema and the values to try; `file` is relative to the directory of its draft."""

    file: str
    description: str
    schema: Any
    cases: tuple[Case, ...]

    @property
    def required(self) -> bool:
        return "/" not in self.file


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """All groups in the order of their files, and the documents that they refer to, by URI."""

    groups: tuple[Group, ...]
    documents: Mapping[str, Any]


def read(draft: str = "draft2020-12") -> Suite:
    """Read the groups of a draft; the meta-schemas of all are among the documents."""
    if not ARCHIVE.exists():
        pytest.fail(
            f"{ARCHIVE} is missing: pip download --no-deps --no-binary jsonschema --require-hashes"
            f" -r tests/json_schema/requirements.txt -d {ARCHIVE.parent}"
        )
    files: dict[str, Any] = {}
    documents = {uri.rstrip("#"): REGISTRY.contents(uri) for uri in REGISTRY}
    directory = f"tests/{draft}/"
    with tarfile.open(ARCHIVE) as archive:
        for member in archive:
            _, _, name = member.name.partition("/json/")
            content = archive.extractfile(member) if name.endswith(".json") else None
            if content is None:
                continue
            if name.startswith(directory):
                files[name.removeprefix(directory)] = parse(content.read())
            elif name.startswith("remotes/"):
                documents[REMOTES + name.removeprefix("remotes/")] = parse(content.read())
    groups = tuple(
        _group(file, group)
        for file in sorted(files, key=lambda name: (name.count("/"), name))
        for group in files[file]
    )
    return Suite(groups=groups, documents=documents)


def _group(file: str, group: Mapping[str, Any]) -> Group:
    cases = tuple(
        Case(description=case["description"], value=case["data"], valid=case["valid"])
        for case in group["tests"]
    )
    return Group(file=file, description=group["description"], schema=group["schema"], cases=cases)


def parse(text: str | bytes) -> Any:
    """Read JSON with numbers to the last digit."""
    return json.loads(text, parse_float=Decimal)


def spell(value: Any) -> str:
    """Write JSON with numbers to the last digit."""
    match value:
        case dict():
            members = (f"{json.dumps(name)}: {spell(item)}" for name, item in value.items())
            return "{" + ", ".join(members) + "}"
        case list():
            return "[" + ", ".join(map(spell, value)) + "]"
        case Decimal():
            return str(value)
    return json.dumps(value)
