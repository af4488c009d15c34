"""What a repair leaves as it is: the reason, and what to do about it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A difference that stays. `name` is that of the part, or of the table again."""

    table: str
    name: str
    reason: str
    hint: str


def by_hand(table: str, name: str, known_as: str) -> Left:
    """Leave what no document has, since it may hold data."""
    return Left(
        table=table,
        name=name,
        reason="It is in no document, and may hold data.",
        hint=f'Name "{known_as}" in the argument drop, or put it into the document.',
    )


def mistaken(table: str, name: str, other: str) -> Left:
    """Leave what is missing, since it may be there by another name."""
    return Left(
        table=table,
        name=name,
        reason=f'It is missing, and "{other}" may be it by another name.',
        hint="Give that its name back, or name it in the argument drop.",
    )


def waits(table: str, name: str) -> Left:
    """Leave what is built on something that is missing and may be there by another name."""
    return Left(
        table=table,
        name=name,
        reason="It is built on something that is missing.",
        hint="It is made when that is there again.",
    )


def inherited(table: str) -> Left:
    """Leave a table that others inherit from, or that inherits; who made them is their owner."""
    return Left(
        table=table,
        name=table,
        reason="It inherits from another table, or another inherits from it.",
        hint="Part them as the owner of that, with ALTER TABLE … NO INHERIT.",
    )


def owned(table: str, role: str) -> Left:
    """Leave a table of somebody else's, with all that is wrong with it."""
    return Left(
        table=table,
        name=role,
        reason="The table belongs to somebody else, so that nothing of it can be altered.",
        hint="Give it back as a superuser, with ALTER TABLE … OWNER TO bss_owner.",
    )


def owned_function(table: str, trigger: str) -> Left:
    """Leave a trigger whose function became somebody else's: tables of other tenants use it."""
    return Left(
        table=table,
        name=trigger,
        reason="Its function belongs to somebody else, so that it cannot be replaced.",
        hint="Give it back as a superuser, with ALTER FUNCTION … OWNER TO bss_owner.",
    )


def retyped(table: str, name: str, found: str, meant: str) -> Left:
    """Leave a column of another type, since its values may not be those of the type meant."""
    return Left(
        table=table,
        name=name,
        reason=f"Its type is {found}, and should be {meant}; its values might not come through.",
        hint="Change it back with ALTER TABLE … ALTER COLUMN … TYPE, or put it into the document.",
    )


def filled(table: str, name: str) -> Left:
    """Leave a column that should be computed, and has values that may be anything."""
    return Left(
        table=table,
        name=name,
        reason="It should be computed, and its rows have values of their own.",
        hint=f'Name "{table}.{name}" in the argument drop, and it is computed anew.',
    )


def refused(table: str, name: str, reason: str) -> Left:
    """Leave what no plan undoes."""
    return Left(
        table=table, name=name, reason=reason, hint="Undo it by hand, or put it into the document."
    )
