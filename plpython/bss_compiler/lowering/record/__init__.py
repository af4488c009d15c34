"""Turns what a schema says of whole records into conditions over the columns of their rows.

condition ◀ writer ◀ null, value ◀ member ◀ record ◀ check
                           value ◀ column
"""

from bss_compiler.lowering.record.check import RecordLowering
from bss_compiler.lowering.record.column import VALUE_APPLICATORS, column_checks
from bss_compiler.lowering.record.value import NO_JSON
from bss_compiler.lowering.record.writer import Writer

__all__ = ["NO_JSON", "VALUE_APPLICATORS", "RecordLowering", "Writer", "column_checks"]
