"""From what a script expects of a database to the statements that make sure of it.

They are part of the script, so that psql's user is refused by the same words and codes as the
loader's: SB901 installed already, SB902 not installed, SB903 a state file differs, SB906 drift.
"""

import json
from dataclasses import dataclass

from bss_loader.installation import SETTINGS
from bss_loader.manifest import Manifest
from bss_loader.programs import SUPPORTED
from bss_loader.script import do_block

# One installation at a time in a database. The number is the ASCII of "bss_load"; it is interface:
# a script that must not run beside an upgrade takes the same lock.
LOCK_KEY = int.from_bytes(b"bss_load")

# What backtrace_functions is set to by whoever executes DDL of BSS as a superuser or by SET ROLE
# bss_owner, as nobody else can: bss_watch.on_ddl() takes it for BSS. No C function has that name.
OWN_DDL = "own_ddl_of_bss"

# What the code and access files make again at every upgrade. Drift in anything else is not mended
# by an upgrade, and recording the catalog afterwards would hide it.
REPLACED_KINDS = [
    "function",
    "view",
    "view column",
    "trigger",
    "event trigger",
    "policy",
    "grant",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where an upgrade starts: the version that is installed, and the state files it has run."""

    version: str
    state: frozenset[str]


def settings() -> str:
    """Set what the transaction runs under, whatever role, database or server prefer."""
    return "\n".join(
        (
            "set local client_min_messages = warning;",
            "set local lock_timeout = '10s';",
            "set local statement_timeout = 0;",
            "set local standard_conforming_strings = on;",
            "set local check_function_bodies = on;",
            "set local default_tablespace = '';",
            "set local default_table_access_method = heap;",
            *SETTINGS,
        )
    )


def requirements(manifest: Manifest) -> str:
    """Require a superuser, a supported server and encoding, and that nobody else is at it.

    What comes then is not recorded as DDL by others.
    """
    return do_block(
        """
        begin
            if not (select r.rolsuper from pg_roles as r where r.rolname = current_user) then
                raise exception using
                    errcode = 'insufficient_privilege',
                    message = 'only a superuser can install BSS',
                    detail = 'BSS creates roles and functions in PL/Python.';
            end if;
            if current_setting('server_version_num')::integer / 10000
                not between ${oldest} and ${newest}
            then
                raise exception using
                    errcode = 'feature_not_supported',
                    message = format(
                        'BSS %s does not support PostgreSQL %s',
                        ${version}, current_setting('server_version')
                    ),
                    detail = 'It supports PostgreSQL ' || ${oldest} || ' to ' || ${newest} || '.';
            end if;
            if current_setting('server_encoding') <> 'UTF8' then
                raise exception using
                    errcode = 'feature_not_supported',
                    message = format(
                        'BSS does not support the encoding "%s"', current_setting('server_encoding')
                    ),
                    hint = 'Create a database with ENCODING ''UTF8'' TEMPLATE template0.';
            end if;
            begin
                perform pg_advisory_xact_lock(${lock});
            exception when lock_not_available then
                raise exception using
                    errcode = 'lock_not_available',
                    message = 'BSS is being installed or upgraded in this database',
                    hint = 'Try again when that has ended.';
            end;
            perform set_config('backtrace_functions', ${mark}, true);
        end
    """,
        mark=OWN_DDL,
        version=manifest.version,
        lock=LOCK_KEY,
        oldest=SUPPORTED[0],
        newest=SUPPORTED[-1],
    )


NOT_INSTALLED = do_block("""
    begin
        if to_regclass('bss_internal.installation') is not null then
            raise exception using
                errcode = 'SB901',
                message = format(
                    'BSS %s is already installed',
                    (select i.version from bss_internal.installation as i)
                ),
                hint = 'Use "bss upgrade", or the script that "bss bundle --from" prints.';
        end if;
    end
""")


def installed(manifest: Manifest, origin: Origin) -> str:
    """Require the version that the upgrade starts from, with the state files of this release."""
    expected = {
        file.name: file.checksum for file in manifest.files("state") if file.name in origin.state
    }
    return do_block(
        """
        declare
            _version text;
            _files text;
        begin
            if to_regclass('bss_internal.installation') is null then
                raise exception using
                    errcode = 'SB902',
                    message = 'BSS is not installed',
                    hint = 'Use "bss install", or the script that "bss bundle" prints.';
            end if;
            select i.version into _version from bss_internal.installation as i;
            if _version is distinct from ${version} then
                raise exception using
                    errcode = 'SB902',
                    message = format(
                        'BSS %s is not installed', ${version}
                    ),
                    detail = format('The installed version is %s.', _version);
            end if;
            select string_agg(name, ', ' order by name) into _files
            from bss_internal.state_files as recorded
            full join jsonb_each_text(${state})
                as expected (name, checksum) using (name)
            where recorded.checksum is distinct from expected.checksum;
            if _files is not null then
                raise exception using
                    errcode = 'SB903',
                    message = 'state files of this release differ from those that have run',
                    detail = format('Files: %s.', _files),
                    hint = 'Upgrade with the release that follows the installed one.';
            end if;
        end
    """,
        version=origin.version,
        state=json.dumps(expected),
    )


def no_drift() -> str:
    """Require that what the upgrade does not make again is as the last installation left it."""
    return do_block(
        """
        declare
            _objects text;
        begin
            select string_agg(format('%s %s', kind, identity), ', ' order by kind, identity)
            into _objects
            from bss_internal.installed_objects as recorded
            full join bss_internal.catalog_objects as found using (kind, identity)
            where recorded.checksum is distinct from found.checksum
                and kind <> all (${replaced}::text[]);
            if _objects is not null then
                raise exception using
                    errcode = 'SB906',
                    message = 'objects of BSS have changed since it was installed',
                    detail = format('Objects: %s.', _objects),
                    hint = 'An upgrade does not mend them. Mend them, or give --accept-drift to '
                        'record them as they are.';
            end if;
        end
    """,
        replaced=REPLACED_KINDS,
    )
