"""A column with a format takes what the format's standard allows, and refuses what it does not.

The patterns are regular expressions of the server, so it is the server that is asked, through a
table that was compiled from a document.
"""

import json
from collections.abc import Mapping

import psycopg
import pytest
from psycopg import sql

from bss_compiler.lowering.format import FORMAT_PATTERNS

LABEL_63 = "a" * 63
NAME_253 = ".".join([LABEL_63, LABEL_63, LABEL_63, "a" * 61])

ALLOWED: Mapping[str, list[str]] = {
    "email": [
        "joe.bloggs@example.com",
        "te~st@example.com",
        "~test@example.com",
        "te.s.t@example.com",
        "a+b_c-d!#$%&'*/=?^`{|}@example.com",
        '"joe bloggs"@example.com',
        '"joe..bloggs"@example.com',
        '"joe@bloggs"@example.com',
        r'"joe\"b"@example.com',
        '""@example.com',
        "joe@localhost",
        "joe@[127.0.0.1]",
        "joe@[IPv6:::1]",
        "a" * 64 + "@example.com",
        "JOE@EXAMPLE.COM",
        "1@2",
    ],
    "hostname": [
        "www.example.com",
        "xn--4gbwdl.xn--wgbh1c",
        "a",
        "1host",
        "123.45",
        "a-b.c--d",
        "EXAMPLE.com",
        LABEL_63 + ".com",
        NAME_253,
    ],
    "uri": [
        "http://foo.bar/?baz=qux#quux",
        "http://foo.com/blah_(wikipedia)_blah#cite-1",
        "http://foo.bar/?q=Test%20URL-encoded%20stuff",
        "http://xn--nw2a.xn--j6w193g/",
        "http://-.~_!$&'()*+,;=:%40:80%2f::::::@example.com",
        "http://223.255.255.254",
        "ftp://ftp.is.co.za/rfc/rfc1808.txt",
        "ldap://[2001:db8::7]/c=GB?objectClass?one",
        "http://[v1.a:b]/",
        "mailto:John.Doe@example.com",
        "news:comp.infosystems.www.servers.unix",
        "tel:+1-816-555-1212",
        "urn:oasis:names:specification:docbook:dtd:xml:4.1.2",
        "file:///etc/hosts",
        "http://example.com:",
        "a:",
        "a+b-c.d:x",
        "http://a//b///",
        "about:blank?a=/?b#/?",
    ],
    "uri-reference": [
        "",
        "/abc",
        "//foo.bar/?baz=qux#quux",
        "abc",
        "#fragment",
        "?query",
        "./this:that",
        "../a/b;c=1,2",
        "/",
        "http://foo.bar/",
        "a/b:c",
        "%20",
        "//",
    ],
    "json-pointer": [
        "",
        "/",
        "/foo/bar~0/baz~1/%a",
        "/foo//bar",
        "/foo/",
        "/a b",
        "/a\nb",
        "/é/漢",
        '/k"l',
        "/m\\n",
        "/~0~1",
        "/-",
    ],
    "relative-json-pointer": ["0", "1", "0/foo/bar", "2/0/baz/1/zip", "0#", "120/foo/~0~1", "10#"],
    "iri": [
        "http://ƒøø.ßår/?∂éœ=πîx#πîüx",
        "http://[2001:0db8:85a3:0000:0000:8a2e:0370:7334]",
        "http://foo.bar/",
        "urn:müller",
    ],
    "iri-reference": ["", "/âππ", "#ƒrägmênt", "http://ƒøø.ßår/", "a/ä:c"],
    "uri-template": ["", "http://example.com/{term:1}/{term}", "{/list*}{?q,lang}", "é", "%20"],
    "idn-email": ["실례@실례.테스트", "joe@example.com", "é@example.com"],
    "idn-hostname": [
        "실례.테스트",
        "bücher.example",
        "XN--BCHER-KVA.example",
        "www.EXAMPLE.com",
        "ß.de",
        "日本語。jp",
        "l·l.cat",
        "א-1.il",
        "क्‍ष.in",
        "ü" * 57,
    ],
    "regex": [
        "",
        "^(a|b)*$",
        r"[^\]\-]{2,3}?",
        r"(?<n>.)\k<n>\1(?=x)(?<!y)",
        r"\p{Script=Greek}\u{1F600}\ud83d\ude00",
        "[]",
        "a\nb",
    ],
}
REFUSED: Mapping[str, list[str]] = {
    "email": [
        "",
        "2962",
        "@example.com",
        "joe@",
        ".test@example.com",
        "test.@example.com",
        "te..st@example.com",
        "joe bloggs@example.com",
        "joe@exa mple.com",
        "joe@-example.com",
        "joe@example-.com",
        "joe@example..com",
        "joe@example.com.",
        "joe@[127.0.0]",
        "joe@127.0.0.1]",
        "a" * 65 + "@example.com",
        "joe@example.com\n",
        "joe@example.com, ann@example.com",
        "jöe@example.com",
        '"joe"b"@example.com',
        f"joe@{'a' * 64}.com",
    ],
    "hostname": [
        "",
        ".",
        "a.",
        ".a",
        "-bad-host-name",
        "bad-",
        "not_a_valid_host_name",
        "a..b",
        "a b",
        "exämple",
        "a" * 64,
        NAME_253 + "b",
        "www.example.com\n",
    ],
    "uri": [
        "",
        "//foo.bar/?baz=qux#quux",
        "/abc",
        "abc",
        "\\\\WINDOWS\\fileshare",
        "http:// shouldfail.com",
        ":// should fail",
        "bar,baz:foo",
        "1http://example.com",
        "http://example.com/a b",
        "http://example.com/<tag>",
        "http://example.com/%zz",
        "http://example.com/%2",
        "http://example.com:port/",
        "http://[::1/",
        "http://[example.com]/",
        "http://a/b#c#d",
        "http://exämple.com/",
        'http://example.com/"',
        "http://example.com/`|{}^\\",
        "http://example.com/\n",
    ],
    "uri-reference": [
        "\\\\WINDOWS\\fileshare",
        "#frag\\ment",
        "this:is[not",
        "1a:b",
        ":a",
        " a",
        "a b",
        "%",
        "#a#b",
        "é",
        "a\n",
    ],
    "json-pointer": ["a", "/foo/bar~", "/~2", "/~", "#", "#/a", "0", "/~0.1~", " /a", "a/b"],
    "relative-json-pointer": [
        "",
        "/foo/bar",
        "-1/foo/bar",
        "+1/foo/bar",
        "0##",
        "01/a",
        "01#",
        "multi-digit-prefix",
        "1 ",
        "1/~2",
        "0#/a",
        "0\n",
    ],
    "iri": [
        "",
        "/abc",
        "\\\\WINDOWS\\filëßåré",
        "âππ",
        "http://2001:0db8:85a3::7334",
        "http://a b",
    ],
    "iri-reference": ["\\\\WINDOWS\\filëßåré", "#ƒräg\\mênt", "a b", "%"],
    "uri-template": ["http://example.com/{term:1}/{term", "{}", "a b", "%", "{a b}"],
    "idn-email": ["2962", "é", "é@", "@é", "a b@é"],
    "idn-hostname": [
        "",
        ".",
        "a..b",
        "a.",
        "Bücher.example",
        "bu\u0308cher.example",
        "-ü",
        "ab--ü",
        "ab--c",
        "xn--a",
        "xn--bcher-kva8",
        "xn--BCHER-9",
        "a·l",
        "\u03b1\u0375a",
        "\u0301a",
        "א1a",
        "1א",
        "☃.net",
        "a_b",
        "ü" * 58,
        "ü\n",
        ".".join([LABEL_63] * 4),
    ],
    "regex": [
        "(",
        "a)",
        "*",
        "^*",
        "(?=a)*",
        "a{2,1}",
        "a{,1}",
        "[b-a]",
        r"[\d-z]",
        "[",
        "]",
        "{",
        r"\a",
        r"\-",
        r"\u{110000}",
        r"\1",
        r"\00",
        r"\k<n>",
        "(?<n>a)|(?<n>b)",
        "(?<1>a)",
        "(?a)",
        r"\p{Greek}",
        "\\",
    ],
}


@pytest.fixture
def tables(connection: psycopg.Connection) -> psycopg.Connection:
    """A tenant with a table for each format, which has the format in its one property."""
    definitions = {
        format_: {
            "type": "object",
            "properties": {
                "id": {"type": "integer"},
                "value": {"type": "string", "format": format_},
            },
            "x-bss": {"table": format_},
        }
        for format_ in FORMAT_PATTERNS
    }
    document = json.dumps({"$defs": definitions})
    connection.execute("select bss.provision_tenant('formats', %s)", [document])
    return connection


def accepted(connection: psycopg.Connection, format_: str, values: list[str]) -> list[str]:
    table = sql.Identifier("tenant_formats", format_)
    insert = sql.SQL("insert into {} (id, value) values (%s, %s)").format(table)
    found = []
    for number, value in enumerate(values):
        try:
            connection.execute(insert, [number, value])
        except psycopg.errors.CheckViolation:
            continue
        found.append(value)
    connection.execute(sql.SQL("truncate {}").format(table))
    return found


def test_formats_all_have_examples() -> None:
    assert ALLOWED.keys() == REFUSED.keys() == FORMAT_PATTERNS.keys()


def test_format_takes_what_it_allows_and_refuses_what_it_does_not(
    tables: psycopg.Connection,
) -> None:
    assert {each: accepted(tables, each, ALLOWED[each]) for each in ALLOWED} == ALLOWED
    assert {each: accepted(tables, each, REFUSED[each]) for each in REFUSED} == {
        each: [] for each in REFUSED
    }
