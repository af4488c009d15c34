"""Changes of one part, to make plans of."""

from dataclasses import replace
from typing import Any

from bss_compiler.diagnostic import Findings
from bss_compiler.diff import Alter, Change, Create, Drop
from bss_compiler.model import (
    Check,
    Column,
    ForeignKey,
    Grant,
    Index,
    IndexKey,
    Partition,
    Policy,
    PrimaryKey,
    Table,
    Trigger,
    Unique,
)
from bss_compiler.plan import Step, plan

TEXT = Column(name="a", type="text")
SUM = Column(name="s", type="bigint", generated="(a + 1)")
CHECK = Check(name="c", expression="(a > '5%'::text)")
KEY = PrimaryKey(name="k", columns=("a", "B"))
UNIQUE = Unique(name="u", columns=("a", "B"), nulls_not_distinct=True)
REFERENCE = ForeignKey(
    name="f", columns=("a",), table="Other", referenced=("id",), on_delete="SET NULL"
)
INDEX = Index(name="i", method="btree", keys=(IndexKey(column="a"),), include=("b",))
POLICY = Policy(name="p", command="ALL", roles=("r", "S"), using="true", check="(a = '%')")
GRANT = Grant(role="R", privileges=("INSERT", "SELECT"))
TRIGGER = Trigger(
    name="t", timing="AFTER", events=("INSERT", "UPDATE"), level="ROW", function="s.f"
)
ENCRYPTING = replace(TRIGGER, column="a")
PARTITION = Partition(name="p", bound="FOR VALUES IN ('5%')")
TABLE = Table(name="t", comment="It's")


def steps_of(*changes: Change) -> tuple[Step, ...]:
    findings = Findings()
    steps = plan(changes, findings, destroys=True)
    assert findings.diagnostics == []
    return steps


def rendered(*changes: Change) -> list[str]:
    from bss_compiler.ddl import render

    return [statement for step in steps_of(*changes) for statement in render(step)]


def create(part: Any) -> Create:
    return Create(table="t", part=part)


def drop(part: Any) -> Drop:
    return Drop(table="t", part=part)


def alter(before: Any, **changes: Any) -> Alter:
    return Alter(table="t", before=before, after=replace(before, **changes))


NOT_NULL = replace(TEXT, nullable=False, default="'x'::text")
GONE = replace(TEXT, deprecated=True)
