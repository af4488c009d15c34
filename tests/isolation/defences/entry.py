"""A defence is what keeps some attack from working; it is known by how it is taken away."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.isolation.home import SILO, Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Defence:
    """Something that is there, and the SQL that removes it, with the words of the arena.

    `home` is where it is removed. `restore` puts back what is the whole cluster's, and so not the
    copy's; `settings` are those of the pooler that differ.
    """

    name: str
    removal: str = ""
    restore: str = ""
    settings: Mapping[str, str] = field(default_factory=dict, hash=False)
    home: Home = SILO


def edited(function: str, *changes: tuple[str, str]) -> str:
    """Give the SQL that changes the text of a function, and fails if it is not as expected."""
    edits = "".join(
        f"""
        _new := replace(_old, $from${_braced(old)}$from$, $to${_braced(new)}$to$);
        if _new = _old then raise 'nothing was removed'; end if;
        _old := _new;"""
        for old, new in changes
    )
    return f"""
        do $edit$
        declare
            _old text := pg_get_functiondef('{function}'::regprocedure);
            _new text;
        begin
            {edits}
            execute _new;
        end
        $edit$
    """


def _braced(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
