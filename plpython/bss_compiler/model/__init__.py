"""What the database should look like: tables, their parts and functions, as values.

A model is what a document is lowered to and what a snapshot of the catalog is read into; the two
are compared with `==`. Expressions and types are text in the server's own spelling, the way
pg_get_expr() and format_type() print them, because that is the only spelling that both sides share.
"""

from bss_compiler.model.access import Grant, Policy
from bss_compiler.model.column import Column
from bss_compiler.model.constraint import Check, Constraint, ForeignKey, PrimaryKey, Unique
from bss_compiler.model.function import Function
from bss_compiler.model.index import Index, IndexKey
from bss_compiler.model.partition import Partition
from bss_compiler.model.placement import SHARED_SCHEMA, Placement
from bss_compiler.model.secret import ENCRYPTED, OF_ENCRYPTED, Secret
from bss_compiler.model.table import Model, Part, Table
from bss_compiler.model.trigger import Trigger

__all__ = [
    "ENCRYPTED",
    "OF_ENCRYPTED",
    "SHARED_SCHEMA",
    "Check",
    "Column",
    "Constraint",
    "ForeignKey",
    "Function",
    "Grant",
    "Index",
    "IndexKey",
    "Model",
    "Part",
    "Partition",
    "Placement",
    "Policy",
    "PrimaryKey",
    "Secret",
    "Table",
    "Trigger",
    "Unique",
]
