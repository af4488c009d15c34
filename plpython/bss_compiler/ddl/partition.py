"""Statements about partitions."""

from bss_compiler.ddl.name import qualified
from bss_compiler.model import Partition
from bss_compiler.quoting import template


def create(table: str, partition: Partition) -> list[str]:
    """Make a partition, closed to everyone: rows are reached through the table."""
    name = qualified(partition.name)
    return [
        f"CREATE TABLE {name} PARTITION OF {qualified(table)} {template(partition.bound)}",
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
    ]
