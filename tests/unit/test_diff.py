"""The differences of two models, as laws: what takes a change back, what goes with a rename."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bss_compiler.diff import (
    Alter,
    Change,
    Renames,
    composed,
    diff,
    followed,
    inverse,
    renames,
    taken_back,
)
from bss_compiler.model import (
    Check,
    Column,
    ForeignKey,
    Index,
    IndexKey,
    Model,
    Partition,
    Policy,
    PrimaryKey,
    Table,
    Unique,
)
from bss_compiler.model.expression import columns_in

TABLES = ("t", "u", "v")
COLUMNS = ("a", "b", "c")


def tables(name: str) -> st.SearchStrategy[Table]:
    """Tables of some columns, with parts that are about these."""
    column = st.sampled_from(COLUMNS)
    parts: dict[str, Any] = {
        "columns": st.lists(
            st.builds(
                Column,
                name=column,
                type=st.sampled_from(["text", "bigint"]),
                nullable=st.booleans(),
                generated=st.none() | st.just("(a || b)"),
                comment=st.none() | st.just("C"),
            ),
            unique_by=lambda item: item.name,
        ),
        "constraints": st.lists(
            st.one_of(
                st.builds(PrimaryKey, name=st.just(f"{name}_pkey"), columns=st.tuples(column)),
                st.builds(Unique, name=st.just(f"{name}_key"), columns=st.tuples(column)),
                st.builds(
                    Check,
                    name=st.sampled_from([f"{name}_check", "stated"]),
                    expression=st.sampled_from(["(a > 1)", "(b > 1)", "true"]),
                ),
                st.builds(
                    ForeignKey,
                    name=st.just(f"{name}_fkey"),
                    columns=st.tuples(column),
                    table=st.sampled_from(TABLES),
                    referenced=st.tuples(column),
                ),
            ),
            unique_by=lambda item: item.name,
        ),
        "indexes": st.lists(
            st.builds(
                Index,
                name=st.sampled_from([f"{name}_idx", f"{name}_other"]),
                method=st.just("btree"),
                keys=st.tuples(st.builds(IndexKey, column=column)),
                unique=st.booleans(),
            ),
            unique_by=lambda item: item.name,
        ),
        "partitions": st.lists(
            st.builds(Partition, name=st.just(f"{name}_part"), bound=st.sampled_from("xy")),
            max_size=1,
        ),
        "policies": st.lists(
            st.builds(Policy, name=st.just("p"), command=st.just("ALL"), roles=st.just(()),
                      using=st.sampled_from(["true", "false"])),
            max_size=1,
        ),
    }  # fmt: skip
    return st.builds(
        Table,
        name=st.just(name),
        comment=st.none() | st.just("C"),
        row_security=st.booleans(),
        **{key: value.map(tuple) for key, value in parts.items()},
    )


def names(found: Iterable[Table | Column]) -> set[str]:
    return {item.name for item in found}


def without_loose_ends(model: Model) -> Model:
    """Leave out the rules that are about what is not there."""
    there = {table.name: names(table.columns) for table in model.tables}

    def is_sound(table: Table, part: Any) -> bool:
        match part:
            case Check():
                return columns_in(part.expression) <= there[table.name]
            case ForeignKey():
                return {*part.referenced} <= there.get(part.table, set()) and {
                    *part.columns
                } <= there[table.name]
        return {*part.columns} <= there[table.name]

    return Model(
        tables=tuple(
            replace(
                table,
                columns=tuple(
                    replace(
                        item, generated=item.generated if {"a", "b"} <= there[table.name] else None
                    )
                    for item in table.columns
                ),
                constraints=tuple(item for item in table.constraints if is_sound(table, item)),
                indexes=tuple(item for item in table.indexes if is_sound(table, item)),
            )
            for table in model.tables
        )
    )


models = (
    st.lists(st.sampled_from(TABLES), unique=True)
    .flatmap(lambda drawn: st.tuples(*map(tables, drawn)))
    .map(lambda found: without_loose_ends(Model(tables=found)))
)


@st.composite
def renamed_models(draw: st.DrawFn) -> tuple[Model, Model, Renames]:
    """Give a model, another one, and what has another name in it: one that nothing else has."""
    before, after = draw(models), draw(models)
    old, new = names(before.tables), names(after.tables)
    table_names = dict(
        zip(sorted(old - new), draw(st.permutations(sorted(new - old))), strict=False)
    )
    becomes = {table.name: table for table in after.tables}
    columns = {}
    for table in before.tables:
        other = becomes.get(table_names.get(table.name, table.name))
        gone = names(table.columns) - names(other.columns if other else ())
        come = names(other.columns if other else ()) - names(table.columns)
        is_renamed: bool = draw(st.booleans())
        if gone and come and is_renamed:
            columns[table.name, min(gone)] = min(come)
    return before, after, renames(table_names, columns)


@settings(max_examples=25, deadline=None)
@given(renamed_models())
def test_diff_taken_back_is_the_diff_of_the_models_the_other_way(
    drawn: tuple[Model, Model, Renames],
) -> None:
    before, after, done = drawn
    there = diff(before, after, done)
    back = diff(after, before, taken_back(done))
    assert {inverse(change) for change in there} == set(back)
    assert [inverse(inverse(change)) for change in there] == list(there)


@settings(max_examples=25, deadline=None)
@given(models, st.sets(st.sampled_from(TABLES)), st.sets(st.sampled_from(COLUMNS)))
def test_model_that_followed_renames_is_there_without_any_other_change(
    before: Model, some_tables: set[str], some_columns: set[str]
) -> None:
    there = names(before.tables)
    done = renames(
        {name: f"new {name}" for name in some_tables & there},
        {
            (table.name, column): f"new {column}"
            for table in before.tables
            for column in some_columns & names(table.columns)
        },
    )
    assert followed(followed(before, done), taken_back(done)) == before
    for change in diff(before, followed(before, done), done):
        assert isinstance(change, Alter)
        assert isinstance(change.after, Table | Column)
        assert change.before.name != change.after.name


@settings(max_examples=25, deadline=None)
@given(renamed_models())
def test_renames_that_are_taken_back_twice_are_the_same(
    drawn: tuple[Model, Model, Renames],
) -> None:
    *_, done = drawn
    assert taken_back(taken_back(done)) == done
    assert composed([done]) == done
    assert composed([done, taken_back(done)]) == Renames()


def test_renames_come_to_the_first_name_and_the_last() -> None:
    steps = [
        Renames(tables=(("t", "u"),), columns=(("t", "a", "b"),)),
        Renames(columns=(("u", "b", "c"), ("w", "x", "y"))),
        Renames(tables=(("u", "v"),)),
    ]
    assert composed(steps) == Renames(
        tables=(("t", "v"),), columns=(("t", "a", "c"), ("w", "x", "y"))
    )


def test_renames_do_not_take_what_came_later_for_what_had_its_name_before() -> None:
    steps = [Renames(columns=(("t", "a", "b"),)), Renames(columns=(("t", "a", "c"),))]
    assert composed(steps) == Renames(columns=(("t", "a", "b"),))
    steps = [Renames(tables=(("t", "u"),)), Renames(tables=(("t", "v"),))]
    assert composed(steps) == Renames(tables=(("t", "u"),))


def test_diff_gives_a_rule_another_name_only_where_that_is_free() -> None:
    def table(*names: str) -> Table:
        expressions = ("(a > 1)", "(a > 2)")
        return Table(
            name="t",
            constraints=tuple(
                Check(name=name, expression=expression)
                for name, expression in zip(names, expressions, strict=True)
            ),
        )

    def changes(before: Table, after: Table) -> list[str]:
        found = diff(Model(tables=(before,)), Model(tables=(after,)))
        return [f"{type(change).__name__} {_part(change).name}" for change in found]

    assert changes(table("p", "q"), table("p", "r")) == ["Alter r"]
    assert changes(table("p", "q"), table("q", "p")) == [
        "Drop q",
        "Create q",
        "Drop p",
        "Create p",
    ]
    assert changes(table("p", "q"), table("q", "r")) == ["Drop p", "Drop q", "Create q", "Create r"]


def _part(change: Change) -> Any:
    return change.after if isinstance(change, Alter) else change.part


@settings(max_examples=25, deadline=None)
@given(models)
def test_diff_is_the_same_with_no_renames_as_with_none(value: Model) -> None:
    assume(value.tables)
    after = replace(value, tables=value.tables[1:])
    assert diff(value, after) == diff(value, after, Renames())
