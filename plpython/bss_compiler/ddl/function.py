"""Statements about the functions that checks call, and triggers."""

from bss_compiler.model import Function
from bss_compiler.model.function import SCHEMA
from bss_compiler.quoting import template, text


def create(table: str, function: Function) -> list[str]:  # noqa: ARG001  one shape for all parts
    """Create a function; who may execute it is the default privilege of its schema."""
    return [template(definition(function))]


def replace(table: str, function: Function) -> list[str]:  # noqa: ARG001
    """Give a function its body and its attributes back, and the privileges of its schema."""
    statement = definition(function).replace("CREATE", "CREATE OR REPLACE", 1)
    return [
        template(statement),
        f"SELECT bss_internal.restore_check_privileges({text(function.name)})",
    ]


def definition(function: Function) -> str:
    """Render the statement as the server takes it; there is no template's placeholder in it."""
    if function.is_of_trigger:
        # with the rights of its owner, because nobody else may encrypt
        return (
            f"CREATE FUNCTION {SCHEMA}.{function.name}()\n"
            " RETURNS trigger\n"
            " LANGUAGE plpgsql\n"
            " SECURITY DEFINER\n"
            " SET search_path TO pg_catalog, pg_temp\n"
            " SET standard_conforming_strings TO on\n"
            f"AS {text(function.body)}"
        )
    return (
        f"CREATE FUNCTION {SCHEMA}.{function.name}(v jsonb)\n"
        " RETURNS boolean\n"
        " LANGUAGE plpgsql\n"
        " IMMUTABLE PARALLEL SAFE STRICT\n"
        f"AS {text(function.body)}"
    )
