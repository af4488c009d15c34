"""Who attacks: a login for each way in which BSS knows somebody, and what it may see of others.

All but the last act for the tenant acme, or for none; the tenant that they are after is globex.
"""

from dataclasses import dataclass, field

from tests.isolation.canary import Kind

_METADATA = frozenset(
    {Kind.NAME, Kind.RULE, Kind.COMMENT, Kind.DOCUMENT, Kind.AUDIT, Kind.LOGIN, Kind.EXISTENCE}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """A login; `enters` says that it begins by acting for its tenant, with a token if need be."""

    name: str
    is_: str
    group: str | None
    enters: bool = False
    needs_token: bool = False
    may_see: frozenset[Kind] = field(default_factory=frozenset)


TENANT = Principal(name="tenant", is_="a login that is bound to acme", group="bss_tenant")
GATEWAY = Principal(
    name="gateway",
    is_="a gateway that has entered acme",
    group="bss_app",
    enters=True,
)
TOKEN = Principal(
    name="token",
    is_="a gateway that needs a token, and has entered acme by one",
    group="bss_app",
    enters=True,
    needs_token=True,
)
OUTSIDE = Principal(
    name="outside",
    is_="a gateway that needs a token and has shown none",
    group="bss_app",
    needs_token=True,
)
UNBOUND = Principal(
    name="unbound", is_="a member of bss_tenant that is bound to nothing", group="bss_tenant"
)
ANALYST = Principal(
    name="analyst",
    is_="a member of bss_analytics",
    group="bss_analytics",
    may_see=_METADATA | {Kind.VALUE, Kind.COUNT},
)
OPERATOR = Principal(
    name="operator",
    is_="a member of bss_admin that has given no reason",
    group="bss_admin",
    may_see=_METADATA | {Kind.COUNT},
)
MONITOR = Principal(
    name="monitor",
    is_="a member of bss_monitor",
    group="bss_monitor",
    may_see=frozenset({Kind.NAME, Kind.RULE, Kind.LOGIN, Kind.EXISTENCE}),
)
SUBSCRIBER = Principal(name="subscriber", is_="a member of bss_subscriber", group="bss_subscriber")
PUBLIC = Principal(name="public", is_="a login that is a member of nothing", group=None)
SUPERUSER = Principal(
    name="superuser",
    is_="a superuser, for whom each attack succeeds: it would, were there no defence",
    group=None,
)

PRINCIPALS = (
    TENANT, GATEWAY, TOKEN, OUTSIDE, UNBOUND, ANALYST, OPERATOR, MONITOR, SUBSCRIBER, PUBLIC,
)  # fmt: skip
BOUND = (TENANT, GATEWAY, TOKEN)
"""Those that act for a tenant."""
GATEWAYS = (GATEWAY, TOKEN, OUTSIDE)
STRANGERS = (UNBOUND, MONITOR, SUBSCRIBER, PUBLIC)
"""Those that act for none, and have no business with rows."""
OUTSIDERS = tuple(item for item in PRINCIPALS if item not in (ANALYST, OPERATOR))
"""Those that are to see nothing of other tenants."""
