"""Turns a database with BSS, the compiler and the command into the pages of docs/reference.

    python -m docs.generate DSN

The pages are committed, and a test compares them with what this makes. docs/reference/errors.md
is written by hand; a test holds it to the codes that there are.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import typer

from bss_loader.cli import app
from bss_loader.connection import connect
from bss_loader.exit import Exit
from bss_loader.installation import reading
from docs import vocabulary

REFERENCE = Path(__file__).parent / "reference"

_FUNCTIONS: LiteralString = """
    select
        p.proname::text,
        pg_get_function_arguments(p.oid),
        pg_get_function_result(p.oid),
        obj_description(p.oid, 'pg_proc'),
        p.prosecdef,
        array(
            select g.grantee::regrole::text
            from aclexplode(p.proacl) as g
            where g.grantee <> p.proowner
            order by 1
        )
    from pg_proc as p
    where p.pronamespace = 'bss'::regnamespace
    order by p.proname, p.oid::regprocedure::text
"""
_RELATIONS: LiteralString = """
    select
        c.oid, c.oid::regclass::text, obj_description(c.oid, 'pg_class'),
        array(
            select distinct g.grantee::regrole::text
            from aclexplode(c.relacl) as g
            where g.grantee <> c.relowner
            order by 1
        )
    from pg_class as c
    where c.relnamespace = %s::regnamespace and c.relkind in ('r', 'p', 'v')
    order by c.relname
"""
_COLUMNS: LiteralString = """
    select
        a.attname::text, format_type(a.atttypid, a.atttypmod),
        col_description(a.attrelid, a.attnum)
    from pg_attribute as a
    where a.attrelid = %s and a.attnum > 0 and not a.attisdropped
    order by a.attnum
"""
_SETTINGS: LiteralString = """
    select s.name, s.value::text, s.description from bss_metadata.settings as s order by s.name
"""
_OWNERS_ALONE = "nobody but functions of BSS"


def pages(connection: psycopg.Connection) -> dict[str, str]:
    """Make every page, by file name. The database is one in which no setting was changed."""
    with reading(connection):
        return {
            "functions.md": _page(_functions(connection)),
            "tables.md": _page(_relations(connection)),
            "settings.md": _page(_settings(connection)),
            "keywords.md": vocabulary.page(),
            "commands.md": _page(_commands()),
        }


def _page(lines: Iterator[str]) -> str:
    return "\n".join(lines) + "\n"


def _functions(connection: psycopg.Connection) -> Iterator[str]:
    yield "# Functions"
    yield ""
    yield "The functions of schema `bss`: the interface of BSS. Made from the catalog."
    for name, arguments, result, comment, definer, roles in connection.execute(_FUNCTIONS):
        yield from ("", f"## bss.{name}", "", "```sql")
        # a procedure has no result, and takes each of its arguments as one that goes in
        call = "" if result else "call "
        yield from _enclosed(f"{call}bss.{name}", arguments.replace("IN ", ""))
        if result and result.startswith("TABLE("):
            yield from _enclosed("returns table ", result[len("TABLE(") : -1])
        elif result:
            yield f"returns {result}"
        yield from ("```", "", comment, "")
        yield f"Callable by {_listed(roles)}; runs as {'`bss_owner`' if definer else 'the caller'}."


def _enclosed(head: str, items: str) -> Iterator[str]:
    """Give one line for each item: no type and no default of ours has a comma in it."""
    if not items:
        yield f"{head}()"
        return
    yield f"{head}("
    *others, last = items.split(", ")
    yield from (f"    {item}," for item in others)
    yield from (f"    {last}", ")")


def _relations(connection: psycopg.Connection) -> Iterator[str]:
    yield "# Tables and views"
    yield ""
    yield (
        "The views of schema `bss` are the interface; the tables of `bss_metadata` are what is "
        "kept. Row-level security decides which rows a reader sees. Made from the catalog."
    )
    for schema in ("bss", "bss_metadata"):
        for oid, name, comment, roles in connection.execute(_RELATIONS, [schema]).fetchall():
            yield from ("", f"## {name}", "", comment, "", f"Read by {_listed(roles)}.", "")
            columns = connection.execute(_COLUMNS, [oid]).fetchall()
            yield from _table(("column", "type", "meaning"), columns, code=2)


def _settings(connection: psycopg.Connection) -> Iterator[str]:
    yield "# Settings"
    yield ""
    yield (
        "What an operator may adjust, with `bss.set_setting(name, value)`; `bss.settings` shows "
        "the present values. Made from a fresh installation."
    )
    yield ""
    yield from _table(("setting", "default", "meaning"), connection.execute(_SETTINGS), code=2)


def _commands() -> Iterator[str]:
    yield "# Commands"
    yield ""
    yield "The command `bss`. Results go to standard output, progress and errors to standard error."
    yield from _command("bss", typer.main.get_command(app))
    yield from ("", "## Exit codes", "")
    yield from _table(("code", "meaning"), ((str(int(code)), EXITS[code]) for code in Exit), code=1)


EXITS: Mapping[Exit, str] = {
    Exit.OK: "The command did what it was asked.",
    Exit.FINDINGS: "It did its work and found something: doctor, verify, status, compile, fleet.",
    Exit.USAGE: "It was called wrongly.",
    Exit.REFUSED: "The database refused; the SQLSTATE is part of the message.",
    Exit.UNREACHABLE: "It could not connect.",
    Exit.STATE: "BSS is not installed, is installed already, or is at odds with this release.",
    Exit.MISSING: "This machine lacks a program or a package.",
}


def _command(name: str, command: Any) -> Iterator[str]:
    for sub, inner in getattr(command, "commands", {}).items():
        if hasattr(inner, "commands"):
            yield from _command(f"{name} {sub}", inner)
            continue
        usage = " ".join([name, sub, *(_placed(item) for item in inner.params)])
        yield from ("", f"## {name} {sub}", "", "```text", usage, "```", "", inner.help)
        if inner.epilog:
            yield from ("", inner.epilog)
        if inner.params:
            yield ""
            rows = ((_spelled(item), _meaning(item)) for item in inner.params)
            yield from _table(("argument", "meaning"), rows, code=1)


def _placed(item: Any) -> str:
    return _spelled(item) if item.required else f"[{_spelled(item)}]"


def _spelled(item: Any) -> str:
    if not item.opts[0].startswith("-"):
        return str(item.name).upper()
    names = "/".join([*item.opts, *item.secondary_opts])
    return names if item.is_flag else f"{names} {item.metavar or item.name.upper()}"


def _meaning(item: Any) -> str:
    default = item.default
    if isinstance(default, str) and default and item.show_default:
        return f"{item.help} Default: `{default}`."
    return str(item.help)


def _listed(roles: Sequence[str]) -> str:
    return ", ".join(f"`{role}`" for role in roles) or _OWNERS_ALONE


def _table(
    head: Sequence[str], rows: Iterator[Sequence[str]] | psycopg.Cursor | list[Any], *, code: int
) -> Iterator[str]:
    """Give a table; the first `code` columns are set as code."""
    yield f"| {' | '.join(head)} |"
    yield f"| {' | '.join('---' for _ in head)} |"
    for row in rows:
        cells = [str(cell).replace("|", "\\|") for cell in row]
        cells[:code] = [f"`{cell}`" for cell in cells[:code]]
        yield f"| {' | '.join(cells)} |"


def main(dsn: str, report: Callable[[str], None] = print) -> None:
    """Write the pages."""
    with connect(dsn) as connection:
        for name, text in pages(connection).items():
            (REFERENCE / name).write_text(text, "utf-8")
            report(name)


if __name__ == "__main__":
    main(sys.argv[1])
