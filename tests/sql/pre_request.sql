begin;
set local search_path = tap, public;
select plan(15);

-- as PostgREST does: the login, the role of the claims, what it says of the request
select bss.provision_tenant('acme') as acme, bss.provision_tenant('globex') as globex \gset
create role authenticator login noinherit;
create role web_user;
create role web_anon;
grant bss_app to web_user;
grant web_user, web_anon to authenticator;
create function pg_temp.entered(claims jsonb, headers text default '{}')
    returns text
    language plpgsql
as $$
declare
    _detail text;
begin
    perform
        set_config('request.jwt.claims', claims::text, true),
        set_config('request.headers', headers, true);
    perform bss.pre_request();
    raise exception '%', coalesce(
        (select external_id from bss.tenants where id = bss.current_tenant_id()), 'nobody'
    );
exception when raise_exception then
    return sqlerrm; -- and has left the tenant again
when others then
    get stacked diagnostics _detail = pg_exception_detail;
    return concat_ws(': ', sqlstate, sqlerrm, nullif(_detail, ''));
end
$$;
select format('{"tenant_id": "acme", "aud": "%s"}', current_database()) as claims \gset

set session authorization authenticator;
select throws_ok(
    'set local role bss_admin', '42501', 'permission denied to set role "bss_admin"',
    'pre_request() is called by a role that cannot be an operator'
);
set local role web_anon;
select throws_ok(
    'select bss.pre_request()', '42501', 'permission denied for schema bss',
    'pre_request() refuses a role that is not in bss_app'
);
set local role web_user;
select is(pg_temp.entered(:'claims'), 'acme', 'pre_request() enters the tenant of the claims');
select is(
    pg_temp.entered(:'claims'::jsonb || jsonb_build_object('aud', array['x', current_database()])),
    'acme', 'pre_request() takes an audience among others'
);
select is(pg_temp.entered(null), 'nobody', 'pre_request() takes a request without claims');
select is(
    pg_temp.entered('{"role": "web_user"}'), 'nobody', 'pre_request() takes claims without a tenant'
);
select is(
    pg_temp.entered(:'claims'::jsonb - 'aud'),
    'SB511: token is not valid: '
    'It has no "aud" that names this database, or what the setting token.audience says.',
    'pre_request() refuses claims without an audience, which PostgREST takes'
);
select is(
    pg_temp.entered(:'claims'::jsonb || '{"aud": "another"}'),
    'SB511: token is not valid: '
    'It has no "aud" that names this database, or what the setting token.audience says.',
    'pre_request() refuses claims for another audience'
);
select is(
    pg_temp.entered(:'claims'::jsonb || '{"tenant_id": "nobody"}'),
    'SB601: tenant "nobody" does not exist', 'pre_request() refuses a tenant that there is not'
);
select set_config('request.jwt.claims', 'no JSON', true) as set \gset
select throws_ok(
    'select bss.pre_request()', 'SB513', 'setting "request.jwt.claims" is no JSON',
    'pre_request() refuses claims that are no JSON'
);

reset session authorization;
reset role;
select bss.set_setting('token.audience', '"https://api.example"') as set,
    bss.set_setting('token.tenant_claim', '"https://api.example/tenant"') as named \gset
set session authorization authenticator;
set local role web_user;
select is(
    pg_temp.entered(
        '{"tenant_id": "acme", "https://api.example/tenant": "globex", "aud": "https://api.example"}'
    ),
    'globex', 'pre_request() goes by the claim and the audience that are set'
);
reset session authorization;
reset role;
select bss.require_token('authenticator') as held \gset
set session authorization authenticator;
set local role web_user;
select is(
    pg_temp.entered(:'claims'), 'SB511: token is not valid: It is not a signed token of three parts.',
    'pre_request() does not go by claims where a token is required'
);
select is(
    pg_temp.entered(:'claims', '{"authorization": "Bearer a.b.c"}'),
    'SB511: token is not valid: It is not signed with HS256 by a key that is in force.',
    'pre_request() takes the token from the header'
);
select is(
    pg_temp.entered(:'claims', '{"authorization": "Basic YTpi", "x-tenant": "acme"}'),
    'SB511: token is not valid: It is not a signed token of three parts.',
    'pre_request() takes the tenant from no other header'
);
select is(
    pg_temp.entered(:'claims', 'x'), 'SB513: setting "request.headers" is no JSON',
    'pre_request() refuses headers that are no JSON'
);
reset session authorization;

select * from finish();
rollback;
