"""Where a table is, and so whose rows it has."""

from typing import Literal

from bss_compiler.quoting import TENANT

Placement = Literal["tenant", "shared"]
"""`tenant`: in the schema that the statements are filled in for, with the rows of one tenant.
`shared`: in one schema for all tenants, with rows that they all read."""

SHARED_SCHEMA = "bss_shared"
"""The schema of the shared tables."""

TENANT_ID = f"{TENANT}::uuid"
"""The tenant whose table it is: all that differs between the tables of tenants of one model."""

OF_TENANT = f"(tenant_id = {TENANT_ID})"
"""That a row is that tenant's."""

TENANT_ASKS = (
    f'(( SELECT NULLIF((bss.current_tenant_id() = {TENANT_ID}), false) AS "nullif") IS NOT NULL)'
)
"""That the transaction acts for that tenant."""

TENANT_WRITES = f"({TENANT_ASKS} AND {OF_TENANT})"
"""Both: that the tenant writes a row of its own."""

WITH_TENANT = frozenset({TENANT_ID, OF_TENANT, TENANT_ASKS, TENANT_WRITES})
"""The expressions that have the tenant's place in them; in any other, `%` is a tenant's text."""
