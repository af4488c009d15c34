"""Statements about triggers."""

from bss_compiler.ddl.name import qualified, quoted
from bss_compiler.model import Trigger
from bss_compiler.quoting import template


def create(table: str, trigger: Trigger) -> list[str]:
    """Create a trigger. Its function is there: one of the installation's, or provided before."""
    return _create("CREATE TRIGGER", table, trigger)


def replace(table: str, _: Trigger, after: Trigger) -> list[str]:
    """Make a trigger another one; no statement finds the table without either."""
    return _create("CREATE OR REPLACE TRIGGER", table, after)


def _create(verb: str, table: str, trigger: Trigger) -> list[str]:
    rows = "".join(
        f" {age} TABLE AS {name}"
        for age, name in (("OLD", trigger.old_table), ("NEW", trigger.new_table))
        if name is not None
    )
    referencing = f" REFERENCING{rows}" if rows else ""
    when = f" WHEN ({template(trigger.condition)})" if trigger.condition is not None else ""
    return [
        f"{verb} {quoted(trigger.name)} {trigger.timing} {' OR '.join(trigger.events)} "
        f"ON {qualified(table)}{referencing} FOR EACH {trigger.level}{when} "
        f"EXECUTE FUNCTION {trigger.function}()"
    ]


def drop(table: str, trigger: Trigger) -> list[str]:
    """Drop a trigger; its function may be another table's too."""
    return [f"DROP TRIGGER {quoted(trigger.name)} ON {qualified(table)}"]
