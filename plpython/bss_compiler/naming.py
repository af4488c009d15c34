"""Turns the names of a document into the names of a database.

Identifiers are never cut short: the server would do that silently, and two names could fall
together. Only names that BSS makes up (of constraints and indexes) are shortened, with a hash.
"""

import hashlib
import re

MAX_BYTES = 63
"""The server's NAMEDATALEN, less one."""

_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SEPARATORS = re.compile(r"[\s./:-]+")
_SYSTEM_COLUMNS = frozenset({"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"})
_IRREGULAR = {
    "person": "people", "child": "children", "man": "men", "woman": "women", "mouse": "mice",
    "goose": "geese", "foot": "feet", "tooth": "teeth", "analysis": "analyses",
    "basis": "bases", "crisis": "crises", "criterion": "criteria", "index": "indexes",
    "quiz": "quizzes", "status": "statuses", "leaf": "leaves", "half": "halves",
    "shelf": "shelves", "knife": "knives", "life": "lives", "wife": "wives", "self": "selves",
}  # fmt: skip
_UNCOUNTED = frozenset({
    "equipment", "fish", "information", "metadata", "money", "news", "series", "sheep", "species",
    "staff",
})  # fmt: skip


def snake_case(name: str) -> str:
    """Give a name in snake case: `unitPrice` and `Unit Price` become `unit_price`."""
    return _SEPARATORS.sub("_", _BOUNDARY.sub("_", name.strip())).lower()


def plural(name: str) -> str:
    """Give the English plural of a name in snake case; its last word is what changes."""
    head, separator, word = name.rpartition("_")
    return head + separator + _plural_word(word)


def _plural_word(word: str) -> str:
    if not word or word in _UNCOUNTED or not word.isascii() or not word[-1].isalpha():
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word in _IRREGULAR.values() or (
        word.endswith("s") and not word.endswith(("ss", "us", "is"))
    ):
        return word
    if word.endswith("is") and len(word) > 3:
        return word[:-2] + "es"
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    if word.endswith("y") and len(word) > 1 and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + "s"


def is_reserved(name: str) -> bool:
    """Say whether the server keeps a column name for itself."""
    return name in _SYSTEM_COLUMNS


def name_fault(name: str) -> str | None:
    """Say what makes a name unusable as an identifier, or None."""
    if not name:
        return "it is empty"
    if not name.isprintable():
        return "it contains a character that cannot be printed"
    size = len(name.encode())
    if size > MAX_BYTES:
        return f"it is {size} bytes long, and {MAX_BYTES} is the most"
    return None


def object_name(table: str, *parts: str, suffix: str) -> str:
    """Give the name of a constraint, an index or the like: table, parts, suffix."""
    name = "_".join((table, *parts, suffix))
    return name if len(name.encode()) <= MAX_BYTES else hashed_name(name)


def hashed_name(name: str, *, of: str = "") -> str:
    """Give a name that fits, is the same every time and differs from those that look like it.

    Before its last part it has eight digits of a hash: of the whole name, and of the table `of`
    which it belongs to, if the name alone does not tell.
    """
    digest = hashlib.sha256(f"{of}.{name}".encode()).hexdigest()[:8]
    head, _, suffix = name.rpartition("_")
    tail = f"_{digest}_{suffix}"
    return head.encode()[: MAX_BYTES - len(tail)].decode(errors="ignore").rstrip("_") + tail
