-- Who is asking. One function decides; everything else in BSS asks it.
--
-- The context of a gateway has to be in a setting, and nearly every setting can be written by any
-- client. backtrace_functions cannot: it takes a superuser, or a role that was granted it, which
-- bss_owner alone is (access_grants.sql). Its value is a list of names of C functions at whose
-- errors the server logs a backtrace; none is called bss_<uuid>, nor operation_<uuid>, which an
-- operator adds. A login that is bound to a tenant has no context: it is found by its name.

-- Every statement of a bound login calls it. So it is in PL/pgSQL, which keeps its plan, where a
-- function in SQL is planned again in each statement; and it does not pin a search_path, which
-- takes longer than the look-up. Every name and every operator is written with its schema.
create or replace function bss.bound_tenant_id()
    returns uuid
    stable parallel restricted
    security definer
    language plpgsql
as $$
declare
    _tenant_id pg_catalog.uuid;
begin
    select l.tenant_id into _tenant_id
    from bss_metadata.logins as l
    where l.login_name operator(pg_catalog.=) session_user
        and l.login operator(pg_catalog.=)
            pg_catalog.to_regrole(pg_catalog.quote_ident(session_user))
        and l.is_open;
    return _tenant_id;
end
$$;
comment on function bss.bound_tenant_id() is
    'Gives the tenant that the login of this session is bound to, if that is active.';


-- Its body is bound to its objects when it is created. It does not pin a search_path, because the
-- server puts the body in the place of the call only where there is no SET clause.
create or replace function bss.current_tenant_id()
    returns uuid
    stable parallel restricted
    security invoker
    language sql
return case
    when starts_with(current_setting('backtrace_functions'), 'bss_')
        then substr(current_setting('backtrace_functions'), 5, 32)::uuid
    else bss.bound_tenant_id()
end;
comment on function bss.current_tenant_id() is
    'Says which tenant this transaction acts for; null if it acts for none.';


-- Inlined, as bss.current_tenant_id(), and so without a search_path of its own.
create or replace function bss_internal.is_operator()
    returns boolean
    stable parallel safe
    security invoker
    language sql
    return pg_has_role(session_user, 'bss_admin', 'member');
comment on function bss_internal.is_operator() is
    'Says whether the login that opened this session may operate tenants.';


-- Inlined, as bss.current_tenant_id(), and so without a search_path of its own.
create or replace function bss_internal.operation()
    returns text
    stable parallel restricted
    security invoker
    language sql
return substring(current_setting('backtrace_functions') from 'operation_[0-9a-f]{32}$');
comment on function bss_internal.operation() is
    'Names what an operator has declared in this transaction by bss.as_operator(); or null.';


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


-- Part of every bss.use_tenant(): without a search_path of its own, as bound_tenant_id().
create or replace function bss_internal.does_not_choose(login name)
    returns boolean
    stable
    security invoker
    language plpgsql
as $$
begin
    -- by either: what holds a login back is not lost by a new name, nor by a new role of its name
    return exists (
        select from bss_metadata.logins as l
        where l.login_name operator(pg_catalog.=) does_not_choose.login
    ) or exists (
        select from bss_metadata.logins as l
        where l.login operator(pg_catalog.=)
            pg_catalog.to_regrole(pg_catalog.quote_ident(does_not_choose.login))
    );
end
$$;
comment on function bss_internal.does_not_choose(name) is
    'Says whether a login is one tenant, or enters tenants by tokens alone.';


create or replace function bss_internal.require_gateway(by_token boolean)
    returns void
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if not pg_has_role(session_user, 'bss_app', 'member') then
        raise exception using
            errcode = 'SB502',
            message = 'login may not enter a tenant',
            detail = 'Only a gateway, a member of bss_app, enters tenants.',
            hint = 'Ask an operator to grant bss_app to the login. An operator calls '
                'bss.as_operator() first.';
    end if;
    if not by_token and bss_internal.does_not_choose(session_user) then
        raise exception using
            errcode = 'SB507',
            message = 'login may not choose its tenant',
            detail = 'It is bound to a tenant, or enters tenants by a token.',
            hint = 'Call bss.use_token(), or ask an operator; see bss.logins.';
    end if;
end
$$;
comment on function bss_internal.require_gateway(boolean) is
    'Refuses to go on unless the login of this session may enter tenants, by a token or without.';


create or replace function bss_internal.enter_tenant(tenant text, by_token boolean)
    returns bss_metadata.tenants
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants;
begin
    if bss_internal.operation() is not null then
        return bss_internal.operate_tenant(tenant);
    end if;
    perform bss_internal.require_gateway(by_token);
    _tenant := bss_internal.find_tenant(tenant);
    perform bss_internal.refuse_pool(_tenant);
    if _tenant.status <> 'ACTIVE' then
        raise exception using
            errcode = 'SB503',
            message = format('tenant "%s" is not active', _tenant.external_id),
            detail = format('Its status is %s.', _tenant.status),
            hint = 'Ask an operator to resume the tenant.';
    end if;
    if
        bss.current_tenant_id() <> _tenant.id
        and bss_internal.setting('context.tenant_switch') <> 'allow'
    then
        raise exception using
            errcode = 'SB504',
            message = 'transaction has entered another tenant already',
            hint = 'End the transaction before entering another tenant.';
    end if;
    return _tenant;
end
$$;
comment on function bss_internal.enter_tenant(text, boolean) is
    'Gives the tenant if this login may enter it now; refuses otherwise.';


-- Whoever moves a tenant out of its pool waits for this lock, and holds off who comes later until
-- the tenant is where it is to be. Without a search_path of its own, as bound_tenant_id().
create or replace function bss_internal.settled_schema(tenant_id uuid)
    returns text
    volatile
    security invoker
    language plpgsql
as $$
begin
    perform pg_catalog.pg_advisory_xact_lock_shared(pg_catalog.uuid_hash_extended(tenant_id, 0));
    return (
        select t.schema_name
        from bss_metadata.tenants as t
        where t.id operator(pg_catalog.=) settled_schema.tenant_id
    );
end
$$;
comment on function bss_internal.settled_schema(uuid) is
    'Gives the schema that a tenant stays in until the end of the transaction, if it is in a pool.';


-- This function and those that call it cannot pin a search_path: that would undo, when they return,
-- the one that is set here. So every name and every operator is written with its schema, and the
-- caller's path does not matter.
create or replace function bss_internal.set_context(
    tenant_id uuid, schema_name text, operation text default null
)
    returns uuid
    volatile
    security invoker
    language plpgsql
as $$
declare
    _schema_name constant pg_catalog.text := case
        when pg_catalog.starts_with(schema_name, 'pool_')
            then bss_internal.settled_schema(tenant_id)
        else schema_name
    end;
begin
    perform
        pg_catalog.set_config(
            'backtrace_functions',
            pg_catalog.concat_ws(
                ',',
                pg_catalog.concat(
                    'bss_', pg_catalog.translate(tenant_id::pg_catalog.text, '-', '')
                ),
                operation
            ),
            true
        ),
        -- for logs and for clients that expect it; no policy reads it
        pg_catalog.set_config('app.current_tenant_id', tenant_id::pg_catalog.text, true),
        -- temporary objects last: what an earlier client of the pooled session left cannot shadow
        pg_catalog.set_config(
            'search_path', pg_catalog.format('%I, bss_shared, public, pg_temp', _schema_name), true
        );
    return tenant_id;
end
$$;
comment on function bss_internal.set_context(uuid, text, text) is
    'Makes a tenant the current one until the end of the transaction, its schema the search_path.';


-- Without a search_path of its own, as set_context().
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
        and t.isolation operator(pg_catalog.<>) 'host'
        and pg_catalog.current_setting('backtrace_functions') operator(pg_catalog.=) ''
        and pg_catalog.pg_has_role(session_user, 'bss_app', 'member')
        and not bss_internal.does_not_choose(session_user);
    if _id is not null then
        return bss_internal.set_context(_id, _schema_name);
    end if;
    -- by its uuid, in a transaction that has a tenant, by an operator; or there is a reason why not
    select t.id, t.schema_name into _id, _schema_name
    from bss_internal.enter_tenant(use_tenant.tenant, false) as t;
    return bss_internal.set_context(_id, _schema_name, bss_internal.operation());
end
$$;
comment on function bss.use_tenant(text) is
    'Enters a tenant until the end of the transaction: its rows, and its schema as search_path.';
