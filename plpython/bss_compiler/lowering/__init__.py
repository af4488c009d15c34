"""Turns entities into tables: the model that a document asks for."""

from bss_compiler.lowering.model import Lowered, lower
from bss_compiler.lowering.probe import Probe

__all__ = ["Lowered", "Probe", "lower"]
