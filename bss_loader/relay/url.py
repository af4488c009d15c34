"""From the text of a URL to its parts: what is ours in its query, and what may be shown of it."""

from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qsl, urlencode


def parameters(
    url: SplitResult, defaults: Mapping[str, str], others: str = "?"
) -> tuple[SplitResult, dict[str, str]]:
    """Part a URL into the same without what is named in its query, and what that says.

    What has other names stays if these begin with `others`; ValueError if not.
    """
    given, rest = dict(defaults), {}
    for name, value in parse_qsl(url.query, keep_blank_values=True):
        if name in defaults:
            given[name] = value
        elif name.startswith(others):
            rest[name] = value
        else:
            raise ValueError(f'there is no parameter "{name}"')
    return url._replace(query=urlencode(rest)), given


def shown(url: SplitResult) -> str:
    """Give a URL without its user, password and query."""
    return url._replace(netloc=url.netloc.rpartition("@")[2], query="", fragment="").geturl()
