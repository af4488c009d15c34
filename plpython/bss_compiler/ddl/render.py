"""Renders a step: each kind by one function, and every function in the module of its part."""

from collections.abc import Callable, Mapping

from bss_compiler.ddl import (
    access,
    column,
    constraint,
    conversion,
    function,
    index,
    partition,
    secret,
    table,
    trigger,
)
from bss_compiler.diff import Alter, Create
from bss_compiler.model import Table
from bss_compiler.plan import Step

_CREATED: Mapping[str, Callable[..., list[str]]] = {
    "create_function": function.create,
    "create_table": table.create,
    "create_partition": partition.create,
    "add_column": column.add,
    "add_primary_key": constraint.add,
    "add_check": constraint.add,
    "add_unique": constraint.add,
    "add_foreign_key": constraint.add,
    "create_index": index.create,
    "create_policy": access.create_policy,
    "grant": access.grant,
    "create_trigger": trigger.create,
    "seal_secrets": secret.seal,
    "replace_function": function.replace,
    "restore_partition": partition.restore,
}
_DROPPED: Mapping[str, Callable[..., list[str]]] = {
    "drop_table": table.drop,
    "drop_partition": partition.drop,
    "drop_column": column.drop,
    "drop_primary_key": constraint.drop,
    "drop_check": constraint.drop,
    "drop_unique": constraint.drop,
    "drop_foreign_key": constraint.drop,
    "drop_index": index.drop,
    "drop_policy": access.drop_policy,
    "revoke": access.revoke,
    "drop_trigger": trigger.drop,
    "drop_view": table.drop_view,
    "drop_materialized_view": table.drop_materialized_view,
    "drop_foreign_table": table.drop_foreign_table,
}
_ALTERED: Mapping[str, Callable[..., list[str]]] = {
    "rename_table": table.rename,
    "rename_column": column.rename,
    "rename_constraint": constraint.rename,
    "rename_index": index.rename,
    "rename_partition": partition.rename,
    "enable_row_security": table.enable_row_security,
    "disable_row_security": table.disable_row_security,
    "alter_policy": access.alter_policy,
    "copy_policies": access.copy_policies,
    "change_type": column.change_type,
    "encrypt_column": secret.encrypt,
    "decrypt_column": secret.decrypt,
    "deprecate_table": table.set_comment,
    "restore_table": table.set_comment,
    "deprecate_column": column.deprecate,
    "restore_column": column.restore,
    "set_comment": column.set_comment,
    "set_default": column.set_default,
    "drop_default": column.drop_default,
    "drop_expression": column.drop_expression,
    "compute": column.compute,
    "compute_anew": column.compute_anew,
    "set_not_null": column.set_not_null,
    "drop_not_null": column.drop_not_null,
    "replace_trigger": trigger.replace,
    "drop_identity": column.drop_identity,
    "reset_collation": column.reset_collation,
    "protect_table": table.enable_row_security,
    "set_logged": table.set_logged,
    "drop_rules": table.drop_rules,
}


def render(step: Step) -> tuple[str, ...]:
    """Give the statements of a step, in order."""
    change = step.change
    if isinstance(change, Alter):
        alter = _ALTERED[step.kind]
        if step.kind == "set_comment" and isinstance(change.after, Table):
            alter = table.set_comment
        return tuple(alter(change.table, change.before, change.after))
    if isinstance(change, Create) and step.kind == "convert_column":
        return tuple(conversion.convert(change))
    renderers = _CREATED if isinstance(change, Create) else _DROPPED
    return tuple(renderers[step.kind](change.table, change.part))
