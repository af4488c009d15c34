"""Turns the text of a document into entities and schemas in which every keyword has its shape."""

from bss_compiler.document.document import Document, Entity, read_document
from bss_compiler.document.limits import Limits
from bss_compiler.document.schema import Schema

__all__ = ["Document", "Entity", "Limits", "Schema", "read_document"]
