"""A column of a table."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column.

    `type` is what format_type() prints; the type `vector(n)` is written without its schema, which
    differs between databases. `default` is an expression, or None; so is `generated`, from which
    the column is computed whenever a row is written. A deprecated column is one that the document
    no longer has: it is kept, nullable and without a default, and says so in its comment.
    `property` and `pointer` say where it comes from, `renamed_from` which property it says it was;
    the catalog does not know them, nor whether what the column has is `sensitive`: no event, no log
    and no list has it. A column of the type ENCRYPTED always is.
    """

    name: str
    type: str
    nullable: bool = True
    default: str | None = None
    generated: str | None = None
    comment: str | None = None
    deprecated: bool = False
    property: str | None = field(default=None, compare=False)
    renamed_from: str | None = field(default=None, compare=False)
    pointer: str | None = field(default=None, compare=False)
    sensitive: bool = field(default=False, compare=False)
