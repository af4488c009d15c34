from decimal import Decimal
from typing import Any

import pytest

from bss_compiler.lowering.constant import NotOfTypeError, constant
from bss_compiler.lowering.type import ColumnType


def type_of(sql: str, json: str, checked_format: str | None = None) -> ColumnType:
    return ColumnType(sql=sql, json=json, checked_format=checked_format)


TEXT = type_of("text", "string")
BOOLEAN = type_of("boolean", "boolean")
SMALLINT = type_of("smallint", "integer")
INTEGER = type_of("integer", "integer")
BIGINT = type_of("bigint", "integer")
WHOLE = type_of("numeric", "integer")
NUMERIC = type_of("numeric", "number")
SCALED = type_of("numeric(4,2)", "number")
REAL = type_of("real", "number")
DOUBLE = type_of("double precision", "number")
UUID = type_of("uuid", "string")
DATE = type_of("date", "string")
MOMENT = type_of("timestamp with time zone", "string")
TIME = type_of("time without time zone", "string")
INTERVAL = type_of("interval", "string")
INET = type_of("inet", "string")
IPV4 = type_of("inet", "string", "ipv4")
IPV6 = type_of("inet", "string", "ipv6")
BYTEA = type_of("bytea", "string")
JSONB = type_of("jsonb", "json")


@pytest.mark.parametrize(
    ("type_", "value", "expected"),
    [
        (TEXT, "it's", "'it''s'::text"),
        (BOOLEAN, True, "true"),
        (BOOLEAN, False, "false"),
        (SMALLINT, -32768, "'-32768'::smallint"),
        (INTEGER, 2147483647, "2147483647"),
        (INTEGER, -2147483648, "'-2147483648'::integer"),
        (BIGINT, 2**63 - 1, "'9223372036854775807'::bigint"),
        (BIGINT, Decimal("2.0"), "'2'::bigint"),
        (BIGINT, Decimal("1e3"), "'1000'::bigint"),
        (WHOLE, Decimal("1e20"), "'100000000000000000000'::numeric"),
        (NUMERIC, 1, "'1'::numeric"),
        (NUMERIC, Decimal("1.50"), "1.50"),
        (NUMERIC, Decimal("-1.5"), "'-1.5'::numeric"),
        (SCALED, Decimal("99.99"), "99.99"),
        (SCALED, Decimal("-99.990"), "'-99.990'::numeric"),
        (REAL, Decimal("0.1"), "'0.1'::real"),
        (REAL, Decimal("1e-45"), "'1e-45'::real"),
        (REAL, Decimal("16777217"), "'1.6777216e+07'::real"),
        (REAL, -1, "'-1'::real"),
        (DOUBLE, Decimal("0.0001"), "'0.0001'::double precision"),
        (DOUBLE, Decimal("0.00001"), "'1e-05'::double precision"),
        (DOUBLE, Decimal("1e15"), "'1e+15'::double precision"),
        (DOUBLE, Decimal("1e23"), "'9.999999999999999e+22'::double precision"),
        (DOUBLE, Decimal("1.7976931348623157e308"), "'1.7976931348623157e+308'::double precision"),
        (DOUBLE, Decimal("1e-400"), "'0'::double precision"),
        (DOUBLE, 0, "'0'::double precision"),
        (
            UUID,
            "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6",
            "'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'::uuid",
        ),
        (DATE, "2024-02-29", "'2024-02-29'::date"),
        (MOMENT, "2024-01-01T00:00:00Z", "'2024-01-01 00:00:00+00'::timestamp with time zone"),
        (
            MOMENT,
            "0099-12-31t23:30:00.120-01:00",
            "'0100-01-01 00:30:00.12+00'::timestamp with time zone",
        ),
        (TIME, "09:30:00.5000000Z", "'09:30:00.5'::time without time zone"),
        (INTERVAL, "P1Y14M2W1DT25H61M61S", "'P2Y2M15DT26H2M1S'::interval"),
        (INTERVAL, "PT0S", "'PT0S'::interval"),
        (INTERVAL, "P3M", "'P3M'::interval"),
        (IPV4, "10.0.0.1", "'10.0.0.1'::inet"),
        (INET, "2001:DB8:0:0:0:0:0:1", "'2001:db8::1'::inet"),
        (IPV6, "::ffff:10.0.0.1", "'::ffff:10.0.0.1'::inet"),
        (IPV6, "::a00:1", "'::10.0.0.1'::inet"),
        (IPV6, "::ffff", "'::ffff'::inet"),
        (BYTEA, "SGk=", "'\\x4869'::bytea"),
        (JSONB, {"b": [None], "a": "x'"}, """'{"a": "x''", "b": [null]}'::jsonb"""),
    ],
)
def test_constant_is_spelled_as_the_server_does(
    type_: ColumnType, value: Any, expected: str
) -> None:
    assert constant(value, type_) == expected


@pytest.mark.parametrize(
    ("type_", "value", "reason"),
    [
        (TEXT, 1, "it is not a string"),
        (BOOLEAN, 1, "it is not true or false"),
        (INTEGER, True, "it is not a number"),
        (INTEGER, "1", "it is not a number"),
        (SMALLINT, 32768, "it is out of the range of smallint"),
        (INTEGER, 2**31, "it is out of the range of integer"),
        (BIGINT, -(2**63) - 1, "it is out of the range of bigint"),
        (BIGINT, Decimal("1.5"), "it is not a whole number"),
        (WHOLE, Decimal("1.5"), "it is not a whole number"),
        (SCALED, 100, "it does not fit numeric(4,2)"),
        (SCALED, Decimal("0.001"), "it does not fit numeric(4,2)"),
        (REAL, Decimal("1e39"), "it is out of range"),
        (DOUBLE, Decimal("1e309"), "it is out of range"),
        (UUID, "f81d4fae7dec11d0a76500a0c91e6bf6", "it is not a uuid, as RFC 4122 has it"),
        (DATE, "20240229", "it is not a full date, as RFC 3339 has it"),
        (DATE, "2023-02-29", "it is no date"),
        (DATE, "٢٠٢٤-01-01", "it is not a full date, as RFC 3339 has it"),
        (
            MOMENT,
            "2024-01-01T00:00:00",
            "it is not a date-time of RFC 3339, with microseconds at most",
        ),
        (
            MOMENT,
            "2024-01-01T00:00:00.1234567Z",
            "it is not a date-time of RFC 3339, with microseconds at most",
        ),
        (MOMENT, "2024-01-01T24:00:00Z", "it is no timestamp with time zone"),
        (MOMENT, "0001-01-01T00:00:00+01:00", "it is no timestamp with time zone"),
        (TIME, "09:30", "it is not a time of RFC 3339 in UTC, with microseconds at most"),
        (TIME, "09:30:00+01:00", "it is not a time of RFC 3339 in UTC, with microseconds at most"),
        (TIME, "25:00:00Z", "it is no time without time zone"),
        (INTERVAL, "P", "it is not a duration, as ISO 8601 has it"),
        (INTERVAL, "P1DT", "it is not a duration, as ISO 8601 has it"),
        (INTERVAL, "1 day", "it is not a duration, as ISO 8601 has it"),
        (IPV4, "::1", "it is not an ipv4 address"),
        (IPV6, "127.0.0.1", "it is not an ipv6 address"),
        (IPV6, "fe80::1%eth0", "it has a zone"),
        (INET, "10.0.0.0/8", "it is no inet"),
        (BYTEA, "SGk", "it is not base64"),
        (BYTEA, "SG k=", "it is not base64"),
        (BYTEA, "é", "it is no bytea"),
        (type_of("text[]", "array"), "a", "it is not an array"),
        (type_of("text[]", "array"), ["a", None], "an element is null"),
        (type_of("bigint[]", "array"), [1, Decimal("1.5")], "it is not a whole number"),
        (
            type_of("vector(1)", "array"),
            [1],
            "a vector is computed, and not written in a document",
        ),
    ],
)
def test_constant_that_is_not_of_the_type_is_refused_with_the_reason(
    type_: ColumnType, value: Any, reason: str
) -> None:
    with pytest.raises(NotOfTypeError) as caught:
        constant(value, type_)
    assert str(caught.value) == reason
