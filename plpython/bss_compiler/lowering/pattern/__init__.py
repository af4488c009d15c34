"""Turns ECMA-262 regular expressions into the server's.

reader ◀ ranges ◀ property ◀ character_class ◀ parse ◀ cost ◀ translate ◀ mask
"""

from bss_compiler.lowering.pattern.mask import masked
from bss_compiler.lowering.pattern.reader import Untranslatable
from bss_compiler.lowering.pattern.translate import MAX_BYTES, translate, work

__all__ = ["MAX_BYTES", "Untranslatable", "masked", "translate", "work"]
