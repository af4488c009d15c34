"""Turns `x-bss.events` into the triggers that write a table's events.

One statement writes all its events by one INSERT, from the rows before and after it. The functions
run with their owner's rights and whatever search_path the writer has, which a SET clause would cost
more to change than the rest takes; so every name and every operator in them has its schema.

Where rows are archived, events tell of those that are not: a row that is archived is deleted, and
one that is taken back is created.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import md5
from typing import Any

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document.extension import EVENTS_KEYS, check_keys
from bss_compiler.document.pointer import child
from bss_compiler.lowering.generated import computed_from
from bss_compiler.lowering.outline import Outline
from bss_compiler.model import Column, Trigger
from bss_compiler.quoting import ident, text

SCHEMA = "bss_capture"

_OLD, _NEW = "old_rows", "new_rows"
_PAIRS = 50
"""The members that jsonb_build_object() takes: a function of the server has 100 arguments."""

_LIVE = "select * from {} where not is_archived"
_EQUAL = "operator(pg_catalog.=)"
_JOIN = " operator(pg_catalog.||) "

_AWAKE = "1112757087, 1"
"""The advisory lock that bss.stay_awake() takes: "BSS_" as a number, and the one for events."""

_IS_ASLEEP = f"""(case
        when pg_catalog.pg_try_advisory_lock_shared({_AWAKE})
            then pg_catalog.pg_advisory_unlock_shared({_AWAKE})
    end)"""

_UNLESS_FILLING = """\
    if
        pg_catalog.current_setting('backtrace_functions')
        operator(pg_catalog.=) 'filling_of_bss'
    then
        return null;
    end if;
"""
"""What a migration writes into rows is told by the event of the new version, and columns may have
other names meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """What the events of a table say. `key` and `told` have columns by property.

    `tenant` is the column that says whose a row is; the rows of a shared table are nobody's, and it
    is None. `archives` says that rows which are archived are not told of. `compared` are the
    columns that make an update a change; None, as long as nothing is computed, stands for all: what
    sets `updated_at` leaves it where nothing else changes, but cannot see what will be computed.
    """

    table: str
    tenant: str | None
    payload: str
    key: Mapping[str, str]
    told: Mapping[str, str]
    compared: Sequence[str] | None
    archives: bool


def capture(outline: Outline, columns: Iterable[Column], findings: Findings) -> tuple[Trigger, ...]:
    """Give the triggers of an entity's table, by name; `columns` are all that the table has."""
    place = child(child(outline.entity.schema.pointer, "x-bss"), "events")
    options = check_keys(outline.entity.options.get("events", {}), EVENTS_KEYS, place, findings)
    payload = options.get("payload", "keys")
    # by name: the same is said of a table whatever order its columns came in
    columns = sorted(columns, key=lambda column: column.name)
    hidden = _hidden(outline, columns, options, place, findings)
    told = {
        column.property: column.name
        for column in columns
        if column.property is not None and column.property not in hidden
    }
    by_column = {column.name: column.property or column.name for column in columns}
    key = {by_column[name]: name for name in outline.key if name in by_column}
    if payload != "none":
        _check_key(key, hidden, outline, findings)
    return _triggers(
        Capture(
            table=outline.table,
            tenant="tenant_id" if outline.placement == "tenant" else None,
            payload=payload,
            key=key,
            told=told,
            compared=_compared(columns),
            archives=outline.archives,
        )
    )


def _compared(columns: Sequence[Column]) -> Sequence[str] | None:
    if all(column.generated is None for column in columns):
        return None
    return [
        column.name
        for column in columns
        if column.generated is None and column.name != "updated_at"
    ]


def _hidden(
    outline: Outline,
    columns: Iterable[Column],
    options: Mapping[str, Any],
    pointer: str,
    findings: Findings,
) -> frozenset[str]:
    """Give the properties that leave in no event, and those that are computed from them."""
    excluded: list[str] = options.get("exclude", [])
    for name in excluded:
        if name not in outline.properties:
            findings.report(
                Code.UNKNOWN_PROPERTY, child(pointer, "exclude"),
                f'property "{name}" does not exist',
                hint=f"The properties are {', '.join(list(outline.properties)[:20]) or 'none'}.",
            )  # fmt: skip
    sensitive = {column.name for column in columns if column.sensitive}
    hidden = frozenset(excluded).union(
        name for name, field in outline.properties.items() if field.column in sensitive
    )
    return hidden.union(
        name
        for name, field in outline.properties.items()
        if not hidden.isdisjoint(computed_from(field.options.get("generated")))
    )


def _check_key(
    key: Mapping[str, str], hidden: frozenset[str], outline: Outline, findings: Findings
) -> None:
    for name in sorted(hidden.intersection(key)):
        findings.report(
            Code.CONFLICTING_KEYWORDS, outline.properties[name].pointer,
            f'property "{name}" identifies records in events, and is to be in none',
            detail="An event names its record by the primary key.",
            hint='Set "x-bss": {"events": {"payload": "none"}} on the entity, or let it be told.',
        )  # fmt: skip


def _triggers(what: Capture) -> tuple[Trigger, ...]:
    return (
        _trigger("DELETE", _rows(what, "deleted", "o", _OLD), old=_OLD),
        _trigger("INSERT", _rows(what, "created", "n", _NEW), new=_NEW),
        _trigger("TRUNCATE", _truncated(what)),
        _trigger("UPDATE", _updated(what), old=_OLD, new=_NEW),
    )


def _trigger(event: str, body: str, *, old: str | None = None, new: str | None = None) -> Trigger:
    # the hash names what everyone may know; it guards nothing
    name = md5(body.encode(), usedforsecurity=False).hexdigest()
    return Trigger(
        name=f"capture_{event.lower()}",
        timing="BEFORE" if event == "TRUNCATE" else "AFTER",
        events=(event,),
        level="STATEMENT",
        function=f"{SCHEMA}.c_{name}",
        old_table=old,
        new_table=new,
        body=body,
    )


def _body(statement: str, condition: str, first: str = "") -> str:
    return f"""
begin
{first}{statement}
    if {condition} then
        perform bss_internal.wake();
    end if;
    return null;
end
"""


def _rows(what: Capture, action: str, alias: str, rows: str) -> str:
    insert = _insert(what, text(_topic(what, action)), alias, *_said(what, alias))
    which = f"\n    where not {alias}.is_archived" if what.archives else ""
    return _body(f"    {insert}\n    from {rows} as {alias}{which};", f"found and {_IS_ASLEEP}")


def _truncated(what: Capture) -> str:
    """Tell of every row, which TRUNCATE does not hand over, as of one that was deleted."""
    insert = _insert(what, text(_topic(what, "deleted")), "o", *_said(what, "o"))
    which = " where not o.is_archived" if what.archives else ""
    return _body(
        "    -- row-level security shows all rows to an operator, and none to anyone else\n"
        "    perform bss_internal.require_operator();\n"
        "    perform pg_catalog.pg_current_xact_id();\n"
        f"    execute pg_catalog.concat({text(insert + ' from ')}, "
        f"tg_relid::pg_catalog.regclass, {text(' as o' + which)});",
        _IS_ASLEEP,
    )


def _updated(what: Capture) -> str:
    """Tell of what changed; of a record whose key changed, that one went and another came."""
    key = [ident(column) for column in what.key.values()]
    # of a row that is on one side alone, the other side has no key
    is_new, is_gone = f"o.{key[0]} is null", f"n.{key[0]} is null"
    topic = "\n        ".join((
        "case",
        f"    when {is_new} then {text(_topic(what, 'created'))}",
        f"    when {is_gone} then {text(_topic(what, 'deleted'))}",
        f"    else {text(_topic(what, 'updated'))}",
        "end",
    ))  # fmt: skip
    (old_id, old_data), (new_id, new_data) = _said(what, "o"), _said(what, "n")
    match what.payload:
        case "none":
            record, data = "null", "null"
        case "keys":
            record, data = f"coalesce({new_id}, {old_id})", "null"
        case "row":
            record = f"coalesce({new_id}, {old_id})"
            data = f"case when {is_gone} then {old_data} else {new_data} end"
        case _:
            record = f"coalesce({new_id}, {old_id})"
            old, new = _members(what.told, "o"), _members(what.told, "n")
            data = (
                "bss_internal.changes(\n"
                f"            case when not {is_new} then {old} end,\n"
                f"            case when not {is_gone} then {new} end\n        )"
            )
    insert = _insert(what, topic, "no", record, data)
    # in a pool, other tenants have the same keys
    same = key if what.tenant is None else [what.tenant, *key]
    join = " and ".join(f"n.{name} {_EQUAL} o.{name}" for name in same)
    old_rows, new_rows = (
        f"({_LIVE.format(rows)})" if what.archives else rows for rows in (_OLD, _NEW)
    )
    compared = ["*"] if what.compared is None else [ident(column) for column in what.compared]
    before, after = (", ".join(f"{alias}.{column}" for column in compared) for alias in "on")
    return _body(
        f"    {insert}\n    from {old_rows} as o\n    full join {new_rows} as n on {join}\n"
        # by their bytes: not every type has an operator for equality
        "    where pg_catalog.record_image_ne(\n"
        f"        row({before}),\n        row({after})\n    );",
        f"found and {_IS_ASLEEP}",
        _UNLESS_FILLING,
    )


def _insert(what: Capture, topic: str, aliases: str, record: str, data: str) -> str:
    """Render the INSERT of what is in the rows of one alias, or of the first of two that has it."""
    tenant = "null"
    if what.tenant is not None:
        tenant = ", ".join(f"{alias}.{what.tenant}" for alias in aliases)
    if len(aliases) > 1 and what.tenant is not None:
        tenant = f"coalesce({tenant})"
    return (
        "insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)\n"
        f"    select\n        {tenant}, {topic},\n        {text(what.table)}, {record},\n"
        f"        {data}"
    )


def _said(what: Capture, alias: str) -> tuple[str, str]:
    """Give the record's key and the payload of an event about a row that came or went."""
    match what.payload:
        case "none":
            return "null", "null"
        case "keys":
            return _record_id(what, alias), "null"
        case "row":
            return _record_id(what, alias), _members(what.told, alias)
    side = "new" if alias == "n" else "old"
    members = _members(what.told, alias)
    return _record_id(what, alias), f"pg_catalog.jsonb_build_object('{side}', {members})"


def _record_id(what: Capture, alias: str) -> str:
    if len(what.key) == 1:
        (column,) = what.key.values()
        return f"pg_catalog.to_jsonb({alias}.{ident(column)})"
    # with a side of a join that is not there, null and not an object of nulls
    first = next(iter(what.key.values()))
    return f"case when {alias}.{ident(first)} is not null then {_members(what.key, alias)} end"


def _members(columns: Mapping[str, str], alias: str) -> str:
    pairs = [f"{text(name)}, {alias}.{ident(column)}" for name, column in columns.items()]
    parts = [pairs[start : start + _PAIRS] for start in range(0, len(pairs), _PAIRS)] or [[]]
    return _JOIN.join(f"pg_catalog.jsonb_build_object({', '.join(part)})" for part in parts)


def _topic(what: Capture, action: str) -> str:
    return f"business_store.data.{what.table}.{action}"
