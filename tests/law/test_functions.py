"""SQL functions have one face, one way to find things, and short bodies."""

import ast as python
import re
from collections.abc import Iterator, Mapping
from textwrap import dedent
from typing import Any

import pglast
import pytest

from tests.law import sql_source
from tests.law.sql_source import Function, blocks, expression, names, walk

FACE = ("volatility", "strict", "parallel", "security", "set", "language", "as")
SAME_LINE = {"strict", "parallel"}
LONGEST_BODY = 45

UNPINNED = {
    "bss_internal.audit_hash": "a SET clause would keep the server from inlining the function",
    "bss.current_tenant_id": "a SET clause would keep the server from inlining the function",
    "bss_internal.is_operator": "a SET clause would keep the server from inlining the function",
    "bss_internal.topic_of": "a SET clause would keep the server from inlining the function",
    "bss_internal.is_in_window": "a SET clause would keep the server from inlining the function",
    "bss_internal.is_unread": "a SET clause would keep the server from inlining the function",
    "bss_internal.is_in_stream": "a SET clause would keep the server from inlining the function",
    "bss.dispatch": "a SET clause would keep the procedure from ending transactions",
    "bss_watch.on_ddl": "a SET clause would take longer than all else, at every command",
    "bss_internal.operation": "a SET clause would keep the server from inlining the function",
    "bss.bound_tenant_id": "a SET clause takes longer than the look-up",
    "bss_internal.does_not_choose": "a SET clause takes a noticeable part of bss.use_tenant()",
    "bss_internal.set_context": "a SET clause would undo, when the function returns, what it sets",
    "bss_internal.settled_schema": "as bss_internal.does_not_choose",
    "bss_internal.hold_place": "a SET clause takes longer than what it does",
    "bss.use_tenant": "a SET clause would undo, when the function returns, the path that it sets",
    "bss.use_token": "as bss.use_tenant",
    "bss.pre_request": "as bss.use_tenant",
    "bss.as_operator": "a SET clause would undo, when the function returns, what it sets",
    "bss.run_pending": "a procedure that has a SET clause cannot commit",
}
DOORS = {
    "bss_internal.import_compiler": "the import hook: the one place that knows plpy",
    "bss_internal.python_environment": "asks Python itself; there is no module to ask",
}
OF_HANDLERS = {"sqlstate", "sqlerrm"}
MADE_BY = {
    "bss_internal.fill",
    "bss_internal.move_statements",
    "bss_internal.scripts",
    "bss_internal.statement_of",
    "bss_internal.trial",
}
SPELLED_BY = "bss_internal.unreferenced"
PRINTED_WITH_QUOTES = {"regclass", "regoper", "regprocedure"}
HOLDER = re.compile(r"%(?:(\d+)\$)?([ILs])")

FUNCTIONS = sql_source.functions()
PLPGSQL = [function for function in FUNCTIONS if function.language == "plpgsql"]
PYTHON = [function for function in FUNCTIONS if function.language == "plpython3u"]
BLOCKS = dict(blocks())

each_function = pytest.mark.parametrize("function", FUNCTIONS, ids=lambda item: item.signature)
each_plpgsql = pytest.mark.parametrize("function", PLPGSQL, ids=lambda item: item.signature)
each_python = pytest.mark.parametrize("function", PYTHON, ids=lambda item: item.signature)
each_block = pytest.mark.parametrize("block", BLOCKS.values(), ids=list(BLOCKS))


def test_functions_are_found() -> None:
    assert len(FUNCTIONS) > 40
    assert PYTHON


@each_function
def test_function_has_the_face(function: Function) -> None:
    node, text = function.statement.node, function.statement.text
    what = "procedure" if node.is_procedure else "function"
    assert text.startswith(f"create or replace {what} {function.name}("), "schema and replace"
    assert node.is_procedure or node.returnType is not None
    options = [item.defname for item in function.options]
    assert sorted(options, key=FACE.index) == options, "the order of the face"
    said = {"security", "language"} | (set() if node.is_procedure else {"volatility"})
    assert said <= set(options), "said, not left to the default"
    assert (node.sql_body is not None) != ("as" in options)


@each_function
def test_function_has_one_line_for_each_clause(function: Function) -> None:
    text = function.statement.text
    for item in function.options:
        place = item.location - (function.statement.node.options[0].location - _first(function))
        line = text[:place].rpartition("\n")[2]
        if item.defname in SAME_LINE:
            assert line.strip(), f"{item.defname} stands behind the volatility"
        elif item.defname == "as":
            assert line == "", "the body begins at the left edge"
        else:
            assert line == "    ", item.defname


def _first(function: Function) -> int:
    """Give where the first option is in the text of the statement."""
    is_procedure = function.statement.node.is_procedure
    first = "security" if is_procedure else function.option("volatility").sval
    return function.statement.text.index(f"\n    {first}") + 5


@each_function
def test_function_pins_its_search_path(function: Function) -> None:
    if function.language == "internal":
        return  # the server's own, which looks nothing up
    if function.name not in UNPINNED:
        assert function.pins_search_path
        return
    assert "search_path" in function.statement.comment, "with the reason above it"
    if function.statement.node.sql_body is None:  # else it was bound to its objects at creation
        found = [names(query) for query in _queries(BLOCKS[function.name])]
        assert found
        assert {part for item in found for part in item.without_schema} == set()


@each_function
def test_function_has_its_comment_behind_it(function: Function) -> None:
    statements = sql_source.statements()
    comment = statements[statements.index(function.statement) + 1]
    assert isinstance(comment.node, pglast.ast.CommentStmt)
    assert comment.lead == "\n"
    assert ".".join(part.sval for part in comment.node.object.objname) == function.name


@each_plpgsql
def test_body_is_short(function: Function) -> None:
    assert len(function.body.strip().splitlines()) <= LONGEST_BODY


@each_plpgsql
def test_locals_begin_with_an_underscore(function: Function) -> None:
    for kind, node in walk(BLOCKS[function.name]):
        if kind in ("PLpgSQL_var", "PLpgSQL_rec") and "lineno" in node:
            name = node["refname"]
            assert name.startswith("_") or name in OF_HANDLERS, name
    assert not any(name.startswith("_") for name in function.parameters)


@each_block
def test_relations_are_qualified_in_plpgsql(block: dict[str, Any]) -> None:
    for query in _queries(block):
        found = names(query)
        assert not found.unqualified, found.unqualified


@pytest.mark.parametrize("file", sorted({item.file for item in sql_source.statements()}))
def test_relations_are_qualified_in_sql(file: str) -> None:
    for statement in sql_source.statements():
        if statement.file == file:
            found = names(statement.node)
            assert not found.unqualified, found.unqualified


def _queries(block: Mapping[str, Any]) -> Iterator[Any]:
    """Give the parsed statements and expressions of a block; assignments by what is assigned."""
    for kind, node in walk(block):
        if kind != "PLpgSQL_expr":
            continue
        query, mode = node["query"], node.get("parseMode", 0)
        match mode:
            case 0:
                yield pglast.parse_sql(query)
            case 2:
                yield expression(query)
            case _:
                yield expression(query.partition(":=")[2])


@each_block
def test_executed_text_is_made_by_format(block: dict[str, Any]) -> None:
    for kind, node in walk(block):
        if kind in ("PLpgSQL_stmt_dynexecute", "PLpgSQL_stmt_dynfors"):
            _check_executed(expression(node["query"]["PLpgSQL_expr"]["query"]), block)


def _check_executed(node: Any, block: dict[str, Any]) -> None:
    if isinstance(node, pglast.ast.ColumnRef) and len(node.fields) == 2:
        record, column = (field.sval for field in node.fields)
        sources = set(_sources(block, record, column))
        if sources and sources <= MADE_BY:
            return
    assert _is_made(node, block), node


def _called(node: Any) -> str:
    return ".".join(part.sval for part in getattr(node, "funcname", None) or ())


def _loops(block: dict[str, Any], record: str) -> Iterator[Any]:
    """Give the queries that a record is looped over."""
    for kind, node in walk(block):
        if kind == "PLpgSQL_stmt_fors" and node["var"]["PLpgSQL_rec"]["refname"] == record:
            yield pglast.parse_sql(node["query"]["PLpgSQL_expr"]["query"])[0].stmt


def _sources(block: dict[str, Any], record: str, column: str) -> Iterator[str]:
    """Give the functions that loops over a record take its column from, each alone in FROM."""
    for query in _loops(block, record):
        match query.fromClause:
            case [pglast.ast.RangeFunction(functions=[[source, _]])]:
                assert column in {target.val.fields[-1].sval for target in query.targetList}
                yield _called(source)


def _is_made(node: Any, block: dict[str, Any]) -> bool:
    """Whether a piece of SQL is made of constants, of what is quoted, of what the server prints."""
    match node:
        case pglast.ast.A_Const():
            return True
        case pglast.ast.TypeCast():
            return sql_source.type_name(node.typeName) in PRINTED_WITH_QUOTES
        case pglast.ast.CaseExpr():
            return all(_is_made(when.result, block) for when in node.args) and (
                node.defresult is None or _is_made(node.defresult, block)
            )
        case pglast.ast.CoalesceExpr():
            return all(_is_made(argument, block) for argument in node.args)
        case pglast.ast.A_Expr(name=[operator]):
            return operator.sval == "||" and all(
                _is_made(side, block) for side in (node.lexpr, node.rexpr)
            )
        case pglast.ast.SubLink():
            return all(_is_made(target.val, block) for target in node.subselect.targetList)
        case pglast.ast.FuncCall():
            return _is_made_by_call(node, block)
        case pglast.ast.ColumnRef(fields=[variable]):
            return any(
                kind == "PLpgSQL_var" and item["refname"] == variable.sval and item.get("isconst")
                for kind, item in walk(block)
            )
        case pglast.ast.ColumnRef(fields=[record, column]):
            made = [
                _is_made(target.val, block)
                for query in _loops(block, record.sval)
                for target in query.targetList
                if target.name == column.sval
            ]
            return bool(made) and all(made)
    return False


def _is_made_by_call(node: Any, block: dict[str, Any]) -> bool:
    match _called(node).removeprefix("pg_catalog."):
        case "format":
            template, *arguments = node.args
            return all(_is_filled(text, arguments, block) for text in _templates(template))
        case "pg_get_expr" | "quote_ident":
            return True
        case "concat" | "string_agg":
            return all(_is_made(argument, block) for argument in node.args)
        case name:
            return name == SPELLED_BY


def _templates(node: Any) -> list[str]:
    if isinstance(node, pglast.ast.CaseExpr):
        return [when.result.val.sval for when in node.args] + [node.defresult.val.sval]
    return [node.val.sval]


def _is_filled(template: str, arguments: list[Any], block: dict[str, Any]) -> bool:
    """Whether each holder that does not quote is for something that is made."""
    holders = HOLDER.findall(template)
    assert len(holders) == template.count("%")
    positions = [int(number or place) for place, (number, _) in enumerate(holders, start=1)]
    return len(arguments) >= max(positions) and all(
        kind in "IL" or _is_made(arguments[position - 1], block)
        for position, (_, kind) in zip(positions, holders, strict=True)
    )


@each_python
def test_python_body_is_a_door(function: Function) -> None:
    body = python.parse(dedent(function.body.replace("\n    ", "\n"))).body
    if function.name in DOORS:
        return
    match body:
        case [python.ImportFrom(module=module), python.Return(value=python.Call())]:
            assert str(module).startswith("bss_compiler.")
        case _:
            pytest.fail("a door is one import and one call")


@each_python
def test_plpy_is_known_to_the_import_hook_alone(function: Function) -> None:
    tree = python.parse(dedent(function.body.replace("\n    ", "\n")))
    used = {node.id for node in python.walk(tree) if isinstance(node, python.Name)}
    assert ("plpy" in used) == (function.name == "bss_internal.import_compiler")


def test_lists_of_exceptions_name_functions_that_exist() -> None:
    known = {function.name for function in FUNCTIONS}
    assert {*UNPINNED, *DOORS, *MADE_BY, SPELLED_BY} <= known
