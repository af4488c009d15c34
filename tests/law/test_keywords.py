"""What the compiler knows of the server's grammar is what the server says."""

import psycopg

from bss_compiler.quoting import NEWER_KEYWORDS, ident

KEYWORDS = "select word from pg_get_keywords() where catcode <> 'U'"


def test_every_keyword_of_the_server_is_quoted(connection: psycopg.Connection) -> None:
    words = {word for (word,) in connection.execute(KEYWORDS)}
    assert {word for word in words if ident(word) == word} == set()


def test_a_word_is_quoted_because_some_server_has_it(connection: psycopg.Connection) -> None:
    every = {word for (word,) in connection.execute("select word from pg_get_keywords()")}
    words = {word for (word,) in connection.execute(KEYWORDS)}
    unreserved = {word for word in every - words if ident(word) != word}
    assert unreserved <= NEWER_KEYWORDS


def test_newer_keywords_are_quoted() -> None:
    assert all(ident(word) == f'"{word}"' for word in NEWER_KEYWORDS)
