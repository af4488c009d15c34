-- Who is asking. One function decides; everything else in BSS asks it.
--
-- The context of a gateway has to be in a setting, and nearly every setting can be written by any
-- client. backtrace_functions cannot: it takes a superuser, or a role that was granted it, which
-- bss_owner alone is (access.sql). Its value is a list of names of C functions at whose errors the
-- server logs a backtrace; none is called bss_<uuid>.

-- Its body is bound to its objects when it is created. It does not pin a search_path, because the
-- server puts the body in the place of the call only where there is no SET clause.
create or replace function bss.current_tenant_id()
    returns uuid
    stable parallel restricted
    security invoker
    language sql
return case
    when starts_with(current_setting('backtrace_functions'), 'bss_')
        then substr(current_setting('backtrace_functions'), 5)::uuid
end;
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


create or replace function bss_internal.require_own_tenant(tenant text)
    returns bss_metadata.tenants
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants;
begin
    if bss_internal.is_operator() then
        return bss_internal.find_tenant(tenant);
    end if;
    select t.* into _tenant
    from bss_metadata.tenants as t
    where t.id = bss.current_tenant_id() and tenant in (t.external_id, t.id::text);
    if not found then
        raise exception using
            errcode = 'SB506',
            message = format('transaction does not act for tenant "%s"', left(tenant, 80)),
            hint = 'Call bss.use_tenant() with it at the start of the transaction.';
    end if;
    return _tenant;
end
$$;
comment on function bss_internal.require_own_tenant(text) is
    'Gives a tenant to an operator, or if the transaction acts for it; refuses otherwise.';


create or replace function bss_internal.enter_tenant(tenant text)
    returns bss_metadata.tenants
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants;
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
    if bss.current_tenant_id() <> _tenant.id then
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


-- It cannot pin a search_path: that would undo, when it returns, the one that it sets. So every
-- name and every operator is written with its schema, and the caller's path does not matter.
create or replace function bss.use_tenant(tenant text)
    returns uuid
    volatile
    security definer
    language plpgsql
as $$
declare
    _id pg_catalog.uuid;
    _schema_name pg_catalog.text;
begin
    select t.id, t.schema_name into _id, _schema_name
    from bss_metadata.tenants as t
    where t.external_id operator(pg_catalog.=) use_tenant.tenant
        and t.status operator(pg_catalog.=) 'ACTIVE'
        and pg_catalog.pg_has_role(session_user, 'bss_app', 'member')
        and coalesce(bss.current_tenant_id() operator(pg_catalog.=) t.id, true);
    if _id is null then -- by its uuid, or there is a reason why not
        select t.id, t.schema_name into _id, _schema_name
        from bss_internal.enter_tenant(use_tenant.tenant) as t;
    end if;
    perform
        pg_catalog.set_config(
            'backtrace_functions',
            pg_catalog.concat('bss_', pg_catalog.translate(_id::pg_catalog.text, '-', '')), true
        ),
        -- for logs and for clients that expect it; no policy reads it
        pg_catalog.set_config('app.current_tenant_id', _id::pg_catalog.text, true),
        -- temporary objects last: what an earlier client of the pooled session left cannot shadow
        pg_catalog.set_config(
            'search_path',
            pg_catalog.format('%I, bss_shared, public, pg_temp', _schema_name), true
        );
    return _id;
end
$$;
comment on function bss.use_tenant(text) is
    'Enters a tenant until the end of the transaction: its rows, and its schema as search_path.';
