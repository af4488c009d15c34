"""The policies, grants and trigger that every table gets.

A policy compares the row's tenant with the context by a sub-select, which is evaluated once a
statement and keeps the planner's estimate right. No policy reads a setting that a client can write.
"""

from bss_compiler.model import Grant, Policy, Trigger

_OF_TENANT = "(tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))"
_OF_OPERATOR = "( SELECT bss_internal.is_operator() AS is_operator)"

POLICIES = (
    # reading across tenants is a role of its own; the tenants' policy does not widen with it
    Policy(
        name="analytics_read", command="SELECT", roles=("bss_analytics",), using="true", check=None
    ),
    # row-level security is forced on the owner: it sees rows on an operator's behalf, or none
    Policy(
        name="operator_all",
        command="ALL",
        roles=("bss_owner",),
        using=_OF_OPERATOR,
        check=_OF_OPERATOR,
    ),
    Policy(name="tenant_isolation", command="ALL", roles=(), using=_OF_TENANT, check=_OF_TENANT),
)
_ROWS = ("DELETE", "INSERT", "SELECT", "UPDATE")
GRANTS = (
    # which sees no row before it has given a reason and entered the tenant
    Grant(role="bss_admin", privileges=_ROWS),
    Grant(role="bss_analytics", privileges=("SELECT",)),
    Grant(role="bss_app", privileges=_ROWS),
    Grant(role="bss_tenant", privileges=_ROWS),
)
TRIGGERS = (
    Trigger(
        name="set_updated_at",
        timing="BEFORE",
        events=("UPDATE",),
        level="ROW",
        function="bss_internal.set_updated_at",
    ),
)
