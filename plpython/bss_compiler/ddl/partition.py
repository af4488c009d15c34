"""Statements about partitions."""

from bss_compiler.ddl.name import qualified, quoted
from bss_compiler.model import Partition
from bss_compiler.quoting import SCHEMA_NAME, template, text


def create(table: str, partition: Partition) -> list[str]:
    """Make a partition, closed to everyone: rows are reached through the table."""
    name = qualified(partition.name)
    return [
        f"CREATE TABLE {name} PARTITION OF {qualified(table)} {template(partition.bound)}",
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
    ]


def restore(table: str, partition: Partition) -> list[str]:
    """Take from a partition what its table has not, and make one that is missing again."""
    names = f"{template(text(table))}, {template(text(partition.name))}"
    return [f"SELECT bss_internal.restore_partition({SCHEMA_NAME}, {names})"]


def drop(table: str, partition: Partition) -> list[str]:  # noqa: ARG001  one shape for all parts
    """Drop a partition, with its rows."""
    return [f"DROP TABLE {qualified(partition.name)}"]


def rename(table: str, before: Partition, after: Partition) -> list[str]:  # noqa: ARG001
    """Give a partition another name."""
    return [f"ALTER TABLE {qualified(before.name)} RENAME TO {quoted(after.name)}"]
