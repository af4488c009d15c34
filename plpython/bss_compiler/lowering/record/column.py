"""Turns the keywords that apply other schemas to one property into checks on its column."""

from collections.abc import Iterable

from bss_compiler.diagnostic import Code
from bss_compiler.lowering.facet import Facets
from bss_compiler.lowering.record.condition import FALSE, TRUE, any_of, atom, write
from bss_compiler.lowering.record.value import Value
from bss_compiler.lowering.record.writer import APPLICATORS, Writer
from bss_compiler.lowering.type import ColumnType
from bss_compiler.model import Check
from bss_compiler.naming import object_name, snake_case
from bss_compiler.quoting import ident

VALUE_APPLICATORS = APPLICATORS - {"$ref"}
"""Those that stand beside a type; a `$ref` has been followed to find it."""


def column_checks(
    writer: Writer, facets: Facets, *, table: str, column: str, type_: ColumnType
) -> Iterable[Check]:
    """Give the checks on a column of another type than jsonb; they pass where it is null."""
    value = Value(column=column, type=type_)
    absent = atom(f"({ident(column)} IS NULL)", f"({ident(column)} IS NOT NULL)")
    for place in sorted(facets.chain):
        schema = writer.document.reader.schemas[place]
        for keyword in schema.keywords:
            if keyword not in VALUE_APPLICATORS:
                continue
            pointer = schema.place(keyword)
            condition = writer.root_keyword(schema, keyword, value)
            if condition is FALSE:
                writer.findings.report(
                    Code.UNSATISFIABLE, pointer, f'keyword "{keyword}" accepts no value',
                    hint="Remove what forbids every value.",
                )  # fmt: skip
            elif condition is not TRUE:
                words = snake_case(keyword.removeprefix("$"))
                yield Check(
                    name=object_name(table, column, words, suffix="check"),
                    expression=write(any_of([absent, condition])),
                    pointer=pointer,
                    keyword=keyword,
                )
