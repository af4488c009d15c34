"""Turns the Unicode Character Database into the SQL functions that know its sets.

`python -m docs.code_points /usr/share/unicode` writes sql/code/idna.sql and sql/code/unicode.sql;
the directory is that of the UCD, as Debian's package unicode-data has it. The server's own classes
of characters are those of a collation's library: what a check relies on must not change with it.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from bss_loader.manifest import locate

LAST = 0x10FFFF
WIDTH = 98
_LINE = re.compile(r"([0-9A-F]{4,6})(?:\.\.([0-9A-F]{4,6}))?\s*;\s*([^#;]*[^#;\s])")

Points = frozenset[int]

# RFC 5892, 2.6
PVALID_BY_NAME = frozenset({0xDF, 0x3C2, 0x6FD, 0x6FE, 0xF0B, 0x3007})
CONTEXT_BY_NAME = frozenset(
    {0xB7, 0x375, 0x5F3, 0x5F4, 0x30FB, *range(0x660, 0x66A), *range(0x6F0, 0x6FA)}
)
DISALLOWED_BY_NAME = frozenset(
    {0x640, 0x7FA, 0x302E, 0x302F, 0x3031, 0x3032, 0x3033, 0x3034, 0x3035, 0x303B}
)
# RFC 5892, 2.4: blocks of combining marks for symbols, of musical symbols, old and Greek
IGNORABLE_BLOCKS = frozenset({*range(0x20D0, 0x2100), *range(0x1D100, 0x1D250)})
JOINERS = frozenset({0x200C, 0x200D})
LABEL_ASCII = frozenset(map(ord, "-0123456789abcdefghijklmnopqrstuvwxyz"))

NOT_OF_ECMA_262 = frozenset({
    "CE", "Comp_Ex", "Gr_Link", "Hyphen", "OAlpha", "ODI", "OGr_Ext", "OIDC", "OIDS", "OLower",
    "OMath", "OUpper", "PCM", "XO_NFC", "XO_NFD", "XO_NFKC", "XO_NFKD",
})  # fmt: skip
"""The binary properties of the UCD that table 57 of ECMA-262, 11th edition, leaves out."""
OF_ECMA_262 = frozenset({"ASCII", "Any", "Assigned"})
"""Those that it adds."""


class Database:
    """The files of the UCD, each of which gives values to code points."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._read: dict[str, dict[str, Points]] = {}

    @property
    def version(self) -> str:
        """Give the version of Unicode."""
        head = (self.directory / "Scripts.txt").read_text("utf-8").partition("\n")[0]
        return head.removeprefix("# Scripts-").removesuffix(".txt")

    def values(self, file: str) -> Mapping[str, Points]:
        """Give the code points of each value that a file gives."""
        if file not in self._read:
            found: dict[str, set[int]] = {}
            for line in (self.directory / file).read_text("utf-8").splitlines():
                match = _LINE.match(line)
                if match is not None:
                    first, last = int(match[1], 16), int(match[2] or match[1], 16)
                    found.setdefault(match[3], set()).update(range(first, last + 1))
            self._read[file] = {value: frozenset(points) for value, points in found.items()}
        return self._read[file]

    def having(self, file: str, *names: str) -> Points:
        """Give the code points that have one of some values."""
        return frozenset().union(*(self.values(file)[name] for name in names))

    def names(self, file: str, section: str) -> dict[str, list[str]]:
        """Give the names of what a file of aliases lists in a section, by the first of them."""
        text = (self.directory / file).read_text("utf-8").partition(f"{section}\n# ===")[2]
        found = {}
        for line in text.partition("\n# ===")[0].splitlines():
            names = [name.strip() for name in line.partition("#")[0].split(";")]
            if len(names) > 1:
                found[names[0]] = names
        return found

    def value_names(self, property_: str) -> set[str]:
        """Give all names of the values of a property."""
        lines = (self.directory / "PropertyValueAliases.txt").read_text("utf-8").splitlines()
        words = [line.partition("#")[0].split(";") for line in lines]
        found = [rest for first, *rest in words if first.strip() == property_]
        return {name.strip() for names in found for name in names}

    def categories(self, *names: str) -> Points:
        """Give the code points of general categories, or of groups of them."""
        values = self.values("extracted/DerivedGeneralCategory.txt")
        return frozenset().union(*(values[name] for name in values if name.startswith(names)))


def label_points(unicode: Database) -> tuple[Points, Points]:
    """Give what a U-label may have anywhere, and what in some context only (RFC 5892, 3)."""
    properties, derived = "PropList.txt", "DerivedCoreProperties.txt"
    disallowed = (
        DISALLOWED_BY_NAME | IGNORABLE_BLOCKS
        | unicode.having("DerivedNormalizationProps.txt", "Changes_When_NFKC_Casefolded")
        | unicode.having(derived, "Default_Ignorable_Code_Point")
        | unicode.having(properties, "White_Space", "Noncharacter_Code_Point")
        | unicode.having("HangulSyllableType.txt", "L", "V", "T")
    )  # fmt: skip
    letters = unicode.categories("Ll", "Lu", "Lo", "Nd", "Lm", "Mn", "Mc")
    valid = (letters - disallowed - CONTEXT_BY_NAME) | PVALID_BY_NAME | LABEL_ASCII
    return valid, CONTEXT_BY_NAME | JOINERS


def label_sets(unicode: Database) -> Iterator[tuple[str, Points, Points]]:
    """Give the sets by name, each with the code points that it is never asked about.

    Those may be in it or not, whatever makes it shorter: what no label may have is refused first.
    """
    valid, contextual = label_points(unicode)
    everything = frozenset(range(LAST + 1))
    others = everything - valid - contextual
    bidi, joining = "extracted/DerivedBidiClass.txt", "extracted/DerivedJoiningType.txt"
    yield "label", valid | contextual, frozenset()
    yield "mark", unicode.categories("M"), others
    yield "virama", unicode.having("extracted/DerivedCombiningClass.txt", "9"), others
    yield "greek", unicode.having("Scripts.txt", "Greek"), others
    yield "hebrew", unicode.having("Scripts.txt", "Hebrew"), others
    yield "kana or han", unicode.having("Scripts.txt", "Hiragana", "Katakana", "Han"), others
    yield "joining left", unicode.having(joining, "L", "D"), others
    yield "joining right", unicode.having(joining, "R", "D"), others
    yield "joining transparent", unicode.having(joining, "T"), others
    yield "right to left", unicode.having(bidi, "R", "AL"), others
    yield "arabic number", unicode.having(bidi, "AN"), others
    yield "european number", unicode.having(bidi, "EN"), others
    yield "bidi mark", unicode.having(bidi, "NSM"), others
    yield "bidi neutral", unicode.having(bidi, "ES", "CS", "ET", "ON", "BN"), others


def name_sets(unicode: Database) -> Iterator[tuple[str, Points, Points]]:
    """Give what a name may begin with, and what it may go on with besides, as label_sets()."""
    start = unicode.having("DerivedCoreProperties.txt", "ID_Start")
    yield "start", start, frozenset()
    yield "part", unicode.having("DerivedCoreProperties.txt", "ID_Continue") - start, start


def ranges(points: Points, ignored: Points) -> Iterator[tuple[int, int]]:
    """Give a set as ranges, their ends outside; what is ignored separates no two of them."""
    start = end = -1
    for point in sorted(points - ignored):
        if end < 0 or not ignored.issuperset(range(end, point)):
            if end >= 0:
                yield start, end
            start = point
        end = point + 1
    if end >= 0:
        yield start, end


def wrapped(words: Iterable[str], indent: str) -> Iterator[str]:
    """Give lines of words."""
    line = indent
    for word in words:
        if len(line) + len(word) > WIDTH and line != indent:
            yield line
            line = indent
        line += word
    yield line


def of_points(name: str, about: str, found: Iterable[tuple[str, Points, Points]]) -> str:
    """Give the statement of a function that gives sets of code points by name."""
    values = {}
    for set_name, points, ignored in found:
        pairs = [f"[{first},{end})" for first, end in ranges(points, ignored)]
        values[set_name] = [f"{pair}," for pair in pairs[:-1]] + pairs[-1:]
    return _function(name, "int4multirange", about, values)


def of_names(name: str, about: str, found: Mapping[str, Iterable[str]]) -> str:
    """Give the statement of a function that gives sets of names by name."""
    values = {}
    for set_name, names in found.items():
        listed = sorted(names)
        values[set_name] = [f"{each}," for each in listed[:-1]] + listed[-1:]
    return _function(name, "text[]", about, values)


def _function(name: str, type_: str, about: str, values: Mapping[str, Iterable[str]]) -> str:
    lines = [
        f"create or replace function bss_checks.{name}(set_name text)",
        f"    returns {type_}",
        "    immutable strict parallel safe",
        "    security invoker",
        "    set search_path = pg_catalog, pg_temp",
        "    language sql",
        "begin atomic",
        f"    select case {name}.set_name",
    ]
    for set_name, words in values.items():
        lines += [f"        when '{set_name}' then '{{", *wrapped(words, " " * 12)]
        lines.append(f"        }}'::{type_}")
    comment = f"comment on function bss_checks.{name}(text) is"
    return "\n".join([*lines, "    end;", "end;", comment, f"    '{about}';"]) + "\n"


def binary_properties(unicode: Database) -> frozenset[str]:
    """Give all names of the binary properties that a pattern may ask for."""
    listed = unicode.names("PropertyAliases.txt", "# Binary Properties")
    names = (each for first, each in listed.items() if first not in NOT_OF_ECMA_262)
    return OF_ECMA_262.union(*names)


def main(directory: Path) -> None:
    """Write the files."""
    unicode = Database(directory)
    made = f"-- Made by `python -m docs.code_points` from Unicode {unicode.version}.\n"
    labels = of_points(
        "label_points",
        "Gives a set of code points that the rules of IDNA 2008 for labels are about.",
        label_sets(unicode),
    )
    names = of_points(
        "name_points",
        "Gives the code points that the name of a group may begin with, or go on with besides.",
        name_sets(unicode),
    )
    properties = of_names(
        "property_names",
        "Gives the names of Unicode that a pattern may use for a set of characters.",
        {
            "general category": unicode.value_names("gc"),
            "script": unicode.value_names("sc"),
            "binary": binary_properties(unicode),
        },
    )
    code = locate().sql / "code"
    head = "-- Labels of host names: which code points they may have, and where.\n"
    (code / "idna.sql").write_text(f"{head}{made}\n{labels}", "utf-8")
    head = "-- Unicode, as far as patterns name it: characters of names, and names of sets.\n"
    (code / "unicode.sql").write_text(f"{head}{made}\n{names}\n\n{properties}", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
