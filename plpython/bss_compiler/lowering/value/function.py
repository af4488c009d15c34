"""Turns bodies that call each other into functions that are named by what they do.

A function is named after the hash of its body, so two equal schemas share one, whoever they belong
to. Where functions call each other in a circle, the names are left out of what is hashed: the
circle is hashed as a whole, each member by its number in it.
"""

import hashlib
import re
from collections.abc import Mapping

from bss_compiler.model import Function

_CALL = re.compile("\0([0-9]+)\0")


def call(number: int) -> str:
    """Stand for the name of a function that has a number but no name yet.

    No text of a document contains U+0000, so none can be taken for this.
    """
    return f"\0{number}\0"


def needed(text: str, bodies: Mapping[int, str]) -> dict[int, str]:
    """Give the bodies of the functions that a text calls, and of those that they call."""
    found: dict[int, str] = {}
    wanted = _calls(text)
    while wanted:
        number = wanted.pop()
        if number not in found:
            found[number] = bodies[number]
            wanted += _calls(bodies[number])
    return dict(sorted(found.items()))


def named(bodies: Mapping[int, str]) -> dict[int, Function]:
    """Give the functions of the bodies, those that are called before those that call them."""
    names: dict[int, str] = {}
    result = {}
    for circle in circles({number: _calls(body) for number, body in bodies.items()}):
        inside = names | {number: f"v_{place}" for place, number in enumerate(circle)}
        texts = [finished(bodies[number], inside) for number in circle]
        whole = "\n".join(texts)
        for position, number in enumerate(circle):
            hashed = texts[0] if len(circle) == 1 else f"{position} of {whole}"
            names[number] = f"v_{hashlib.sha256(hashed.encode()).hexdigest()[:32]}"
        for number in circle:
            result[number] = Function(name=names[number], body=finished(bodies[number], names))
    return result


def finished(text: str, names: Mapping[int, str]) -> str:
    """Put the names into a text that calls functions."""
    return _CALL.sub(lambda match: names[int(match[1])], text)


def _calls(body: str) -> list[int]:
    return list(dict.fromkeys(int(number) for number in _CALL.findall(body)))


def circles(calls: Mapping[int, list[int]]) -> list[list[int]]:
    """Give the strongly connected components, callees first (Tarjan, without recursion)."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    found: list[list[int]] = []
    for root in calls:
        work = [(root, iter(calls[root]))] if root not in index else []
        if work:
            index[root] = low[root] = len(index)
            stack.append(root)
        while work:
            node, rest = work[-1]
            following = next(rest, None)
            if following is None:
                work.pop()
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[node])
                if low[node] == index[node]:
                    start = stack.index(node)
                    found.append(sorted(stack[start:]))
                    del stack[start:]
            elif following not in index:
                index[following] = low[following] = len(index)
                stack.append(following)
                work.append((following, iter(calls[following])))
            elif following in stack:
                low[node] = min(low[node], index[following])
    return found
