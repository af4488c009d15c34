-- Logins whose tenant is settled by who they are: a tenant's own, and gateways that need a token.

create or replace function bss_internal.find_login(login name)
    returns regrole
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _login regrole;
begin
    select r.oid into _login
    from pg_roles as r
    where r.rolname = login and r.rolcanlogin and not r.rolsuper and not r.rolbypassrls;
    if _login is null then
        raise exception using
            errcode = 'SB509',
            message = format('role "%s" is no login that can be bound', login),
            detail = 'It should exist, be able to log in, and be subject to row-level security.',
            hint = 'Create it with CREATE ROLE … LOGIN, without SUPERUSER and BYPASSRLS.';
    end if;
    return _login;
end
$$;
comment on function bss_internal.find_login(name) is
    'Gives the role of a login that row-level security applies to; refuses if there is none.';


create or replace function bss_internal.require_membership(login name, group_name name)
    returns void
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _groups constant name[] := '{bss_owner,bss_admin,bss_app,bss_tenant,bss_analytics,'
        'bss_subscriber,bss_monitor}';
    _other name := (
        select g.rolname
        from pg_roles as g
        where g.rolname = any (_groups) and g.rolname <> group_name
            and pg_has_role(login, g.oid, 'member')
        order by g.rolname
        limit 1
    );
begin
    if not pg_has_role(login, group_name, 'member') then
        raise exception using
            errcode = 'SB509',
            message = format('login "%s" is no member of "%s"', login, group_name),
            hint = format('As a superuser: GRANT %I TO %I.', group_name, login);
    end if;
    if _other is not null then
        raise exception using
            errcode = 'SB509',
            message = format('login "%s" is a member of "%s" as well', login, _other),
            detail = 'A login is either one tenant''s, or a gateway''s, or an operator''s.',
            hint = format('As a superuser: REVOKE %I FROM %I.', _other, login);
    end if;
end
$$;
comment on function bss_internal.require_membership(name, name) is
    'Refuses a login that is not in the group, or is in another group of BSS as well.';


create or replace function bss_internal.hold_schema(schema_name text)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    -- the server does not wait for another transaction that grants on the same schema: it fails
    select pg_advisory_xact_lock(hashtextextended('privileges on ' || schema_name, 0));
end;
comment on function bss_internal.hold_schema(text) is
    'Lets no other transaction change the privileges on a schema before this one has ended.';


create or replace function bss_internal.close_schemas(login regrole)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _schema_name text;
begin
    for _schema_name in
        select n.nspname
        from pg_namespace as n
        cross join aclexplode(n.nspacl) as g
        where
            g.grantee = login and g.grantor = n.nspowner
            and exists (
                select from bss_metadata.tenants as t where t.schema_name = n.nspname
            )
    loop
        perform bss_internal.hold_schema(_schema_name);
        execute format('revoke usage on schema %I from %I', _schema_name, pg_get_userbyid(login));
    end loop;
end
$$;
comment on function bss_internal.close_schemas(regrole) is
    'Takes from a login its way into the schemas of tenants.';


create or replace function bss_internal.release_login(login name)
    returns setof bss_metadata.logins
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _bound bss_metadata.logins;
begin
    -- by its name as well as by its role: it may have been renamed, or made anew
    for _bound in
        delete from bss_metadata.logins as l
        where l.login_name = release_login.login
            or l.login = to_regrole(quote_ident(release_login.login))
        returning l.*
    loop
        perform bss_internal.close_schemas(_bound.login);
        return next _bound;
    end loop;
end
$$;
comment on function bss_internal.release_login(name) is
    'Forgets what a login is bound to, and gives what it was.';


create or replace function bss.bind_login(
    login name, tenant text, initiator text default null, correlation_id text default null
)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _login regrole;
    _tenant bss_metadata.tenants;
begin
    perform bss_internal.require_operator();
    _login := bss_internal.find_login(login);
    perform bss_internal.require_membership(login, 'bss_tenant');
    _tenant := bss_internal.lock_tenant(tenant);
    perform bss_internal.refuse_pool(_tenant);
    perform bss_internal.release_login(login);
    perform bss_internal.hold_schema(_tenant.schema_name);
    insert into bss_metadata.logins (login, login_name, tenant_id, is_open)
    values (_login, bind_login.login, _tenant.id, _tenant.status = 'ACTIVE');
    execute format('grant usage on schema %I to %I', _tenant.schema_name, login);
    perform bss_internal.audit(
        _tenant.id, 'login.bound', initiator, correlation_id, jsonb_build_object('login', login)
    );
end
$$;
comment on function bss.bind_login(name, text, text, text) is
    'Makes a login one tenant, whatever any setting says: its own rows, its own schema.';


create or replace function bss.require_token(
    login name, initiator text default null, correlation_id text default null
)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _login regrole;
begin
    perform bss_internal.require_operator();
    _login := bss_internal.find_login(login);
    perform bss_internal.require_membership(login, 'bss_app');
    perform bss_internal.release_login(login);
    insert into bss_metadata.logins (login, login_name) values (_login, require_token.login);
    perform bss_internal.audit(
        null, 'login.token_required', initiator, correlation_id,
        jsonb_build_object('login', login)
    );
end
$$;
comment on function bss.require_token(name, text, text) is
    'Lets a gateway enter tenants by bss.use_token() alone.';


create or replace function bss.unbind_login(
    login name, initiator text default null, correlation_id text default null
)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _bound bss_metadata.logins;
begin
    perform bss_internal.require_operator();
    for _bound in select l.* from bss_internal.release_login(login) as l loop
        perform bss_internal.audit(
            _bound.tenant_id, 'login.unbound', initiator, correlation_id,
            jsonb_build_object('login', login)
        );
    end loop;
    if not found then
        raise exception using
            errcode = 'SB510',
            message = format('login "%s" is not bound', login),
            hint = 'The logins that are bound are listed in bss.logins.';
    end if;
end
$$;
comment on function bss.unbind_login(name, text, text) is
    'Takes back what bss.bind_login() or bss.require_token() said of a login.';


create or replace view bss.logins
with (security_invoker = true)
as
select
    l.login_name, t.external_id as tenant, l.tenant_id, l.bound_at,
    exists (
        select from pg_catalog.pg_roles as r where r.oid = l.login and r.rolname = l.login_name
    ) as is_valid
from bss_metadata.logins as l
left join bss_metadata.tenants as t on t.id = l.tenant_id;
comment on view bss.logins is 'Lists the logins that do not choose their tenant.';
comment on column bss.logins.login_name is 'The name of the login.';
comment on column bss.logins.tenant is
    'The external id of the tenant that it is; null if a token says the tenant.';
comment on column bss.logins.tenant_id is 'The tenant.';
comment on column bss.logins.bound_at is 'When it was bound.';
comment on column bss.logins.is_valid is
    'Whether the role is still the one that was bound; a role made anew is not.';
