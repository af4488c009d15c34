"""Turns a JSON value into the text that the server would print for it in a column's type.

Defaults, enums and bounds are written into the catalog and read back from it, so they have to be
spelled the way the type's output function spells them, with the time zone UTC, DateStyle ISO,
IntervalStyle iso_8601 and bytea_output hex (which is what bss_internal.snapshot() sets).
"""

import base64
import binascii
import datetime
import ipaddress
import math
import re
import struct
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from bss_compiler import quoting
from bss_compiler.document.shape import is_number
from bss_compiler.lowering.type import ColumnType

BITS: Mapping[str, int] = {"smallint": 15, "integer": 31, "bigint": 63}
"""The bits of a whole number, without that of the sign."""
_NUMERIC = re.compile(r"numeric\((\d+),(\d+)\)", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DATE_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,6})0*)?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_TIME = re.compile(r"(\d\d:\d\d:\d\d)(?:\.(\d{1,6})0*)?(?:[Zz]|[+-]00:00)?", re.ASCII)
_DURATION = re.compile(
    r"P(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?"
    r"(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?",
    re.ASCII,
)
_OUT_OF_RANGE = "it is out of range"


class NotOfTypeError(ValueError):
    """The value cannot be one of the column's type; the text says why."""


def constant(value: Any, type_: ColumnType) -> str:
    """Spell a JSON value, other than null, as a constant of the type. Raises NotOfTypeError."""
    return quoting.constant(output(value, type_), type_.base)


def output(value: Any, type_: ColumnType) -> str:
    """Give the text of a JSON value, other than null, in the type. Raises NotOfTypeError."""
    if type_.json == "json":
        return quoting.jsonb(value)
    if type_.json == "array":
        return _array(value, type_)
    write = _WRITERS[type_.base]
    try:
        return write(value, type_)
    except (ValueError, OverflowError) as error:
        reason = str(error) if isinstance(error, NotOfTypeError) else f"it is no {type_.sql}"
        raise NotOfTypeError(reason) from error


def _array(value: Any, type_: ColumnType) -> str:
    if not isinstance(value, list):
        raise NotOfTypeError("it is not an array")
    if not type_.is_sql_array:
        raise NotOfTypeError("a vector is computed, and not written in a document")
    base = type_.sql.removesuffix("[]")
    json = {"text": "string", "uuid": "string", "boolean": "boolean", "numeric": "number"}
    element = ColumnType(sql=base, json=json.get(base, "integer"))
    if None in value:
        raise NotOfTypeError("an element is null")
    elements = (output(item, element) for item in value)
    return quoting.text_array(item[0] if base == "boolean" else item for item in elements)


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise NotOfTypeError("it is not a string")
    return value


def _number(value: Any) -> int | Decimal:
    if not is_number(value):
        raise NotOfTypeError("it is not a number")
    number: int | Decimal = value
    return number


def _boolean(value: Any, type_: ColumnType) -> str:  # noqa: ARG001
    if not isinstance(value, bool):
        raise NotOfTypeError("it is not true or false")
    return "true" if value else "false"


def _text(value: Any, type_: ColumnType) -> str:  # noqa: ARG001
    return _string(value)


def _integer(value: Any, type_: ColumnType) -> str:
    number = _number(value)
    if number != number // 1:
        raise NotOfTypeError("it is not a whole number")
    limit = 2 ** BITS[type_.base]
    if not -limit <= number < limit:
        raise NotOfTypeError(f"it is out of the range of {type_.sql}")
    return str(int(number))


def _numeric(value: Any, type_: ColumnType) -> str:
    number = _number(value)
    if type_.json == "integer":
        if number != number // 1:
            raise NotOfTypeError("it is not a whole number")
        number = int(number)
    modifier = _NUMERIC.fullmatch(type_.sql)
    if modifier is not None:
        precision, scale = int(modifier[1]), int(modifier[2])
        scaled = number * Decimal(10) ** scale
        if scaled != int(scaled) or abs(scaled) >= 10**precision:
            raise NotOfTypeError(f"it does not fit {type_.sql}")
    return quoting.decimal(number)


def _double(value: Any, type_: ColumnType) -> str:  # noqa: ARG001
    return _float(float(_number(value)), math.nextafter, 15)


def _real(value: Any, type_: ColumnType) -> str:  # noqa: ARG001
    try:
        packed = struct.pack("<f", float(_number(value)))
    except OverflowError:
        raise NotOfTypeError(_OUT_OF_RANGE) from None
    (number,) = struct.unpack("<f", packed)
    return _float(number, _next_real, 6)


def _next_real(number: float, towards: float) -> float:
    (bits,) = struct.unpack("i", struct.pack("f", number))
    (found,) = struct.unpack("f", struct.pack("i", bits + (1 if towards > number else -1)))
    return float(found)


def _float(number: float, next_: Callable[[float, float], float], plain_digits: int) -> str:
    """Print as float8out() does: with an exponent below 1e-4 and from 10**plain_digits on."""
    if math.isinf(number):
        raise NotOfTypeError(_OUT_OF_RANGE)
    if number == 0:
        return "0"
    size = abs(number)
    shortest = _shortest(size, next_(size, 0.0), next_(size, math.inf)).normalize()
    exponent = shortest.adjusted()
    sign = "-" if number < 0 else ""
    if -4 <= exponent < plain_digits:
        return f"{sign}{shortest:f}"
    mantissa = shortest.scaleb(-exponent)
    return f"{sign}{mantissa:f}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _shortest(number: float, below: float, above: float) -> Decimal:
    """Give the shortest decimal that is nearer to a number than to those below and above it.

    Of several, the nearest. A decimal in the very middle does not count, although it would be read
    as the number: the server's Ryu is built so (STRICTLY_SHORTEST in src/common/d2s.c).
    """
    exact = Fraction(number)
    low = (exact + Fraction(below)) / 2
    high = 2 * exact - low if math.isinf(above) else (exact + Fraction(above)) / 2
    return next(
        decimal
        for decimal in _decimals(number)
        # the exact comparison takes longer, so that it is left to those that can be meant
        if below <= float(decimal) <= above and low < Fraction(decimal) < high
    )


def _decimals(number: float) -> Iterable[Decimal]:
    for digits in range(17):
        nearest = Decimal(f"{number:.{digits}e}")
        yield nearest
        # below a power of two the numbers lie closer: only the next one above may be in reach
        yield nearest + Decimal((0, (1,), nearest.adjusted() - digits))


def _uuid(value: Any, type_: ColumnType) -> str:  # noqa: ARG001
    text = _string(value).lower()
    if _UUID.fullmatch(text) is None:
        raise NotOfTypeError("it is not a uuid, as RFC 4122 has it")
    return text


def _date(value: Any, type_: ColumnType) -> str:  # noqa: ARG001
    if _DATE.fullmatch(_string(value)) is None:
        raise NotOfTypeError("it is not a full date, as RFC 3339 has it")
    return datetime.date.fromisoformat(value).isoformat()


def _timestamp(value: Any, type_: ColumnType) -> str:  # noqa: ARG001
    match = _DATE_TIME.fullmatch(_string(value))
    if match is None:
        raise NotOfTypeError("it is not a date-time of RFC 3339, with microseconds at most")
    date, time, fraction, offset = match.groups()
    zone = offset.upper().replace("Z", "+00:00")
    local = datetime.datetime.fromisoformat(f"{date}T{_clock(time)}{zone}")
    moment = local.astimezone(datetime.UTC).replace(tzinfo=None)
    return f"{moment.isoformat(' ')}{_fraction(fraction)}+00"


def _time(value: Any, type_: ColumnType) -> str:  # noqa: ARG001
    match = _TIME.fullmatch(_string(value))
    if match is None:
        raise NotOfTypeError("it is not a time of RFC 3339 in UTC, with microseconds at most")
    return _clock(match[1]) + _fraction(match[2])


def _clock(time: str) -> str:
    # since Python 3.14, fromisoformat() takes an hour of 24, which RFC 3339 does not know
    hour, minute, second = map(int, time.split(":"))
    return datetime.time(hour, minute, second).isoformat()


def _fraction(digits: str | None) -> str:
    trimmed = (digits or "").rstrip("0")
    return f".{trimmed}" if trimmed else ""


def _interval(value: Any, type_: ColumnType) -> str:  # noqa: ARG001
    text = _string(value)
    match = _DURATION.fullmatch(text)
    if match is None or text.endswith(("P", "T")):
        raise NotOfTypeError("it is not a duration, as ISO 8601 has it")
    years, months, weeks, days, hours, minutes, seconds = (
        int(part or 0) for part in match.groups()
    )
    months += 12 * years
    days += 7 * weeks
    minutes, seconds = minutes + seconds // 60, seconds % 60
    hours, minutes = hours + minutes // 60, minutes % 60
    date = _fields((months // 12, "Y"), (months % 12, "M"), (days, "D"))
    time = _fields((hours, "H"), (minutes, "M"), (seconds, "S"))
    return f"P{date}T{time}" if time else f"P{date}" if date else "PT0S"


def _fields(*parts: tuple[int, str]) -> str:
    return "".join(f"{number}{unit}" for number, unit in parts if number)


def _inet(value: Any, type_: ColumnType) -> str:
    address = ipaddress.ip_address(_string(value))
    if type_.checked_format not in (None, f"ipv{address.version}"):
        raise NotOfTypeError(f"it is not an {type_.checked_format} address")
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.scope_id is not None:
        raise NotOfTypeError("it has a zone")
    embedded, last = ipaddress.IPv4Address(int(address) % 2**32), int(address) >> 32
    if last == 0xFFFF:
        return f"::ffff:{embedded}"
    return f"::{embedded}" if last == 0 and int(embedded) >= 2**16 else str(address)


def _bytea(value: Any, type_: ColumnType) -> str:  # noqa: ARG001
    try:
        return "\\x" + base64.b64decode(_string(value), validate=True).hex()
    except binascii.Error as error:
        raise NotOfTypeError("it is not base64") from error


_WRITERS: Mapping[str, Callable[[Any, ColumnType], str]] = {
    "text": _text,
    "boolean": _boolean,
    "smallint": _integer,
    "integer": _integer,
    "bigint": _integer,
    "numeric": _numeric,
    "real": _real,
    "double precision": _double,
    "uuid": _uuid,
    "date": _date,
    "timestamp with time zone": _timestamp,
    "time without time zone": _time,
    "interval": _interval,
    "inet": _inet,
    "bytea": _bytea,
}
