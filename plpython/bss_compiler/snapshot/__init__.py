"""Turns what bss_internal.snapshot() says of a schema into a model."""

from bss_compiler.snapshot.table import read_snapshot

__all__ = ["read_snapshot"]
