"""Statements about policies and privileges."""

from bss_compiler.ddl.name import expression, listed, qualified, quoted
from bss_compiler.model import Grant, Policy
from bss_compiler.quoting import SCHEMA_NAME, template, text


def create_policy(table: str, policy: Policy) -> list[str]:
    """Create a policy."""
    return [
        f"CREATE POLICY {quoted(policy.name)} ON {qualified(table)} FOR {policy.command} "
        f"{_rule(policy)}"
    ]


def alter_policy(table: str, before: Policy, after: Policy) -> list[str]:  # noqa: ARG001  one shape
    """Make a policy say something else about the same command."""
    return [f"ALTER POLICY {quoted(after.name)} ON {qualified(table)} {_rule(after)}"]


def copy_policies(table: str, before: Policy, after: Policy) -> list[str]:  # noqa: ARG001
    """Make the policies of the partitions those of their table."""
    return [f"SELECT bss_internal.copy_policies({SCHEMA_NAME}, {template(text(table))})"]


def _rule(policy: Policy) -> str:
    roles = listed(policy.roles) if policy.roles else "PUBLIC"
    check = f" WITH CHECK ({expression(policy.check)})" if policy.check is not None else ""
    return f"TO {roles} USING ({expression(policy.using)}){check}"


def grant(table: str, grant: Grant) -> list[str]:
    """Grants privileges to a role."""
    return [
        f"GRANT {', '.join(grant.privileges)} ON TABLE {qualified(table)} TO {quoted(grant.role)}"
    ]


def drop_policy(table: str, policy: Policy) -> list[str]:
    """Drop a policy."""
    return [f"DROP POLICY {quoted(policy.name)} ON {qualified(table)}"]


def revoke(table: str, grant: Grant) -> list[str]:
    """Take all privileges of a role, as the server spells it, those on columns and those it gave.

    A snapshot has the roles of privileges with their quotes, because PUBLIC has none.
    """
    return [f"REVOKE ALL ON TABLE {qualified(table)} FROM {template(grant.role)} CASCADE"]
