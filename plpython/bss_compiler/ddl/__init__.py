"""Turns steps into statements: templates of format() with schema, tenant and pgvector's schema."""

from bss_compiler.ddl.entry import entries, plain_entries
from bss_compiler.ddl.online import render_stage
from bss_compiler.ddl.render import render

__all__ = ["entries", "plain_entries", "render", "render_stage"]
