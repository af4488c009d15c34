"""A mask and the expression beside it match the texts that their pattern matches, and no others."""

from random import Random

import psycopg

from bss_compiler.lowering.pattern import masked, translate

SETS = {
    "[0-9]": "01",
    "[a-b0-1]": "ab01",
    "[^-]": "ab01:%_é",
    "[a-z]": "ab",
    ".": "ab01-:%_é",
    r"[\n%_]": "\n%_",
}
"""Sets, each with some of its members."""

LITERALS = ("-", ":", "%", "_", r"\\", "é", "ab")
CHARACTERS = "ab01-:%_\\é\n"
DISAGREEMENTS = """
    select t.pattern, t.value
    from unnest(%s::text[], %s::text[], %s::text[], %s::text[])
        as t (pattern, mask, expression, value)
    where (t.value ~~ t.mask and t.value ~ t.expression) is distinct from t.value ~ t.pattern
"""
MATCHED = "select count(*) from unnest(%s::text[], %s::text[]) as t (p, v) where t.v ~ t.p"
TRIES = 6_000


def draw(random: Random) -> tuple[str, str]:
    """Give a pattern, and a text that matches it or nearly does."""
    pattern, text = "", ""
    for _ in range(random.randint(1, 3)):
        count = random.randint(1, 8)
        literal = random.choice(("", *LITERALS))
        set_, members = random.choice([*SETS.items()])
        pattern += f"{set_}{{{count}}}{literal}"
        text += "".join(random.choices(members, k=count)) + literal.replace(r"\\", "\\")
    place = random.randrange(len(text))
    match random.randrange(4):
        case 0:
            text = text[:place] + random.choice(CHARACTERS) + text[place + 1 :]
        case 1:
            text = text[:place] + random.choice(CHARACTERS) + text[place:]
    return f"^{pattern}$", text


def test_mask_agrees_with_its_pattern(connection: psycopg.Connection) -> None:
    random = Random(1)  # noqa: S311  not for secrets
    rows = []
    for pattern, text in (draw(random) for _ in range(TRIES)):
        found = masked(pattern)
        if found is not None:
            rows.append((str(translate(pattern)), *found, text))
    matched = connection.execute(MATCHED, [[row[0] for row in rows], [row[3] for row in rows]])
    assert len(rows) / 3 < (matched.fetchone() or (0,))[0] < len(rows) * 0.9
    found_apart = connection.execute(DISAGREEMENTS, [*map(list, zip(*rows, strict=True))])
    assert found_apart.fetchall() == []
