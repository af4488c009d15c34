"""Statements about the functions that checks call, and triggers."""

from bss_compiler.model import Function
from bss_compiler.model.function import SCHEMA
from bss_compiler.quoting import template, text

_WRITERS = "bss_admin, bss_app, bss_tenant"
"""Who may call what checks call."""


def create(table: str, function: Function) -> list[str]:  # noqa: ARG001  one shape for all parts
    """Create a function; who may execute one of checks is the default privilege of its schema.

    Nobody may execute one of a trigger, or else they could make it the trigger of a temporary table
    of theirs, where it would call casts of theirs, with the rights of its owner.
    """
    statement = template(definition(function))
    if not function.is_of_trigger:
        return [statement]
    return [statement, f"REVOKE EXECUTE ON FUNCTION {SCHEMA}.{function.name}() FROM {_WRITERS}"]


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
            # or values would be constants in plans, which the session's settings have it show
            " SET plan_cache_mode TO force_generic_plan\n"
            f"AS {text(function.body)}"
        )
    return (
        f"CREATE FUNCTION {SCHEMA}.{function.name}(v jsonb)\n"
        " RETURNS boolean\n"
        " LANGUAGE plpgsql\n"
        " IMMUTABLE PARALLEL SAFE STRICT\n"
        f"AS {text(function.body)}"
    )
