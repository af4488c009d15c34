"""What a model cannot be as a whole, whatever the steps to it are.

A table keeps the columns that its entity no longer has, and a schema the tables; they count, and
their names are taken, although the document does not show them.
"""

from collections.abc import Iterable

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.model import Index, Model, PrimaryKey, Table, Unique


def check_feasible(model: Model, max_columns: int, findings: Findings) -> None:
    """Report tables with too many columns, and relations that would share a name."""
    taken: dict[str, str] = {}
    for table in model.tables:
        _check_width(table, max_columns, findings)
        for name, what in _relations(table):
            other = taken.setdefault(name, what)
            if other != what:
                findings.report(
                    Code.NAME_COLLISION, table.pointer or "", f'name "{name}" is taken twice',
                    detail=f"It would be that of {other} and of {what}.",
                    hint="Give the entity another table name with x-bss.table.",
                )  # fmt: skip


def _check_width(table: Table, max_columns: int, findings: Findings) -> None:
    kept = sum(column.deprecated for column in table.columns)
    if len(table.columns) > max_columns and kept:
        findings.report(
            Code.TOO_MANY_COLUMNS, table.pointer or "",
            f'table "{table.name}" has too many columns',
            detail=f"It has {len(table.columns)}, of which {kept} are no longer in the schema; "
            f"the limit is {max_columns}.",
            hint="Make another entity of some of the properties.",
        )  # fmt: skip


def _relations(table: Table) -> Iterable[tuple[str, str]]:
    yield table.name, f'table "{table.name}"'
    for partition in table.partitions:
        yield partition.name, f'a partition of table "{table.name}"'
    for item in (*table.constraints, *table.indexes):
        if isinstance(item, PrimaryKey | Unique | Index):
            yield item.name, f'an index of table "{table.name}"'
