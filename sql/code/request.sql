-- Requests that carry who they are for: a token, or the claims that PostgREST has taken from one.

-- Without a search_path of its own, as bss_internal.set_context().
create or replace function bss.use_token(token text)
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
    from bss_internal.enter_tenant(bss_internal.token_tenant(use_token.token), true) as t;
    return bss_internal.set_context(_id, _schema_name, bss_internal.operation());
end
$$;
comment on function bss.use_token(text) is
    'Enters the tenant that a signed token names, until the end of the transaction.';


create or replace function bss_internal.of_request(setting text, member text)
    returns text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return nullif(current_setting(setting, true), '')::jsonb ->> member;
exception when data_exception then
    raise exception using
        errcode = 'SB513',
        message = format('setting "%s" is no JSON', setting),
        hint = 'Call bss.pre_request() from PostgREST, version 9 or later.';
end
$$;
comment on function bss_internal.of_request(text, text) is
    'Gives a member of a setting in which PostgREST describes the request.';


create or replace function bss_internal.claimed_tenant()
    returns text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _claim text := bss_internal.setting('token.tenant_claim');
    _tenant text := bss_internal.of_request('request.jwt.claims', _claim);
begin
    -- PostgREST has verified the token, but takes one without "aud", whatever its jwt-aud is
    if _tenant is not null then
        perform bss_internal.refuse_token(
            bss_internal.audience_fault(current_setting('request.jwt.claims')::jsonb)
        );
    end if;
    return _tenant;
end
$$;
comment on function bss_internal.claimed_tenant() is
    'Gives the tenant that the claims of a request name; null for a request without.';


-- Without a search_path of its own, as bss_internal.set_context().
create or replace function bss.pre_request()
    returns void
    volatile
    security definer
    language plpgsql
as $$
declare
    _tenant pg_catalog.text;
begin
    -- claims are a setting that injected SQL can write; a login that needs a token ignores them
    if bss_internal.does_not_choose(session_user) then
        perform bss.use_token(
            pg_catalog.regexp_replace(
                bss_internal.of_request('request.headers', 'authorization'), '^[Bb]earer +', ''
            )
        );
        return;
    end if;
    _tenant := bss_internal.claimed_tenant();
    if _tenant is not null then
        perform bss.use_tenant(_tenant);
    end if;
end
$$;
comment on function bss.pre_request() is
    'Enters the tenant of a request of PostgREST: its db-pre-request.';
