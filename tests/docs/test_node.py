"""The Node program of the how-to on events does what it is there for."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from bss_loader.manifest import locate

ROOT = locate().sql.parent
PAGE = ROOT / "docs" / "how-to" / "consume_events.md"
MODULES = ROOT / ".venv" / "cache" / "node" / "node_modules"
NODE = shutil.which("node")
VARIABLES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "dbname": "PGDATABASE"}
DOCUMENT = """{
    "title": "Customer", "type": "object",
    "properties": {"customer_id": {"type": "integer"}, "name": {"type": "string"}},
    "x-bss": {"events": {"payload": "changes"}}
}"""


@pytest.mark.skipif(
    NODE is None or not MODULES.is_dir(), reason="npm was not there when the tests were set up"
)
def test_node_program_is_woken_and_acknowledges(dsn: str, tmp_path: Path) -> None:
    program = re.findall(r"^```js\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    script = tmp_path / "mailer.js"
    script.write_text(*program)
    place = conninfo_to_dict(dsn)
    given = {variable: str(place[name]) for name, variable in VARIABLES.items() if name in place}
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("select bss.provision_tenant('acme', %s)", [DOCUMENT])
        connection.execute("select bss.subscribe('mailer', '{business_store.data.**}')")
        connection.execute("insert into tenant_acme.customers (customer_id, name) values (1, 'A')")
        with subprocess.Popen(
            [NODE or "node", script],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "NODE_PATH": str(MODULES), **given},
        ) as process:
            assert process.stdout is not None
            first = process.stdout.readline()
            connection.execute("update tenant_acme.customers set name = 'B'")
            second = process.stdout.readline()
            process.kill()
        left = connection.execute("select lag_events <= 1 from bss.consumers").fetchone()
    assert first == "business_store.data.customers.created { name: 'A', customer_id: 1 }\n"
    assert second == "business_store.data.customers.updated { name: 'B' }\n"
    assert left == (True,)
