"""Turns `x-bss.embedding` into a vector column and its index."""

from collections.abc import Sequence

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document.extension import EMBEDDING_KEYS, check_keys
from bss_compiler.document.pointer import child
from bss_compiler.lowering.outline import Outline, column_names
from bss_compiler.lowering.type import VECTOR_DIMENSIONS
from bss_compiler.model import Column, Index, IndexKey
from bss_compiler.naming import object_name

COLUMN = "embedding"

_OPCLASSES = {"cosine": "vector_cosine_ops", "l2": "vector_l2_ops", "ip": "vector_ip_ops"}
_DEFAULT = ("ivfflat", "vector_l2_ops")
"""The one default among pgvector's operator classes for its type vector."""
_INDEXED_DIMENSIONS = 2_000
"""The most that an index of pgvector takes for its type vector."""


def embedding(outline: Outline, findings: Findings) -> tuple[Column, tuple[Index, ...]] | None:
    """Give the column of an entity's embedding and its index, if it asks for one."""
    stated = outline.entity.options.get("embedding")
    if stated is None:
        return None
    place = child(child(outline.entity.schema.pointer, "x-bss"), "embedding")
    options = check_keys(stated, EMBEDDING_KEYS, place, findings)
    sources = options.get("source", ())
    if isinstance(sources, list):
        column_names(sources, outline.properties, child(place, "source"), findings)
    dimensions = int(options.get("dimensions", 0))
    method = str(options.get("index", "hnsw"))
    opclass = _OPCLASSES[str(options.get("metric", "cosine"))]
    is_default = (method, opclass) == _DEFAULT
    is_directed = method == "ivfflat" and not is_default
    if not _is_possible(outline, dimensions, method, is_directed, place, findings):
        return None
    column = Column(
        name=COLUMN,
        type=f"vector({dimensions})",
        comment=_comment(sources, options.get("provider")),
        pointer=place,
    )
    if method == "none":
        return column, ()
    index = Index(
        name=object_name(outline.table, COLUMN, suffix="idx"),
        method=method,
        keys=(IndexKey(column=COLUMN, opclass=None if is_default else opclass),),
    )
    return column, (index,)


def _comment(sources: Sequence[str], provider: str | None) -> str | None:
    """Say what the vectors are of, and who the document says makes them: BSS makes none."""
    of, by = f"of {', '.join(sources)}" if sources else "", f"by {provider}" if provider else ""
    words = " ".join(part for part in ("Embedding", of, by) if part)
    return words if of or by else None


def _is_possible(
    outline: Outline,
    dimensions: int,
    method: str,
    is_directed: bool,
    pointer: str,
    findings: Findings,
) -> bool:
    place = child(pointer, "dimensions")
    if dimensions not in VECTOR_DIMENSIONS:
        findings.report(
            Code.VALUE_OUT_OF_TYPE, place, "embedding needs its number of dimensions",
            hint=f"Give a whole number from 1 to {VECTOR_DIMENSIONS.stop - 1}.",
        )  # fmt: skip
    elif method != "none" and dimensions > _INDEXED_DIMENSIONS:
        findings.report(
            Code.VALUE_OUT_OF_TYPE, place, "embedding has too many dimensions for an index",
            detail=f"It has {dimensions}; an index takes {_INDEXED_DIMENSIONS}.",
            hint='Use fewer dimensions, or set "index": "none".',
        )  # fmt: skip
    elif is_directed and dimensions == 1:
        findings.report(
            Code.VALUE_OUT_OF_TYPE, place, "embedding has too few dimensions for its index",
            detail="An ivfflat index of directions takes two or more.",
            hint='Use "metric": "l2", another index, or set "index": "none".',
        )  # fmt: skip
    elif (other := outline.columns.get(COLUMN)) is not None:
        findings.report(
            Code.NAME_COLLISION, pointer, f'column "{COLUMN}" is already a property\'s',
            detail=f"The property is at {other.pointer}.",
            hint="Remove the property, or x-bss.embedding.",
        )  # fmt: skip
    else:
        return True
    return False
