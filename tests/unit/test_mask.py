"""A pattern that gives every character its place becomes a mask and a shorter expression."""

import pytest

from bss_compiler.lowering.pattern import masked

MASKS = {
    "^[A-Z]{2}-[0-9]{6}$": ("__-______", "^[A-Z]+-[0-9]+$"),
    r"^\d{4}-\d{2}-\d\d$": ("____-__-__", "^[0-9]+-[0-9]+-[0-9]+$"),
    "^[0-9]{3}[0-9]{3}$": ("______", "^[0-9]+$"),
    "^aa[0-9]{7}%_$": (r"aa_______\%\_", "^aa[0-9]+%_$"),
    r"^[0-9]{6}\\é$": ("______\\\\é", r"^[0-9]+\\é$"),
}
OTHERS = (
    "^[0-9]{5}$",  # not worth it
    "[0-9]{9}",
    "^[0-9]{9}",
    "[0-9]{9}$",
    "^[0-9]{9}|a$",
    "^[0-9]{8,9}$",
    "^[0-9]{9,}$",
    "^(?:ab){9}$",
    "^[a-z]{5}[0-9]{5}$",  # where one set ends and the other begins is in neither test
    "^[a-z-]{5}-[0-9]{5}$",
    "^a{9}$",
    "^[0-9]{256}$",
    "^[]{9}$",
    "^$",
    "",
)


@pytest.mark.parametrize("pattern", MASKS)
def test_mask_says_where_every_character_is(pattern: str) -> None:
    assert masked(pattern) == MASKS[pattern]


@pytest.mark.parametrize("pattern", OTHERS)
def test_mask_is_not_made_of_other_patterns(pattern: str) -> None:
    assert masked(pattern) is None
