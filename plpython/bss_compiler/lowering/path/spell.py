"""Writes the part of a path that is inside one jsonb column, the way jsonpath_out() prints it.

The ranks are those of operationPriority() in src/backend/utils/adt/jsonpath.c.
"""

from collections.abc import Iterable
from typing import assert_never

from bss_compiler import quoting
from bss_compiler.lowering import jsonpath
from bss_compiler.lowering.jsonpath import Predicate
from bss_compiler.lowering.path.syntax import (
    Accessor,
    Arithmetic,
    Comparison,
    Element,
    Literal,
    Member,
    Method,
    Sign,
    StartsWith,
    Step,
    Value,
)

_COMPARISON, _SUM, _PRODUCT, _SIGN, _ATOM = 2, 3, 4, 5, 6


def predicate(node: Comparison | StartsWith) -> str:
    """Give the strict path that decides a comparison: what is absent leaves it unknown."""
    if isinstance(node, StartsWith):
        text = f"{_inside(node.operand)} starts with {quoting.json_string(node.prefix)}"
    else:
        text = f"{_inside(node.left)} {node.operator} {_inside(node.right)}"
    return jsonpath.strict(Predicate(text, _COMPARISON))


def steps(items: Iterable[Step]) -> str:
    """Give the lax path from a column's value to what is inside it."""
    return "$" + "".join(map(_step, items))


def _inside(node: Value) -> str:
    return _value(node).inside(_COMPARISON)


def _value(node: Value) -> Predicate:
    match node:
        case Literal():
            return Predicate(jsonpath.scalar(node.value), _ATOM)
        case Accessor():
            return Predicate(steps(node.steps), _ATOM)
        case Sign():
            return Predicate(f"{node.operator}{_value(node.operand).inside(_SIGN)}", _SIGN)
        case Arithmetic():
            rank = _SUM if node.operator in "+-" else _PRODUCT
            left, right = _value(node.left).inside(rank), _value(node.right).inside(rank)
            return Predicate(f"{left} {node.operator} {right}", rank)
        case _:
            assert_never(node)


def _step(step: Step) -> str:
    match step:
        case Member():
            return f".{quoting.json_string(step.name)}"
        case Element():
            return "[*]" if step.index is None else f"[{step.index}]"
        case Method():
            return f".{step.name}()"
        case _:
            assert_never(step)
