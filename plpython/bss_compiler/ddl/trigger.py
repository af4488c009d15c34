"""Statements about triggers."""

from bss_compiler.ddl.name import qualified, quoted
from bss_compiler.model import Trigger


def create(table: str, trigger: Trigger) -> list[str]:
    """Create a trigger."""
    return [
        f"CREATE TRIGGER {quoted(trigger.name)} {trigger.timing} {' OR '.join(trigger.events)} "
        f"ON {qualified(table)} FOR EACH {trigger.level} EXECUTE FUNCTION {trigger.function}()"
    ]
