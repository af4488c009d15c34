"""Takes the flaws out of the names that a snapshot has.

What makes a part another than it seems is behind its name there, in parentheses: "orders
(unlogged)" differs from "orders", whatever else is said of both. To mend it, one has to know which
is meant.
"""

import re
from collections.abc import Collection
from dataclasses import replace

from bss_compiler.model import Model

_FLAWED = re.compile(r"(?P<name>.+) \((?P<flaw>[^()]+)\)", re.DOTALL)

INSTEAD_OF_TABLES = frozenset({"view", "materialized view", "foreign table"})
"""What a relation may be that is no table: it can be dropped, and not be made a table."""


def split_name(name: str) -> tuple[str, str | None]:
    """Give the name and the flaw; the flaw is None where nothing is in parentheses behind it."""
    match = _FLAWED.fullmatch(name)
    return (match["name"], match["flaw"]) if match else (name, None)


def meant_name(name: str, found: Collection[str], meant: Collection[str]) -> str:
    """Give the name of which `name` is the flawed one; `name` itself where it is of none."""
    bare, flaw = split_name(name)
    is_flawed = flaw is not None and name not in meant and bare in meant and bare not in found
    return bare if is_flawed else name


def without_flaws(found: Model, meant: Model) -> tuple[Model, dict[str, str]]:
    """Give the model with its tables under the names that are meant, and the flaws of these."""
    names = {table.name for table in found.tables}
    wanted = {table.name for table in meant.tables}
    tables, flaws = [], {}
    for table in found.tables:
        name, (_, flaw) = meant_name(table.name, names, wanted), split_name(table.name)
        if name != table.name and flaw is not None and flaw not in INSTEAD_OF_TABLES:
            flaws[name] = flaw
            table = replace(table, name=name)
        tables.append(table)
    return replace(found, tables=tuple(tables)), flaws
