"""The compiler's rooms know only the rooms before them, and nothing of the outside world."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest

from bss_loader.manifest import locate

COMPILER = locate().compiler
PACKAGE = COMPILER.name
MODULES = sorted(COMPILER.rglob("*.py"))

MAY_KNOW: dict[str, set[str]] = {
    "diagnostic": set(),
    "naming": set(),
    "quoting": set(),
    "model": {"diagnostic", "quoting"},
    "document": {"diagnostic", "model", "naming"},
    "lowering": {"diagnostic", "document", "model", "naming", "quoting"},
    "validation": {"diagnostic", "document", "lowering", "model", "naming", "quoting"},
    "snapshot": {"model", "quoting"},
    "diff": {"model", "naming"},
    "plan": {"diagnostic", "diff", "model", "naming", "quoting"},
    "repair": {"diagnostic", "diff", "model", "plan", "snapshot"},
    "ddl": {"diff", "model", "plan", "quoting"},
    "sharing": {"diagnostic", "diff", "model"},
    "pooling": {"diagnostic", "lowering", "model", "naming"},
    "report": {"diagnostic", "lowering", "repair", "validation"},
}
MAY_KNOW["boundary"] = set(MAY_KNOW)

LIBRARY = {
    "collections", "dataclasses", "datetime", "decimal", "difflib", "enum", "functools", "hashlib",
    "heapq", "itertools", "json", "math", "operator", "re", "string", "typing", "types", "urllib",
    "uuid", "ipaddress", "base64", "binascii", "bisect", "fractions", "traceback", "graphlib",
    "contextlib", "unicodedata", "textwrap", "struct",
}  # fmt: skip
URLLIB = {"urllib.parse"}
OTHERS = {"jsonschema": {"lowering/default.py"}}
FORBIDDEN_CALLS = {"open", "eval", "exec", "compile", "__import__", "input", "print", "breakpoint"}
LITERALS = (
    ast.Constant, ast.JoinedStr, ast.FormattedValue, ast.BinOp, ast.operator, ast.Load,
)  # fmt: skip
REGULAR = {"compile", "ASCII", "VERBOSE", "DOTALL", "IGNORECASE", "MULTILINE", "Match", "Pattern"}

each_module = pytest.mark.parametrize(
    "path", MODULES, ids=lambda path: path.relative_to(COMPILER).as_posix()
)


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def _room(path: Path) -> str:
    return path.relative_to(COMPILER).with_suffix("").parts[0]


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            module = str(node.module)
            yield module
            # `from package import module` is an import of the module
            for alias in node.names:
                path = COMPILER.parent.joinpath(*module.split("."), alias.name)
                if path.with_suffix(".py").exists() or path.is_dir():
                    yield f"{module}.{alias.name}"


def _rooms(tree: ast.AST) -> Iterator[str]:
    for name in _imports(tree):
        package, _, inside = name.partition(".")
        if package == PACKAGE and inside:
            yield inside.partition(".")[0]


def _module_name(path: Path) -> str:
    parts = path.relative_to(COMPILER.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_every_room_is_known() -> None:
    rooms = {_room(path) for path in MODULES} - {"__init__"}
    assert rooms == MAY_KNOW.keys()


def test_the_rooms_are_in_an_order() -> None:
    """What may be known has no cycle, so what is known has none."""
    left = dict(MAY_KNOW)
    while left:
        first = {room for room, known in left.items() if not known & left.keys()}
        assert first, left
        left = {room: known for room, known in left.items() if room not in first}


@each_module
def test_module_knows_only_the_rooms_before_it(path: Path) -> None:
    room = _room(path)
    if room == "__init__":
        assert not list(_imports(_tree(path))), "the package itself imports nothing"
    else:
        assert set(_rooms(_tree(path))) <= MAY_KNOW[room] | {room}


def test_modules_do_not_import_each_other_in_a_circle() -> None:
    known = {_module_name(path): path for path in MODULES}
    imports = {
        name: {other for other in _imports(_tree(path)) if other in known and other != name}
        # a package that gathers its own modules is not one of those who need it
        for name, path in known.items()
    }
    inner = {
        name: {
            other
            for other in others
            if not (known[other].name == "__init__.py" and name.startswith(f"{other}."))
        }
        for name, others in imports.items()
    }
    while inner:
        free = {name for name, others in inner.items() if not others & inner.keys()}
        assert free, f"a circle among {sorted(inner)}"
        inner = {name: others for name, others in inner.items() if name not in free}


@each_module
def test_module_imports_the_standard_library_and_little_else(path: Path) -> None:
    for name in _imports(_tree(path)):
        package = name.partition(".")[0]
        if package == PACKAGE:
            continue
        if package == "urllib":
            assert name in URLLIB
        elif package in OTHERS:
            assert path.relative_to(COMPILER).as_posix() in OTHERS[package]
        else:
            assert package in LIBRARY, f"{name}: no clock, no chance, no files, no database"


@each_module
def test_module_touches_nothing_outside(path: Path) -> None:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in FORBIDDEN_CALLS, f"line {node.lineno}"
        if isinstance(node, ast.Name):
            assert node.id != "plpy", f"line {node.lineno}"
        if isinstance(node, ast.Attribute):
            assert node.attr not in ("now", "utcnow", "today", "uuid4", "uuid1"), (
                f"line {node.lineno}"
            )


@each_module
def test_regular_expressions_are_our_own(path: Path) -> None:
    """A pattern is a literal compiled with its module: none that comes from a tenant can be."""
    tree = _tree(path)
    compiled = [
        node
        for statement in tree.body
        for node in ast.walk(statement)
        if isinstance(statement, ast.Assign | ast.AnnAssign) and _is_compile(node)
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.module != "re", "by its name, so that this law sees it"
        if isinstance(node, ast.Attribute) and _is_re(node.value):
            assert node.attr in REGULAR, f"re.{node.attr} at line {node.lineno}"
        if _is_compile(node):
            assert node in compiled, f"line {node.lineno}: not at the level of the module"
            assert _is_literal(node.args[0]), f"line {node.lineno}"


def _is_re(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "re"


def _is_compile(node: ast.AST) -> TypeGuard[ast.Call]:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "compile"
        and _is_re(node.func.value)
    )


def _is_literal(node: ast.AST) -> bool:
    """Whether it is made of constants alone; names in capitals are constants of the module."""
    return all(
        isinstance(part, LITERALS) or (isinstance(part, ast.Name) and part.id.isupper())
        for part in ast.walk(node)
    )
