"""The command `bss metrics`: turns the view bss.metrics into the text that Prometheus reads."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import groupby

from bss_loader import console
from bss_loader.connection import Dsn, connect

Metric = tuple[str, str, Mapping[str, str], Decimal]
"""A row of the view: name, type, labels, value."""

_METRICS = "select name, type, labels, value from bss.metrics order by name, labels"


def metrics(dsn: Dsn = "") -> None:
    """Print what monitoring watches, in the text format of Prometheus."""
    with connect(dsn) as connection:
        console.result(exposition(connection.execute(_METRICS).fetchall()))


def exposition(rows: Iterable[Metric]) -> str:
    """Give the text of metrics that are in the order of their names.

    https://prometheus.io/docs/instrumenting/exposition_formats/
    """
    lines = []
    for (name, kind), group in groupby(rows, key=lambda row: row[:2]):
        lines.append(f"# TYPE {name} {kind}")
        lines += [f"{name}{_labels(labels)} {value}" for _, _, labels, value in group]
    return "\n".join(lines)


def _labels(labels: Mapping[str, str]) -> str:
    said = ",".join(f'{name}="{_escaped(value)}"' for name, value in sorted(labels.items()))
    return f"{{{said}}}" if said else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
