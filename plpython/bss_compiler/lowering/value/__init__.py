"""Turns the schema of a jsonb value into native SQL that decides whether a value is valid.

unit ◀ context ◀ scalar ◀ evaluated ◀ container, applicator: what a path can decide
spelling ◀ place ◀ leaf ◀ demand: what must hold of whole paths
sql, function ◀ routine ◀ clause: what takes a function
compile: the door
"""

from bss_compiler.lowering.value.compile import ValueCheck, compile_value

__all__ = ["ValueCheck", "compile_value"]
