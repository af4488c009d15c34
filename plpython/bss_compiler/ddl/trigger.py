"""Statements about triggers."""

from bss_compiler.ddl.name import qualified, quoted
from bss_compiler.model import Trigger
from bss_compiler.quoting import template


def create(table: str, trigger: Trigger) -> list[str]:
    """Create a trigger."""
    when = f" WHEN ({template(trigger.condition)})" if trigger.condition is not None else ""
    return [
        f"CREATE TRIGGER {quoted(trigger.name)} {trigger.timing} {' OR '.join(trigger.events)} "
        f"ON {qualified(table)} FOR EACH {trigger.level}{when} "
        f"EXECUTE FUNCTION {trigger.function}()"
    ]


def drop(table: str, trigger: Trigger) -> list[str]:
    """Drop a trigger."""
    return [f"DROP TRIGGER {quoted(trigger.name)} ON {qualified(table)}"]
