"""Statements about indexes."""

from bss_compiler.ddl.name import listed, qualified, quoted
from bss_compiler.model import Index, IndexKey
from bss_compiler.quoting import EXTENSION, SCHEMA, template


def create(table: str, index: Index) -> list[str]:
    """Build an index."""
    return [build(index, f"{quoted(index.name)} ON {qualified(table)}")]


def build(index: Index, place: str) -> str:
    """Render the statement that builds an index; its name and table are in `place`, as it is."""
    keys = ", ".join(_key(key) for key in index.keys)
    include = f" INCLUDE ({listed(index.include)})" if index.include else ""
    nulls = " NULLS NOT DISTINCT" if index.nulls_not_distinct else ""
    options = f" WITH ({', '.join(index.options)})" if index.options else ""
    unique = "UNIQUE " if index.unique else ""
    where = f" WHERE {template(index.where)}" if index.where is not None else ""
    return (
        f"CREATE {unique}INDEX {place} "
        f"USING {index.method} ({keys}){include}{nulls}{options}{where}"
    )


def drop(table: str, index: Index) -> list[str]:  # noqa: ARG001  one shape for all parts
    """Drop an index."""
    return [f"DROP INDEX {SCHEMA}.{quoted(index.name)}"]


def rename(table: str, before: Index, after: Index) -> list[str]:  # noqa: ARG001  one shape
    """Give an index another name."""
    return [f"ALTER INDEX {SCHEMA}.{quoted(before.name)} RENAME TO {quoted(after.name)}"]


def _key(key: IndexKey) -> str:
    parts = [quoted(key.column), _opclass(key.opclass), key.order]
    return " ".join(part for part in parts if part is not None)


def _opclass(name: str | None) -> str | None:
    """Render the operator class; pgvector's are where its extension is."""
    return f"{EXTENSION}.{name}" if name is not None and name.startswith("vector_") else name
