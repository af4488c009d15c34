"""Names in a template."""

from bss_compiler.model import SHARED_SCHEMA, Placement
from bss_compiler.quoting import SCHEMA, TENANT, ident, template

_WITH_TENANT = frozenset({f"{TENANT}::uuid", f"(tenant_id = {TENANT}::uuid)"})
"""The expressions of ours that have the tenant's place in them; any other is a tenant's text."""


def qualified(table: str, placement: Placement = "tenant") -> str:
    """Render a table: in the schema that the statement is filled in for, unless it says where."""
    schema = SHARED_SCHEMA if placement == "shared" else SCHEMA
    return f"{schema}.{template(ident(table))}"


def quoted(name: str) -> str:
    """Render any other identifier."""
    return template(ident(name))


def listed(names: tuple[str, ...]) -> str:
    """Render identifiers with commas between them."""
    return ", ".join(quoted(name) for name in names)


def expression(sql: str) -> str:
    """Render a default or the condition of a check."""
    return sql if sql in _WITH_TENANT else template(sql)
