"""Turns steps into statements: templates of format() with schema, tenant and pgvector's schema."""

from bss_compiler.ddl.online import render_stage
from bss_compiler.ddl.render import render

__all__ = ["render", "render_stage"]
