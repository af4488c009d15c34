"""The columns in an expression, as the server prints it: which there are, and by other names.

What is bare and in lower case is a column, unless it is a function, a type, a collation or a field
of EXTRACT; keywords are in capitals, and a column that is named like one is quoted.
"""

import re
from collections.abc import Iterator, Mapping

from bss_compiler.quoting import ident

_NAME = r'(?:[a-z_][a-z0-9_$]*|"(?:[^"]|"")+")'
_TOKEN = re.compile(
    rf"""
      '(?:[^']|'')*'
    | ::{_NAME}(?:\.{_NAME})?(?:[ ]varying|[ ]precision)?
      (?:\(\d+(?:,\d+)?\))?(?:[ ]with(?:out)?[ ]time[ ]zone)?
    | COLLATE[ ]{_NAME}(?:\.{_NAME})?
    | EXTRACT\({_NAME}[ ]FROM
    | {_NAME}(?:\.{_NAME})?\(
    | {_NAME}\.{_NAME}
    | (?P<column>{_NAME})
    | [\w$]+
    """,
    re.VERBOSE,
)


def columns_in(expression: str) -> frozenset[str]:
    """Give the names of the columns that an expression reads."""
    return frozenset(name for name, _ in _columns(expression))


def with_columns(expression: str, names: Mapping[str, str]) -> str:
    """Give the expression as it is printed when columns have other names, new ones by old."""
    result, end = [], 0
    for name, match in _columns(expression):
        if name in names:
            result += [expression[end : match.start()], ident(names[name])]
            end = match.end()
    return "".join([*result, expression[end:]])


def _columns(expression: str) -> Iterator[tuple[str, re.Match[str]]]:
    for match in _TOKEN.finditer(expression):
        spelled = match["column"]
        if spelled is not None:
            quoted = spelled.startswith('"')
            yield (spelled[1:-1].replace('""', '"') if quoted else spelled), match
