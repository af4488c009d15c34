"""The formats of text, as regular expressions of the server.

Each is a list of tests that all have to hold: with `~` (matches) or `!~` (does not match), as two
short expressions are easier to read, and to trust, than one with a lookahead; with `is`, a function
in `bss_checks` says so, where the grammar is nested or asks for tables of Unicode. Inside a value,
where no type of a column helps, a format has alternatives of such lists, of which one has to hold.
"""

from collections.abc import Mapping

_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOSTNAME = rf"^{_LABEL}(?:\.{_LABEL})*$"
_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_QUOTED = r'"(?:[\x20\x21\x23-\x5B\x5D-\x7E]|\\[\x20-\x7E])*"'

_ENCODED = "%[0-9A-Fa-f]{2}"
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_HEX = "[0-9A-Fa-f]{1,4}"
_LAST = f"(?:{_HEX}:{_HEX}|{_IPV4})"
# RFC 4291, 2.2: eight groups, or fewer with one "::"; the last two may be an IPv4 address
_IPV6 = "(?:" + "|".join([
    f"(?:{_HEX}:){{6}}{_LAST}",
    *(
        (f"(?:(?:{_HEX}:){{0,{before - 1}}}{_HEX})?" if before else "") + "::"
        + f"(?:{_HEX}:){{{5 - before}}}{_LAST}"
        for before in range(6)
    ),
    f"(?:(?:{_HEX}:){{0,5}}{_HEX})?::{_HEX}",
    f"(?:(?:{_HEX}:){{0,6}}{_HEX})?::",
]) + ")"  # fmt: skip

_ADDRESS_LITERAL = rf"\[(?:{_IPV4}|IPv6:{_IPV6})\]"

_UCS = "\\u00a0-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\uffef" + "".join(
    f"\\U{plane:04x}{'1000' if plane == 14 else '0000'}-\\U{plane:04x}fffd"
    for plane in range(1, 15)
)
"""ucschar of RFC 3987, 2.2; inside a bracket expression."""
_PRIVATE = "\\ue000-\\uf8ff\\U000f0000-\\U000ffffd\\U00100000-\\U0010fffd"


def _references(ucs: str, private: str) -> tuple[str, str]:
    """Give the expressions of a URI and of a reference (RFC 3986, appendix A; RFC 3987, 2.2)."""
    pchar = rf"(?:[A-Za-z0-9._~!$&'()*+,;=:@{ucs}-]|{_ENCODED})"
    userinfo = rf"(?:[A-Za-z0-9._~!$&'()*+,;=:{ucs}-]|{_ENCODED})*"
    reg_name = rf"(?:[A-Za-z0-9._~!$&'()*+,;={ucs}-]|{_ENCODED})*"
    ip_literal = rf"\[(?:{_IPV6}|[Vv][0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+)\]"
    authority = rf"//(?:{userinfo}@)?(?:{ip_literal}|{reg_name})(?::[0-9]*)?"
    query = rf"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?{ucs}{private}-]|{_ENCODED})*"
    tail = rf"(?:\?{query})?(?:#(?:{pchar}|[/?])*)?"
    rootless = rf"{authority}(?:/{pchar}*)*|/(?:{pchar}+(?:/{pchar}*)*)?"
    no_colon = rf"(?:[A-Za-z0-9._~!$&'()*+,;=@{ucs}-]|{_ENCODED})+"
    scheme = "[A-Za-z][A-Za-z0-9+.-]*:"
    absolute = rf"{scheme}(?:{rootless}|{pchar}+(?:/{pchar}*)*|)"
    relative = rf"(?:{rootless}|{no_colon}(?:/{pchar}*)*|)"
    return f"^{absolute}{tail}$", f"^(?:{absolute}|{relative}){tail}$"


_URI, _URI_REFERENCE = _references("", "")
_IRI, _IRI_REFERENCE = _references(_UCS, _PRIVATE)

_VARIABLE = rf"(?:[A-Za-z0-9_]|{_ENCODED})(?:\.?(?:[A-Za-z0-9_]|{_ENCODED}))*"
_VARIABLE_SPEC = rf"{_VARIABLE}(?::[1-9][0-9]{{0,3}}|\*)?"
_URI_TEMPLATE = (
    rf"^(?:[!#$&(-;=?-\[\]_a-z~{_UCS}{_PRIVATE}]|{_ENCODED}"
    rf"|\{{[+#./;?&=,!@|]?{_VARIABLE_SPEC}(?:,{_VARIABLE_SPEC})*\}})*$"
)

_UNICODE_LABEL = rf"[A-Za-z0-9{_UCS}](?:[A-Za-z0-9{_UCS}-]{{0,61}}[A-Za-z0-9{_UCS}])?"
_UNICODE_ATOM = rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~{_UCS}-]+"

_POINTER = "(?:/(?:[^~/]|~[01])*)*"

FORMAT_PATTERNS: Mapping[str, tuple[tuple[str, str], ...]] = {
    # RFC 5321, 4.1.2 (Mailbox); the local part has at most 64 octets
    "email": (
        (
            "~",
            rf"^(?:{_ATOM}(?:\.{_ATOM})*|{_QUOTED})@"
            rf"(?:{_LABEL}(?:\.{_LABEL})*|{_ADDRESS_LITERAL})$",
        ),
        ("!~", "^[^@]{65,}@[^@]*$"),
    ),
    # RFC 6531, 3.3
    "idn-email": (
        (
            "~",
            rf"^(?:{_UNICODE_ATOM}(?:\.{_UNICODE_ATOM})*|{_QUOTED})@"
            rf"(?:{_UNICODE_LABEL}(?:\.{_UNICODE_LABEL})*|{_ADDRESS_LITERAL})$",
        ),
    ),
    # RFC 1123, 2.1
    "hostname": (("~", _HOSTNAME), ("!~", "^.{254,}$")),
    # RFC 5890, 2.3.2.3
    "idn-hostname": (("is", "is_idn_hostname"),),
    # ECMA-262 (11th edition), 21.2.1
    "regex": (("is", "is_regex"),),
    "uri": (("~", _URI),),
    "uri-reference": (("~", _URI_REFERENCE),),
    "iri": (("~", _IRI),),
    "iri-reference": (("~", _IRI_REFERENCE),),
    # RFC 6570, 2
    "uri-template": (("~", _URI_TEMPLATE),),
    # RFC 6901, 3
    "json-pointer": (("~", f"^{_POINTER}$"),),
    # draft-handrews-relative-json-pointer-01, 3
    "relative-json-pointer": (("~", f"^(?:0|[1-9][0-9]*)(?:#|{_POINTER})$"),),
}

_LONG, _SHORT = "(?:0[13578]|1[02])", "(?:0[469]|11)"
_LEAP_YEAR = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
_DATE = (
    f"(?:[0-9]{{4}}-(?:{_LONG}-(?:0[1-9]|[12][0-9]|3[01])|{_SHORT}-(?:0[1-9]|[12][0-9]|30)"
    f"|02-(?:0[1-9]|1[0-9]|2[0-8]))|{_LEAP_YEAR}-02-29)"
)
_FRACTION = r"(?:\.[0-9]+)?"
_HOUR, _MINUTE = "(?:[01][0-9]|2[0-3])", "[0-5][0-9]"
_TIME = rf"{_HOUR}:{_MINUTE}:{_MINUTE}{_FRACTION}(?:[Zz]|[+-]{_HOUR}:{_MINUTE})"


def _leap_second(before: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Give what a time of second 60 has to match: it is 23:59:60 in UTC (RFC 3339, 5.7).

    Hours and minutes of time and offset belong together in pairs; each list of pairs is an
    expression of its own. East of UTC the hour lags behind by one where no minutes carry over.
    """

    def pairs(sign: str, time: str, offset: str, count: int, first: int, step: int) -> str:
        ways = (
            time.format(f"{(first + step * part) % count:02d}")
            + f":60{_FRACTION}{sign}"
            + offset.format(f"{part:02d}")
            for part in range(count)
        )
        return f"^{before}(?:{'|'.join(ways)})$"

    def hours(sign: str, first: int, step: int) -> tuple[str, str]:
        return "~", pairs(sign, f"{{}}:{_MINUTE}", f"{{}}:{_MINUTE}", 24, first, step)

    def minutes(sign: str, step: int) -> tuple[str, str]:
        return "~", pairs(sign, f"{_HOUR}:{{}}", f"{_HOUR}:{{}}", 60, 59, step)

    whole_hours = rf"^{before}{_HOUR}:59:60{_FRACTION}\+{_HOUR}:00$"
    return (
        (("~", f"^{before}23:59:60{_FRACTION}[Zz]$"),),
        (hours("-", 23, -1), minutes("-", -1)),
        (hours(r"\+", 23, 1), ("~", whole_hours)),
        (hours(r"\+", 0, 1), minutes(r"\+", 1), ("!~", whole_hours)),
    )


_DURATION_TIME = "T(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S)"
_DURATION_DATE = "(?:[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)"

VALUE_FORMATS: Mapping[str, tuple[tuple[tuple[str, str], ...], ...]] = {
    **{name: (tests,) for name, tests in FORMAT_PATTERNS.items()},
    # RFC 3339, 5.6 and appendix A
    "date": ((("~", f"^{_DATE}$"),),),
    "time": ((("~", f"^{_TIME}$"),), *_leap_second("")),
    "date-time": ((("~", f"^{_DATE}[Tt]{_TIME}$"),), *_leap_second(f"{_DATE}[Tt]")),
    "duration": (
        (("~", f"^P(?:{_DURATION_DATE}(?:{_DURATION_TIME})?|{_DURATION_TIME}|[0-9]+W)$"),),
    ),
    # RFC 2673, 3.2
    "ipv4": ((("~", f"^{_IPV4}$"),),),
    "ipv6": ((("~", f"^{_IPV6}$"),),),
    # RFC 9562, 4
    "uuid": ((("~", "^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"),),),
}

NUMBER_FORMATS: Mapping[str, tuple[int, int]] = {
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "float": (-(2**128 - 2**104), 2**128 - 2**104),
    "double": (-(2**1024 - 2**971), 2**1024 - 2**971),
}
"""The least and the greatest number of each; an int has to be whole."""


def function_of(name: str) -> str | None:
    """Give the function that decides a format of text; None for one that expressions decide."""
    return next((text for sign, text in FORMAT_PATTERNS.get(name, ()) if sign == "is"), None)
