"""Turns SQL/JSON paths over a record into SQL over the columns of its table.

syntax ◀ token ◀ parse; syntax ◀ spell; syntax ◀ value ◀ predicate, which knows them all
"""

from bss_compiler.lowering.path.parse import parse
from bss_compiler.lowering.path.predicate import PathLowering
from bss_compiler.lowering.path.syntax import PathError, properties_read
from bss_compiler.lowering.path.value import Source, Values

__all__ = ["PathError", "PathLowering", "Source", "Values", "parse", "properties_read"]
