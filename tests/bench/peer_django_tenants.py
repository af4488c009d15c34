"""The model of the benchmarks in django-tenants, run as a process of its own.

    python -m tests.bench.peer_django_tenants DSN ENTITIES

For each line "provision" on standard input it makes one more tenant by its migrations; for each
line "migrate N" it adds a column with a default to the first N tables, and takes all tenants to
that. It answers with the milliseconds that this took.
"""

import contextlib
import io
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from psycopg.conninfo import conninfo_to_dict

REGISTER = """\
from django_tenants.models import DomainMixin, TenantMixin


class Client(TenantMixin):
    auto_create_schema = True


class Domain(DomainMixin):
    pass
"""
RECORDS = """\
import uuid

from django.db import models

"""
RECORD = """
class Record{number}(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    next = models.ForeignKey("Record{next}", null=True, on_delete=models.DO_NOTHING)
    number = models.TextField(db_index=False)
    amount = models.DecimalField(max_digits=20, decimal_places=2)
    status = models.TextField(null=True)
    issued_on = models.DateField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [models.Index(fields=["number"], name="record{number}_number")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(number__length__lte=40), name="record{number}_length"
            ),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="record{number}_amount"),
            models.CheckConstraint(
                condition=models.Q(status__in=["open", "paid", "canceled"]),
                name="record{number}_status",
            ),
        ]
"""
MIGRATION = """
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "{before}")]
    operations = [
        migrations.AddField(
            f"record{{table}}", "{column}", models.TextField(default="none", db_default="none")
        )
        for table in range({tables})
    ]
"""
LENGTH = """
from django.db.models.functions import Length

models.TextField.register_lookup(Length)
"""


def main() -> None:
    dsn, entities = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory() as directory:
        write_applications(Path(directory), entities)
        sys.path.insert(0, directory)
        settings.configure(**configuration(dsn))
        django.setup()
        with contextlib.redirect_stdout(io.StringIO()):
            call_command("makemigrations", "register", "records", verbosity=0)
            call_command("migrate_schemas", shared=True, verbosity=0)
        answer(Path(directory) / "records" / "migrations")


def write_applications(directory: Path, entities: int) -> None:
    records = "".join(
        RECORD.format(number=number, next=(number + 1) % entities) for number in range(entities)
    )
    for name, models in (("register", REGISTER), ("records", RECORDS + LENGTH + records)):
        (directory / name / "migrations").mkdir(parents=True)
        (directory / name / "__init__.py").touch()
        (directory / name / "migrations" / "__init__.py").touch()
        (directory / name / "models.py").write_text(models)


def configuration(dsn: str) -> dict[str, Any]:
    place = conninfo_to_dict(dsn)
    return {
        "DATABASES": {
            "default": {
                "ENGINE": "django_tenants.postgresql_backend",
                "NAME": place["dbname"],
                "HOST": place.get("host", ""),
                "PORT": place.get("port", ""),
                "USER": place.get("user", ""),
                "PASSWORD": place.get("password", ""),
            }
        },
        "DATABASE_ROUTERS": ["django_tenants.routers.TenantSyncRouter"],
        "SHARED_APPS": ["django_tenants", "django.contrib.contenttypes", "register"],
        "TENANT_APPS": ["records"],
        "INSTALLED_APPS": ["django_tenants", "django.contrib.contenttypes", "register", "records"],
        "TENANT_MODEL": "register.Client",
        "TENANT_DOMAIN_MODEL": "register.Domain",
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "USE_TZ": True,
    }


def answer(migrations: Path) -> None:
    from register.models import Client

    for number, line in enumerate(sys.stdin):
        verb, *arguments = line.split()
        if verb == "migrate":
            write_migration(migrations, tables=int(arguments[0]))
        started = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):
            if verb == "migrate":
                call_command("migrate_schemas", tenant=True, verbosity=0)
            else:
                Client(schema_name=f"peer_{number}").save(verbosity=0)
        print((time.perf_counter() - started) * 1000, flush=True)


def write_migration(migrations: Path, *, tables: int) -> None:
    before = max(path.stem for path in migrations.glob("0*.py"))
    number = int(before[:4]) + 1
    text = MIGRATION.format(before=before, column=f"added_{number}", tables=tables)
    (migrations / f"{number:04}_added.py").write_text(text)


if __name__ == "__main__":
    main()
