"""Turns what bss_internal.snapshot() says of a schema into a model, and a model into the same."""

from bss_compiler.snapshot.flaw import INSTEAD_OF_TABLES, meant_name, split_name, without_flaws
from bss_compiler.snapshot.meant import meant_snapshot
from bss_compiler.snapshot.table import read_snapshot

__all__ = [
    "INSTEAD_OF_TABLES",
    "meant_name",
    "meant_snapshot",
    "read_snapshot",
    "split_name",
    "without_flaws",
]
