"""What `python -m tests.isolation.mutate` has found holds: who takes a defence away is noticed."""

import os
from contextlib import ExitStack

from pytest_postgresql.executors import NoopExecutor

from tests.conftest import Server
from tests.isolation.catalogue.whole import BY_NUMBER
from tests.isolation.defences.whole import DEFENCES
from tests.isolation.mutate import PAGE, arenas, listed, noticed, without

EVERY = 10
"""One defence of so many is taken away each time; BSS_DEFENCES=all takes away each."""


def test_page_lists_every_defence_with_attacks_that_there_are() -> None:
    assert list(listed()) == [defence.name for defence in DEFENCES]
    assert {number for numbers in listed().values() for number in numbers} <= BY_NUMBER.keys()
    assert f"{len(DEFENCES)} defences" in PAGE.read_text("utf-8")


def test_a_defence_that_is_missing_is_noticed(server: Server, template: NoopExecutor) -> None:
    chosen = DEFENCES if os.environ.get("BSS_DEFENCES") == "all" else DEFENCES[::EVERY]
    unnoticed = []
    with ExitStack() as stack:
        originals = arenas(server, template.template_dbname, chosen, stack)
        for defence in chosen:
            number = listed()[defence.name][0]
            with without(defence, originals[defence.home], server) as place:
                if noticed(place, defence, [BY_NUMBER[number]]) != [number]:
                    unnoticed.append((defence.name, number))
    assert unnoticed == []
