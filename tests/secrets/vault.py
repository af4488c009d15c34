"""What tests of secrets share: a document, a row, and what an error says."""

import json
import secrets
from collections.abc import Callable
from typing import Any

import psycopg

CANARY = "canary-7f3a9"
DOCUMENT = json.dumps(
    {
        "$defs": {
            "Person": {
                "type": "object",
                "properties": {
                    "person_id": {"type": "integer"},
                    "name": {"type": "string", "x-bss": {"unique": True}},
                    "pin": {
                        "type": "string",
                        "minLength": 3,
                        "x-bss": {"encrypted": True, "unique": True},
                    },
                    "born": {"type": "string", "format": "date", "x-bss": {"encrypted": True}},
                    "file": {
                        "type": "object",
                        "required": ["a"],
                        "x-bss": {"encrypted": True},
                    },
                    "mood": {"type": "string", "maxLength": 20, "x-bss": {"sensitive": True}},
                },
            }
        }
    }
)
Session = Callable[..., list[tuple[Any, ...]]]
INSERT = "insert into people (person_id, name, pin) values (1, 'Ann', '1234')"


def new_key() -> bytes:
    return secrets.token_bytes(64)


def said(error: psycopg.Error) -> str:
    diag = error.diag
    return "\n".join(
        filter(None, [diag.message_primary, diag.message_detail, diag.message_hint, diag.context])
    )
