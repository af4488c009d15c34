"""The policies, grants and trigger that every table gets, by where it is.

A policy asks for the context by a sub-select, which is evaluated once a statement. No policy reads
a setting that a client can write.

The table of a tenant is its own as a whole, which a check proves for every row (`ties`). So its
policy compares no rows in reading: it asks whose table it is, once, and what is left to do for each
row is to look at the answer. It names no column, so an index can answer alone. The answer is null
or not: the planner takes IS NOT NULL to be true of nearly all rows, a boolean of half of them. In
writing, the policy asks for the row's tenant as well, and so does not rely on the check.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bss_compiler.model import Grant, Placement, Policy, Trigger
from bss_compiler.model.placement import TENANT_ASKS, TENANT_WRITES

_CONTEXT = "( SELECT bss.current_tenant_id() AS current_tenant_id)"
_OF_CONTEXT = f"(tenant_id = {_CONTEXT})"
_OF_ANY_TENANT = f"({_CONTEXT} IS NOT NULL)"
_OF_OPERATOR = "( SELECT bss_internal.is_operator() AS is_operator)"
_READ = ("SELECT",)
_WRITE = ("DELETE", "INSERT", "SELECT", "UPDATE")

# reading across tenants is a role of its own; the tenants' policy does not widen with it
_ANALYTICS_READ = Policy(
    name="analytics_read", command="SELECT", roles=("bss_analytics",), using="true", check=None
)
# row-level security is forced on the owner: it sees rows on an operator's behalf, or none
_OPERATOR_ALL = Policy(
    name="operator_all", command="ALL", roles=("bss_owner",), using=_OF_OPERATOR, check=_OF_OPERATOR
)
TENANT_ISOLATION = Policy(
    name="tenant_isolation", command="ALL", roles=(), using=TENANT_ASKS, check=TENANT_WRITES
)
"""The policy by which a tenant has its table."""

POOL_ISOLATION = replace(TENANT_ISOLATION, using=_OF_CONTEXT, check=_OF_CONTEXT)
"""The policy by which it has its rows, of a table that others have rows in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who may do what with a table, and which rows they see."""

    policies: tuple[Policy, ...]
    grants: tuple[Grant, ...]


ACCESS: Mapping[Placement, Access] = {
    "tenant": Access(
        policies=(
            _ANALYTICS_READ,
            _OPERATOR_ALL,
            TENANT_ISOLATION,
        ),
        grants=(
            # which sees no row before it has given a reason and entered the tenant
            Grant(role="bss_admin", privileges=_WRITE),
            Grant(role="bss_analytics", privileges=_READ),
            Grant(role="bss_app", privileges=_WRITE),
            Grant(role="bss_tenant", privileges=_WRITE),
        ),
    ),
    "shared": Access(
        policies=(
            # what operators write here is nobody's: they need no function to see it
            Policy(
                name="admin_all", command="ALL", roles=("bss_admin",), using="true", check="true"
            ),
            _ANALYTICS_READ,
            _OPERATOR_ALL,
            Policy(name="tenant_read", command="SELECT", roles=(), using=_OF_ANY_TENANT),
        ),
        grants=(
            Grant(role="bss_admin", privileges=_WRITE),
            Grant(role="bss_analytics", privileges=_READ),
            Grant(role="bss_app", privileges=_READ),
            Grant(role="bss_tenant", privileges=_READ),
        ),
    ),
}
TRIGGERS = (
    Trigger(
        name="set_updated_at",
        timing="BEFORE",
        events=("UPDATE",),
        level="ROW",
        function="bss_internal.set_updated_at",
    ),
)
