"""The partitions of a table."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """A partition that follows from the document. `bound` is spelled as in PARTITION OF.

    Those of a range come and go with time; of them only the default partition is one of these. A
    deprecated one is of a value that the document no longer has; the catalog does not know that.
    """

    name: str
    bound: str
    deprecated: bool = field(default=False, compare=False)
    pointer: str | None = field(default=None, compare=False)
