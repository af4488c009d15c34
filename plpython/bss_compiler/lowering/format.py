"""The formats of text, as regular expressions of the server.

Each is a list of matches that all have to hold, with `~` (matches) or `!~` (does not match): two
short expressions are easier to read, and to trust, than one with a lookahead.
"""

from collections.abc import Mapping

_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOSTNAME = rf"^{_LABEL}(?:\.{_LABEL})*$"
_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_QUOTED = r'"(?:[\x20\x21\x23-\x5B\x5D-\x7E]|\\[\x20-\x7E])*"'
_IPV4_LITERAL = r"\[[0-9]{1,3}(?:\.[0-9]{1,3}){3}\]"
_IPV6_LITERAL = r"\[IPv6:[0-9A-Fa-f:.]+\]"

_ENCODED = "%[0-9A-Fa-f]{2}"
_PCHAR = rf"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|{_ENCODED})"
_USERINFO = rf"(?:[A-Za-z0-9._~!$&'()*+,;=:-]|{_ENCODED})*"
_REG_NAME = rf"(?:[A-Za-z0-9._~!$&'()*+,;=-]|{_ENCODED})*"
_IP_LITERAL = (
    r"\[(?:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*|[Vv][0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+)\]"
)
_AUTHORITY = rf"//(?:{_USERINFO}@)?(?:{_IP_LITERAL}|{_REG_NAME})(?::[0-9]*)?"
_TAIL = rf"(?:\?(?:{_PCHAR}|[/?])*)?(?:#(?:{_PCHAR}|[/?])*)?"
_HIER = rf"(?:{_AUTHORITY}(?:/{_PCHAR}*)*|/(?:{_PCHAR}+(?:/{_PCHAR}*)*)?|{_PCHAR}+(?:/{_PCHAR}*)*|)"
_NO_COLON = rf"(?:[A-Za-z0-9._~!$&'()*+,;=@-]|{_ENCODED})+"
_RELATIVE = (
    rf"(?:{_AUTHORITY}(?:/{_PCHAR}*)*|/(?:{_PCHAR}+(?:/{_PCHAR}*)*)?|{_NO_COLON}(?:/{_PCHAR}*)*|)"
)
_SCHEME = "[A-Za-z][A-Za-z0-9+.-]*:"

_POINTER = "(?:/(?:[^~/]|~[01])*)*"

FORMAT_PATTERNS: Mapping[str, tuple[tuple[str, str], ...]] = {
    # RFC 5321, 4.1.2 (Mailbox); the local part has at most 64 octets
    "email": (
        (
            "~",
            rf"^(?:{_ATOM}(?:\.{_ATOM})*|{_QUOTED})@"
            rf"(?:{_LABEL}(?:\.{_LABEL})*|{_IPV4_LITERAL}|{_IPV6_LITERAL})$",
        ),
        ("!~", "^[^@]{65,}@[^@]*$"),
    ),
    # RFC 1123, 2.1
    "hostname": (("~", _HOSTNAME), ("!~", "^.{254,}$")),
    # RFC 3986, appendix A
    "uri": (("~", rf"^{_SCHEME}{_HIER}{_TAIL}$"),),
    "uri-reference": (("~", rf"^(?:{_SCHEME}{_HIER}|{_RELATIVE}){_TAIL}$"),),
    # RFC 6901, 3
    "json-pointer": (("~", f"^{_POINTER}$"),),
    # draft-handrews-relative-json-pointer-01, 3
    "relative-json-pointer": (("~", f"^(?:0|[1-9][0-9]*)(?:#|{_POINTER})$"),),
}
