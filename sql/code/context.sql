-- Who is asking. One function decides; everything else in BSS asks it.
--
-- A gateway's context is a setting, and any client can write a setting. So it is signed: tenant,
-- backend, transaction and login, with a key that no role can read. SHA-384 shows only part of its
-- state, so a digest of key and message cannot be continued to that of a longer message, and one
-- call does what takes HMAC two.

-- In PL/pgSQL, because that keeps its plan for the session; an SQL function would plan its query
-- again in each transaction.
create or replace function bss_internal.sign_context(tenant_id text)
    returns text
    stable strict parallel restricted
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _key bytea;
begin
    select k.key into _key from bss_internal.context_key as k;
    return encode(
        sha384(
            _key || convert_to(
                concat_ws(
                    '.', tenant_id, pg_backend_pid(),
                    extract(epoch from transaction_timestamp()), session_user
                ),
                'UTF8'
            )
        ),
        'hex'
    );
end
$$;
comment on function bss_internal.sign_context(text) is
    'Signs a tenant for this backend, this transaction and this login.';


create or replace function bss.current_tenant_id()
    returns uuid
    stable parallel restricted
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    -- <tenant id>.<signature>
    _context text := current_setting('bss.context', true);
begin
    if coalesce(_context, '') = '' then
        return null;
    end if;
    if substr(_context, 38) is distinct from bss_internal.sign_context(left(_context, 36)) then
        raise exception using
            errcode = 'SB501',
            message = 'tenant context is not valid',
            detail = 'It was not made by bss.use_tenant() in this transaction of this session.',
            hint = 'Call bss.use_tenant() at the start of each transaction.';
    end if;
    return left(_context, 36)::uuid;
end
$$;
comment on function bss.current_tenant_id() is
    'Says which tenant this transaction acts for; null if it acts for none.';


create or replace function bss_internal.is_operator()
    returns boolean
    stable parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
    return pg_has_role(session_user, 'bss_admin', 'member');
comment on function bss_internal.is_operator() is
    'Says whether the login that opened this session may operate tenants.';


create or replace function bss_internal.enter_tenant(tenant text)
    returns bss_metadata.tenants
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants;
    _context text := current_setting('bss.context', true);
begin
    if not pg_has_role(session_user, 'bss_app', 'member') then
        raise exception using
            errcode = 'SB502',
            message = 'login may not enter a tenant',
            detail = 'Only a gateway, a member of bss_app, enters tenants.',
            hint = 'Ask an operator to grant bss_app to the login.';
    end if;
    _tenant := bss_internal.find_tenant(tenant);
    if _tenant.status <> 'ACTIVE' then
        raise exception using
            errcode = 'SB503',
            message = format('tenant "%s" is not active', _tenant.external_id),
            detail = format('Its status is %s.', _tenant.status),
            hint = 'Ask an operator to resume the tenant.';
    end if;
    -- a context that a pooler left over is not valid here, and does not count
    if
        left(_context, 36) <> _tenant.id::text
        and substr(_context, 38) = bss_internal.sign_context(left(_context, 36))
    then
        raise exception using
            errcode = 'SB504',
            message = 'transaction has entered another tenant already',
            hint = 'End the transaction before entering another tenant.';
    end if;
    return _tenant;
end
$$;
comment on function bss_internal.enter_tenant(text) is
    'Gives the tenant if this login may enter it now; refuses otherwise.';


-- The body is bound to its objects when it is created, so the caller's search_path does not matter
-- to it. It cannot pin one: that would undo, when it returns, the one that it sets.
create or replace function bss.use_tenant(tenant text)
    returns uuid
    volatile
    security definer
    language sql
begin atomic
    select t.id
    from
        bss_internal.enter_tenant(use_tenant.tenant) as t,
        lateral pg_catalog.set_config(
            'bss.context', pg_catalog.concat(t.id, '.', bss_internal.sign_context(t.id::text)), true
        ) as context,
        -- for logs and for clients that expect it; no policy reads it
        lateral pg_catalog.set_config('app.current_tenant_id', t.id::text, true) as compatible,
        -- temporary objects last: what an earlier client of the pooled session left cannot shadow
        lateral pg_catalog.set_config(
            'search_path', pg_catalog.format('%I, public, pg_temp', t.schema_name), true
        ) as path;
end;
comment on function bss.use_tenant(text) is
    'Enters a tenant until the end of the transaction: its rows, and its schema as search_path.';
