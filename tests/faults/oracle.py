"""What must be true whenever nobody is at work: register, ledger and catalog agree."""

from typing import Any

import psycopg

ORPHANS = """
    select format('tenant %s has no schema', t.external_id)
    from bss_metadata.tenants as t
    where t.status <> 'DELETED'
        and not exists (select from pg_namespace as n where n.nspname = t.schema_name)
    union all
    select format('schema %s has no tenant', n.nspname)
    from pg_namespace as n
    where n.nspname like 'tenant\\_%'
        and not exists (
            select from bss_metadata.tenants as t
            where t.schema_name = n.nspname and t.status <> 'DELETED'
        )
    union all
    select format('tenant %s stays %s', t.external_id, t.status)
    from bss_metadata.tenants as t where t.status = 'INITIALIZING'
    union all
    select format('versions of tenant %s are not counted from 1', s.tenant_id)
    from bss_metadata.tenant_schemas as s
    group by s.tenant_id having max(s.version) <> count(*) or min(s.version) <> 1
    union all
    select format('partition %s of tenant %s is gone', p.name, t.external_id)
    from bss_metadata.partitions as p
    join bss_metadata.tenants as t on t.id = p.tenant_id
    where to_regclass(format('%I.%I', t.schema_name, p.name)) is null
    union all
    select format('%s of tenant %s has drifted', d.object, d.tenant) from bss.drift_all() as d
    union all
    select format('%s by %s is taken for DDL by others', l.object_identity, l.current_user_name)
    from bss.ddl_log as l
    union all
    select format('function %s is unused', c) from bss_internal.unused_checks() as c
"""


def orphans(connection: psycopg.Connection[Any]) -> list[str]:
    """List what is in one of them, and not in another."""
    return [fault for (fault,) in connection.execute(ORPHANS)]
