"""Where a table is, and so whose rows it has."""

from typing import Literal

Placement = Literal["tenant", "shared"]
"""`tenant`: in the schema that the statements are filled in for, with the rows of one tenant.
`shared`: in one schema for all tenants, with rows that they all read."""

SHARED_SCHEMA = "bss_shared"
"""The schema of the shared tables."""
