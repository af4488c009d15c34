"""Names in a template."""

from bss_compiler.quoting import SCHEMA, ident, template


def qualified(table: str) -> str:
    """Render a table in the tenant's schema."""
    return f"{SCHEMA}.{template(ident(table))}"


def quoted(name: str) -> str:
    """Render any other identifier."""
    return template(ident(name))


def listed(names: tuple[str, ...]) -> str:
    """Render identifiers with commas between them."""
    return ", ".join(quoted(name) for name in names)
