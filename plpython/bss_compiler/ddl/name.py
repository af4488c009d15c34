"""Names in a template."""

from bss_compiler.model import SHARED_SCHEMA, Placement
from bss_compiler.model.placement import WITH_TENANT
from bss_compiler.quoting import SCHEMA, ident, template


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
    """Render a default, the condition of a check or that of a policy."""
    return sql if sql in WITH_TENANT else template(sql)
