-- Logins that are told apart by who they are, the keys of tokens, and operators among the rows of
-- tenants. Runs as bss_owner.

-- A regrole survives dump and restore by the role's name, and does not match a role that was
-- dropped and made again; the name beside it keeps a number that was left over from meaning another
-- role.
create table bss_metadata.logins (
    login regrole not null,
    login_name name not null,
    tenant_id uuid,
    is_open boolean not null default true,
    bound_at timestamptz not null default now(),
    constraint logins_login_pkey primary key (login),
    constraint logins_login_name_key unique (login_name),
    constraint logins_tenant_id_fkey foreign key (tenant_id) references bss_metadata.tenants (id)
);
create index logins_tenant_id_idx on bss_metadata.logins (tenant_id);
comment on table bss_metadata.logins is
    'Lists the logins that do not choose their tenant: those of one tenant, and those of tokens.';
comment on column bss_metadata.logins.login is 'The role.';
comment on column bss_metadata.logins.login_name is 'Its name when it was bound.';
comment on column bss_metadata.logins.tenant_id is
    'The tenant that the login is; null where a token says the tenant.';
comment on column bss_metadata.logins.is_open is
    'Whether the tenant is active; kept here because every statement of the login asks.';
comment on column bss_metadata.logins.bound_at is 'When it was bound.';
alter table bss_metadata.logins enable row level security, force row level security;


create table bss_internal.token_keys (
    key_id text not null,
    inner_key bytea not null,
    outer_key bytea not null,
    created_at timestamptz not null default now(),
    retired_at timestamptz,
    constraint token_keys_key_id_pkey primary key (key_id),
    constraint token_keys_key_id_check check (key_id ~ '^[A-Za-z0-9._-]{1,64}$'),
    constraint token_keys_inner_key_check check (length(inner_key) = 64),
    constraint token_keys_outer_key_check check (length(outer_key) = 64)
);
comment on table bss_internal.token_keys is
    'Holds the keys that tokens are verified with. No role can read it.';
comment on column bss_internal.token_keys.key_id is 'The "kid" of the tokens that it signs.';
comment on column bss_internal.token_keys.inner_key is
    'The secret as HMAC takes it, padded and combined with 0x36 (RFC 2104).';
comment on column bss_internal.token_keys.outer_key is
    'The secret as HMAC takes it, padded and combined with 0x5c.';
comment on column bss_internal.token_keys.created_at is 'When it was added.';
comment on column bss_internal.token_keys.retired_at is
    'From when on no token is taken that it signs.';


comment on column bss_metadata.settings.value is
    'A number, or a string: a period or, where the description says so, a word.';
insert into bss_metadata.settings (name, value, description) values
    (
        'context.tenant_switch', '"deny"',
        'Whether a transaction may enter a second tenant: deny or allow.'
    ),
    ('token.lifetime', '"5 minutes"', 'The longest time from now to the expiry of a token.'),
    ('token.clock_skew', '"30 seconds"', 'How far the clock of who signs tokens may be off.'),
    (
        'token.audience', '""',
        'What the "aud" of a token has to name; if it is empty, the name of the database.'
    ),
    ('token.tenant_claim', '"tenant_id"', 'The claim of a token that names the tenant.');


-- operators come to the tables by bss.as_operator()
do $$
declare
    _schema text;
    _check text;
begin
    for _schema in
        select n.nspname
        from bss_metadata.tenants as t
        join pg_catalog.pg_namespace as n on n.nspname = t.schema_name
        where t.status <> 'DELETED'
    loop
        execute pg_catalog.format('grant usage on schema %I to bss_admin', _schema);
    end loop;
    -- and write rows there
    for _check in
        select p.proname
        from pg_catalog.pg_proc as p
        where p.pronamespace = 'bss_checks'::pg_catalog.regnamespace
            and p.proname ~ '^v_[0-9a-f]{32}$'
    loop
        execute pg_catalog.format(
            'grant execute on function bss_checks.%I(jsonb) to bss_admin', _check
        );
    end loop;
end
$$;


-- replaced by one of other parameters
drop function if exists bss_internal.enter_tenant(text);
