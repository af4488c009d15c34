"""From the text of a URL to its parts: what is ours in its query, and what may be shown of it."""

from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qsl, urlencode


def parameters(url: SplitResult, defaults: Mapping[str, str]) -> tuple[SplitResult, dict[str, str]]:
    """Part a URL into the same without what is named in its query, and what that says."""
    pairs = parse_qsl(url.query, keep_blank_values=True)
    given = {name: value for name, value in pairs if name in defaults}
    rest = urlencode([(name, value) for name, value in pairs if name not in defaults])
    return url._replace(query=rest), {**defaults, **given}


def shown(url: SplitResult) -> str:
    """Give a URL without its user, password and query."""
    return url._replace(netloc=url.netloc.rpartition("@")[2], query="", fragment="").geturl()
