"""Defences of a pool: what keeps those apart that are in the same tables."""

from tests.isolation.defences.entry import Defence, edited
from tests.isolation.home import POOL

NOTES = "{victim}.notes"
_WITHOUT_KEYS = (
    f"alter table {NOTES} drop constraint notes_pkey cascade, drop constraint notes_slug_key;"
)

DEFENCES = (
    Defence(
        name="row-level security, in a pool",
        home=POOL,
        removal=f"alter table {NOTES} disable row level security",
    ),
    Defence(
        name="row-level security that is forced on the owner, in a pool",
        home=POOL,
        removal=f"alter table {NOTES} no force row level security",
    ),
    Defence(
        name="the policy that compares with the context in reading, in a pool",
        home=POOL,
        removal=f"alter policy tenant_isolation on {NOTES} using (true)",
    ),
    Defence(
        name="the policy that compares with the context in writing, in a pool",
        home=POOL,
        removal=f"alter policy tenant_isolation on {NOTES} with check (true)",
    ),
    Defence(
        name="that no policy of a pool lets others' rows through",
        home=POOL,
        removal=f"create policy loot on {NOTES} for select using (true)",
    ),
    Defence(
        name="that partitions of a pool are closed, by privileges and by row-level security",
        home=POOL,
        removal="alter table {part} disable row level security;"
        " grant select on {part} to bss_app, bss_tenant",
    ),
    Defence(
        name="that a primary key of a pool begins with the tenant",
        home=POOL,
        removal=f"{_WITHOUT_KEYS} alter table {NOTES} add primary key (note_id),"
        " add unique (tenant_id, slug)",
    ),
    Defence(
        name="that what is unique in a pool is so for each tenant",
        home=POOL,
        removal=f"{_WITHOUT_KEYS} alter table {NOTES} add primary key (tenant_id, note_id),"
        " add unique (slug)",
    ),
    Defence(
        name="that a reference in a pool is to a row of the same tenant",
        home=POOL,
        removal=f"create unique index on {NOTES} (note_id);"
        " alter table {victim}.replies drop constraint replies_note_id_fkey,"
        f" add foreign key (note_id) references {NOTES} (note_id)",
    ),
    Defence(
        name="the trigger that keeps tenants out that are not in the pool",
        home=POOL,
        removal=f"drop trigger hold_place on {NOTES}",
    ),
    Defence(
        name="the same trigger, which looks in which pool the tenant is",
        home=POOL,
        removal=edited("bss_internal.hold_place()", ("if not found then", "if false then")),
    ),
    Defence(
        name="that nobody enters a pool",
        home=POOL,
        removal=edited(
            "bss.use_tenant(text)", ("t.isolation operator(pg_catalog.<>) 'host'", "true")
        ),
    ),
    Defence(
        name="that operators alone move tenants out of a pool, by privileges and by what is asked",
        home=POOL,
        removal=edited(
            "bss_internal.lock_for_move(text)",
            ("perform bss_internal.require_operator();", ""),
        )
        + "; grant execute on function bss.move_tenant(text, text, text, text) to public",
    ),
)
