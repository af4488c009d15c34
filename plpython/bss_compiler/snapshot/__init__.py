"""Turns what bss_internal.snapshot() says of a schema into a model."""

from bss_compiler.snapshot.flaw import INSTEAD_OF_TABLES, meant_name, split_name, without_flaws
from bss_compiler.snapshot.table import read_snapshot

__all__ = ["INSTEAD_OF_TABLES", "meant_name", "read_snapshot", "split_name", "without_flaws"]
