from typing import Any

import pytest

from bss_compiler.model import Index, IndexKey
from tests.unit.compiling import diagnosed, entity, faults, table


def embedded(properties: Any = None, **options: Any) -> Any:
    text = {"title": {"type": "string"}, "body": {"type": "string"}}
    return entity({**text, **(properties or {})}, **{"x-bss": {"embedding": options}})


def embedding_index(method: str, opclass: str | None) -> Index:
    key = IndexKey(column="embedding", opclass=opclass)
    return Index(name="items_embedding_idx", method=method, keys=(key,))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, (embedding_index("hnsw", "vector_cosine_ops"),)),
        ({"metric": "l2"}, (embedding_index("hnsw", "vector_l2_ops"),)),
        ({"metric": "ip"}, (embedding_index("hnsw", "vector_ip_ops"),)),
        ({"index": "ivfflat"}, (embedding_index("ivfflat", "vector_cosine_ops"),)),
        ({"index": "ivfflat", "metric": "ip"}, (embedding_index("ivfflat", "vector_ip_ops"),)),
        # the one operator class of pgvector that is its method's default
        ({"index": "ivfflat", "metric": "l2"}, (embedding_index("ivfflat", None),)),
        ({"index": "none"}, ()),
    ],
)
def test_embedding_is_a_column_with_an_index(options: Any, expected: tuple[Index, ...]) -> None:
    found = table(embedded(dimensions=3, **options))
    assert [(item.type, item.nullable) for item in found.columns if item.name == "embedding"] == [
        ("vector(3)", True)
    ]
    assert found.indexes == expected


def test_embedding_says_what_it_is_of() -> None:
    def comment(**options: Any) -> str | None:
        columns = table(embedded(dimensions=3, **options)).columns
        return next(item.comment for item in columns if item.name == "embedding")

    assert comment(source=["title", "body"]) == "Embedding of title, body"
    assert comment(source=["title"], provider="local/e5") == "Embedding of title by local/e5"
    assert comment(provider="local/e5") == "Embedding by local/e5"
    assert comment() is None


@pytest.mark.parametrize(
    ("options", "code", "pointer"),
    [
        ({}, "VALUE_OUT_OF_TYPE", "/x-bss/embedding/dimensions"),
        ({"dimensions": 0}, "VALUE_OUT_OF_TYPE", "/x-bss/embedding/dimensions"),
        (
            {"dimensions": 16_001, "index": "none"},
            "VALUE_OUT_OF_TYPE",
            "/x-bss/embedding/dimensions",
        ),
        ({"dimensions": 2_001}, "VALUE_OUT_OF_TYPE", "/x-bss/embedding/dimensions"),
        (
            {"dimensions": 1, "index": "ivfflat", "metric": "ip"},
            "VALUE_OUT_OF_TYPE",
            "/x-bss/embedding/dimensions",
        ),
        ({"dimensions": 3, "source": ["zzz"]}, "UNKNOWN_PROPERTY", "/x-bss/embedding/source"),
    ],
)
def test_embedding_that_cannot_be_is_refused(options: Any, code: str, pointer: str) -> None:
    assert faults(embedded(**options)) == [(code, pointer)]


def test_embedding_of_as_many_dimensions_as_there_can_be() -> None:
    assert faults(embedded(dimensions=2_000)) == []


@pytest.mark.parametrize(
    ("index", "metric"), [("hnsw", "cosine"), ("ivfflat", "l2"), ("none", "ip")]
)
def test_embedding_of_as_few_dimensions_as_there_can_be(index: str, metric: str) -> None:
    assert faults(embedded(dimensions=1, index=index, metric=metric)) == []
    assert faults(embedded(dimensions=16_000, index="none")) == []
    assert faults(embedded(dimensions=3.0)) == []


def test_embedding_beside_a_property_of_that_name_is_refused() -> None:
    (found,) = diagnosed(embedded({"embedding": {"type": "string"}}, dimensions=3))
    assert (found.code.name, found.pointer) == ("NAME_COLLISION", "/x-bss/embedding")
    assert found.detail == "The property is at /properties/embedding."
