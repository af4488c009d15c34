"""The partitions of a table."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """A partition that follows from the document. `bound` is spelled as in PARTITION OF.

    Those of a range come and go with time; of them only the default partition is one of these.
    """

    name: str
    bound: str
    pointer: str | None = field(default=None, compare=False)
