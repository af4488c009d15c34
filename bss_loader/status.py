"""From a database to a summary of the BSS in it: release, tenants, sizes."""

from dataclasses import asdict, dataclass
from datetime import datetime

import psycopg

from bss_loader import console
from bss_loader.connection import Dsn, connect
from bss_loader.console import Json
from bss_loader.installation import reading, require_installation

_TENANTS = """
    select status, count(*) from bss_metadata.tenants where isolation <> 'host'
    group by status order by status
"""
_COUNTS = """
    select
        (select count(*) from bss_metadata.tenant_schemas),
        pg_database_size(current_database()),
        (
            select coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint
            from pg_class as c
            join pg_namespace as n on n.oid = c.relnamespace
            join bss_metadata.tenants as t on t.schema_name = n.nspname
            where c.relkind in ('r', 'm') and t.isolation <> 'pool'
        )
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What an operator asks first. Sizes are in bytes."""

    database: str
    server: str
    version: str
    release: str
    installed_at: datetime
    upgraded_at: datetime | None
    tenants: dict[str, int]
    schema_versions: int
    database_size: int
    tenants_size: int


def status(dsn: Dsn = "", as_json: Json = False) -> None:
    """Say what is installed, how many tenants there are, and how large they are."""
    with connect(dsn) as connection:
        found = read_status(connection)
    if as_json:
        console.result_json(asdict(found))
    else:
        for name, value in _rows(found):
            console.result(f"{name:<16} {value}")


def read_status(connection: psycopg.Connection) -> Status:
    """Read the summary of one database; LoaderError if BSS is not installed in it."""
    with reading(connection):
        installed = require_installation(connection)
        tenants: dict[str, int] = dict(connection.execute(_TENANTS).fetchall())
        [(schema_versions, database_size, tenants_size)] = connection.execute(_COUNTS).fetchall()
    return Status(
        database=connection.info.dbname,
        server=connection.info.parameter_status("server_version") or "",
        version=installed.version,
        release=installed.release,
        installed_at=installed.installed_at,
        upgraded_at=installed.upgraded_at,
        tenants=tenants,
        schema_versions=schema_versions,
        database_size=database_size,
        tenants_size=tenants_size,
    )


def _rows(found: Status) -> list[tuple[str, str]]:
    tenants = ", ".join(f"{count} {status}" for status, count in found.tenants.items())
    return [
        ("database", f"{found.database} (PostgreSQL {found.server})"),
        ("version", f"{found.version}, release {found.release[:12]}"),
        ("installed", f"{found.installed_at:%Y-%m-%d %H:%M %Z}"),
        ("upgraded", f"{found.upgraded_at:%Y-%m-%d %H:%M %Z}" if found.upgraded_at else "never"),
        ("tenants", tenants or "none"),
        ("schema versions", str(found.schema_versions)),
        ("database size", size(found.database_size)),
        ("tenants' size", size(found.tenants_size)),
    ]


def size(bytes_: int) -> str:
    size, unit = float(bytes_), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if size < 1024:
            break
        size, unit = size / 1024, larger
    return f"{size:.0f} {unit}"
