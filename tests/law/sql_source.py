"""Turns the SQL files of the release into values that laws look at, by the server's own parser."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pglast
from pglast import ast
from pglast.parser import scan
from pglast.visitors import Visitor

from bss_loader.manifest import read_manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement of a file. `lead` is what stands between it and the one before it."""

    file: str
    lead: str
    text: str
    node: Any

    @property
    def comment(self) -> str:
        """The remark right above it."""
        lines = self.lead.split("\n\n")[-1].splitlines()
        return " ".join(line.removeprefix("--").strip() for line in lines).strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function as its CREATE FUNCTION says it; the body is that of AS, where there is one."""

    statement: Statement

    @property
    def name(self) -> str:
        return ".".join(part.sval for part in self.statement.node.funcname)

    @property
    def signature(self) -> str:
        types = [type_name(item.argType) for item in self._inputs()]
        return f"{self.name}({','.join(types)})"

    @property
    def parameters(self) -> frozenset[str]:
        return frozenset(item.name for item in self.statement.node.parameters or ())

    @property
    def options(self) -> tuple[ast.DefElem, ...]:
        return tuple(self.statement.node.options)

    @property
    def language(self) -> str:
        return str(self.option("language").sval)

    @property
    def body(self) -> str:
        return str(self.option("as")[0].sval)

    def option(self, name: str) -> Any:
        return next(item.arg for item in self.options if item.defname == name)

    @property
    def pins_search_path(self) -> bool:
        return ("pg_catalog", "pg_temp") in {
            tuple(value.val.sval for value in item.arg.args)
            for item in self.options
            if item.defname == "set" and item.arg.name == "search_path"
        }

    def _inputs(self) -> Iterator[ast.FunctionParameter]:
        for item in self.statement.node.parameters or ():
            if item.mode.value in ("d", "i", "b", "v"):
                yield item


def type_name(node: ast.TypeName) -> str:
    names = [part.sval for part in node.names if part.sval != "pg_catalog"]
    return ".".join(names) + "[]" * len(node.arrayBounds or ())


@cache
def statements() -> tuple[Statement, ...]:
    files = read_manifest().files("state", "code", "access")
    return tuple(statement for file in files for statement in _of_file(file.name, file.text))


def _of_file(name: str, text: str) -> Iterator[Statement]:
    for raw in pglast.parse_sql(text):
        whole = text[raw.stmt_location :][: raw.stmt_len or None]
        begin = next(token.start for token in scan(whole) if token.name != "SQL_COMMENT")
        yield Statement(file=name, lead=whole[:begin], text=whole[begin:], node=raw.stmt)


@cache
def functions() -> tuple[Function, ...]:
    return tuple(
        Function(statement=statement)
        for statement in statements()
        if isinstance(statement.node, ast.CreateFunctionStmt)
    )


def blocks() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give everything that is written in PL/pgSQL, parsed: functions by name, DO blocks by file."""
    for function in functions():
        if function.language == "plpgsql":
            yield function.name, pglast.parse_plpgsql(function.statement.text)[0]
    for statement in statements():
        if isinstance(statement.node, ast.DoStmt):
            yield statement.file, pglast.parse_plpgsql(statement.text)[0]


def walk(node: object) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every node of a parsed PL/pgSQL block with the name of its kind."""
    if isinstance(node, dict):
        for name, value in node.items():
            if isinstance(value, dict):
                yield name, value
            yield from walk(value)
    elif isinstance(node, list):
        for item in node:
            yield from walk(item)


def expression(query: str) -> Any:
    """Parse an expression of PL/pgSQL."""
    return pglast.parse_sql(f"select {query}")[0].stmt.targetList[0].val


def constants(node: Any) -> Iterator[str]:
    """Give the string constants of an expression."""
    if isinstance(node, ast.A_Const) and isinstance(node.val, ast.String):
        yield str(node.val.sval)
    elif isinstance(node, ast.Node):
        for name in node:
            yield from constants(getattr(node, name))
    elif isinstance(node, tuple):
        for item in node:
            yield from constants(item)


class Names(Visitor):
    """Collects what a statement refers to, and the names of its CTEs."""

    def __init__(self) -> None:
        self.relations: list[tuple[str | None, str]] = []
        self.functions: list[str] = []
        self.operators: list[str] = []
        self.types: list[str] = []
        self.own: set[str] = set()

    def visit_RangeVar(self, _: object, node: ast.RangeVar) -> None:  # noqa: N802
        self.relations.append((node.schemaname, node.relname))

    def visit_FuncCall(self, _: object, node: ast.FuncCall) -> None:  # noqa: N802
        self.functions.append(".".join(part.sval for part in node.funcname))

    def visit_A_Expr(self, _: object, node: ast.A_Expr) -> None:  # noqa: N802
        self.operators.append(".".join(part.sval for part in node.name))

    def visit_TypeName(self, _: object, node: ast.TypeName) -> None:  # noqa: N802
        self.types.append(".".join(part.sval for part in node.names))

    def visit_CommonTableExpr(self, _: object, node: ast.CommonTableExpr) -> None:  # noqa: N802
        self.own.add(node.ctename)

    @property
    def without_schema(self) -> set[str]:
        """Give everything that the search_path would be asked for."""
        looked_up = {name for name in self.functions + self.types if "." not in name}
        return self.unqualified | looked_up | {
            name for name in self.operators if not name.startswith("pg_catalog.")
        }  # fmt: skip

    @property
    def unqualified(self) -> set[str]:
        """The relations that have no schema, are no CTE and are not the server's own."""
        return {
            name
            for schema, name in self.relations
            if schema is None and name not in self.own and not name.startswith("pg_")
        }


def names(node: Any) -> Names:
    found = Names()
    found(node)
    return found
