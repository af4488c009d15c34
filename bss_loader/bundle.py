"""From a manifest and the state a database is in to the parts of one script.

There is one rendering. `bss install` and `bss upgrade` execute the parts, `bss bundle` prints them
for psql; the two cannot differ.

A function, view or trigger belongs to the code files, wherever a state file's table may need it:
code is created or replaced at every upgrade, and what no file replaces any more is dropped, without
CASCADE. What CREATE OR REPLACE cannot change (a return type, the name of an argument, the columns
of a view) is dropped by a state file that runs before it.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from textwrap import indent
from typing import Annotated

import typer

from bss_loader import console, guard
from bss_loader.guard import Origin
from bss_loader.manifest import Group, Manifest, SourceFile, read_manifest
from bss_loader.script import do_block, fill, remark

BEGIN = "begin isolation level read committed, read write;"
COMMIT = "commit;"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of the script, executed as a whole. `offset` is the lines before a file's first."""

    name: str
    sql: str
    offset: int = 0


def render(
    manifest: Manifest, origin: Origin | None = None, *, accept_drift: bool = False
) -> tuple[Part, ...]:
    """Render the parts that install a release, or that take `origin` to it."""
    return tuple(_parts(manifest, origin, accept_drift=accept_drift))


def script(manifest: Manifest, parts: tuple[Part, ...]) -> str:
    """Join the parts to one transaction for psql."""
    head = (
        remark(f"BSS {manifest.version}, release {manifest.release}"),
        remark("Run as a superuser, in the database that BSS is to live in: psql -X -f FILE"),
        r"\set ON_ERROR_STOP on",
        r"\set ON_ERROR_ROLLBACK off",
        r"\encoding UTF8",
        BEGIN,
    )
    body = (f"{remark(part.name)}\n{part.sql}" for part in parts)
    return "\n\n\n".join(("\n".join(head), *body, COMMIT)) + "\n"


def bundle(
    origin: Annotated[
        str,
        typer.Option("--from", metavar="VERSION", help="Upgrade this version.", show_default=False),
    ] = "",
    accept_drift: Annotated[
        bool, typer.Option("--accept-drift", help="Let the script record what it finds changed.")
    ] = False,
) -> None:
    """Print what install (or, with --from, upgrade) executes as one script for psql."""
    manifest = read_manifest()
    start = Origin(version=origin, state=manifest.state_of(origin)) if origin else None
    console.result(script(manifest, render(manifest, start, accept_drift=accept_drift)))


def _parts(manifest: Manifest, origin: Origin | None, *, accept_drift: bool) -> Iterator[Part]:
    applied = origin.state if origin else frozenset()
    yield Part(name="settings", sql=guard.settings())
    yield Part(name="requirements", sql=guard.requirements(manifest))
    if origin is None:
        yield Part(name="origin", sql=guard.NOT_INSTALLED)
    else:
        yield Part(name="origin", sql=guard.installed(manifest, origin))
        if not accept_drift:
            yield Part(name="drift", sql=guard.no_drift())
        yield Part(name="code before", sql=_CODE_BEFORE)
    for group in manifest.groups:
        if group.verb != "access":
            yield from _group(group, applied)
    if origin is not None:
        yield Part(name="code gone", sql=_CODE_GONE)
    yield Part(name="modules", sql="\n\n".join(_modules(manifest)))
    for group in manifest.groups:
        if group.verb == "access":
            yield from _group(group, applied)
    yield Part(name="record", sql="\n\n".join(_record(manifest, origin)))


def _group(group: Group, applied: frozenset[str]) -> Iterator[Part]:
    for file in group.files:
        if group.verb != "state" or file.name not in applied:
            yield _file(group, file)


def _file(group: Group, file: SourceFile) -> Part:
    head = remark(f"{group.verb} {group.name}: {group.reason}") + "\n"
    tail = ""
    if group.run_as == "bss_owner":
        head += "set local role bss_owner;\n"
        tail = "reset role;\n"
    return Part(name=file.name, sql=f"{head}{file.text.rstrip()}\n{tail}", offset=head.count("\n"))


# The transaction that last wrote a definition tells whether a file has replaced it since.
_CODE = """
select p.tableoid as catalog, p.oid as object, p.xmin::text as written_by
from pg_proc as p
where p.pronamespace in (
    'bss'::regnamespace, 'bss_internal'::regnamespace, to_regnamespace('bss_watch')
)
union all
select c.tableoid, c.oid, r.xmin::text
from pg_class as c
join pg_rewrite as r on r.ev_class = c.oid and r.rulename = '_RETURN'
where c.relkind = 'v' and c.relnamespace in ('bss'::regnamespace, 'bss_internal'::regnamespace)
union all
select t.tableoid, t.oid, t.xmin::text
from pg_trigger as t
join pg_class as c on c.oid = t.tgrelid
where c.relnamespace in ('bss_metadata'::regnamespace, 'bss_internal'::regnamespace)
    and not t.tgisinternal and t.tgparentid = 0
""".strip()

_CODE_BEFORE = f"create temporary table bss_code_before on commit drop as\n{_CODE};"

_CODE_GONE = do_block(
    """
declare
    _drop text;
begin
    for _drop in
        with gone as (
            select o.type, o.identity
            from (
                table pg_temp.bss_code_before
                intersect
                (
<code>
                )
            ) as kept
            cross join pg_identify_object(kept.catalog, kept.object, 0) as o
        )
        select statement from (
            select 1, format('drop trigger %s', gone.identity)
            from gone where gone.type = 'trigger'
            union all
            select 2, format('drop view %s', string_agg(gone.identity, ', '))
            from gone where gone.type = 'view' having count(*) > 0
            union all
            select 3, format('drop routine %s', string_agg(gone.identity, ', '))
            from gone where gone.type not in ('trigger', 'view') having count(*) > 0
        ) as drops (position, statement)
        order by position
    loop
        execute _drop;
    end loop;
end
""".replace("<code>", indent(_CODE, " " * 20))
)


_DELETE_MODULES = "delete from bss_internal.python_modules where name <> all (${names}::text[]);"

_WRITE_MODULE = """
insert into bss_internal.python_modules as m (name, is_package, source, checksum)
values (${name}, ${is_package}, ${source}, ${checksum})
on conflict (name) do update set
    is_package = excluded.is_package,
    source = excluded.source,
    checksum = excluded.checksum
where (m.is_package, m.source, m.checksum)
    is distinct from (excluded.is_package, excluded.source, excluded.checksum);
""".strip()

_RECORD_INSTALLATION = """
insert into bss_internal.installation (version, release) values (${version}, ${release});
""".strip()

_RECORD_UPGRADE = """
update bss_internal.installation
set version = ${version}, release = ${release}, upgraded_at = now();
""".strip()

_RECORD_STATE = """
insert into bss_internal.state_files (name, checksum)
select f.name, f.checksum from jsonb_each_text(${files}) as f (name, checksum);
""".strip()

_RECORD_CODE = """
delete from bss_internal.code_files;
insert into bss_internal.code_files (name, checksum)
select f.name, f.checksum from jsonb_each_text(${files}) as f (name, checksum);
""".strip()

_RECORD_OBJECTS = """
delete from bss_internal.installed_objects;
insert into bss_internal.installed_objects (kind, identity, checksum)
select o.kind, o.identity, o.checksum from bss_internal.catalog_objects as o;
""".strip()


def _modules(manifest: Manifest) -> Iterator[str]:
    yield fill(_DELETE_MODULES, names=[module.name for module in manifest.modules])
    for module in manifest.modules:
        yield fill(_WRITE_MODULE, **asdict(module))


def _record(manifest: Manifest, origin: Origin | None) -> Iterator[str]:
    applied = origin.state if origin else frozenset()
    state = {f.name: f.checksum for f in manifest.files("state") if f.name not in applied}
    code = {f.name: f.checksum for f in manifest.files("code", "access")}
    yield fill(
        _RECORD_UPGRADE if origin else _RECORD_INSTALLATION,
        version=manifest.version,
        release=manifest.release,
    )
    yield fill(_RECORD_STATE, files=json.dumps(state, indent=4))
    yield fill(_RECORD_CODE, files=json.dumps(code, indent=4))
    yield _RECORD_OBJECTS
