begin;
set local search_path = tap, public;
select plan(9);

select bss.provision_tenant('acme') as acme \gset
create role gateway login;
create role acmes login;
create role "Opera Tor" login;
grant bss_tenant to acmes;
grant bss_app to gateway;
grant bss_admin to "Opera Tor";

set session authorization gateway;
select throws_ok(
    $$select bss.require_token('gateway')$$, '42501', 'permission denied for function require_token',
    'require_token() is for operators'
);
set session authorization "Opera Tor";
select throws_ok(
    $$select bss.require_token('acmes')$$, 'SB509', 'login "acmes" is no member of "bss_app"',
    'require_token() is about gateways'
);
select lives_ok(
    $$select bss.require_token('gateway', 'a person', 'CR-1')$$, 'require_token() takes a gateway'
);
select is(
    array(select concat_ws('|', login_name, tenant, is_valid) from bss.logins),
    array['gateway|t'], 'require_token() puts it on the list'
);
select results_eq(
    $$select tenant_id, initiator, correlation_id, details from bss.audit_log
      where action_type = 'login.token_required'$$,
    $$values (null::uuid, 'a person', 'CR-1', '{"login": "gateway"}'::jsonb)$$,
    'require_token() records it'
);
set session authorization gateway;
select throws_ok(
    $$select bss.use_tenant('acme')$$, 'SB507', 'login may not choose its tenant',
    'require_token() takes the choice of the tenant'
);
select is(bss.current_tenant_id(), null, 'require_token() makes it no tenant');
reset session authorization;
alter role gateway rename to renamed;
set session authorization renamed;
select throws_ok(
    $$select bss.use_tenant('acme')$$, 'SB507', 'login may not choose its tenant',
    'require_token() holds for a role of another name'
);
reset session authorization;
create role gateway login in role bss_app;
set session authorization gateway;
select throws_ok(
    $$select bss.use_tenant('acme')$$, 'SB507', 'login may not choose its tenant',
    'require_token() holds for another role of the name'
);
reset session authorization;

select * from finish();
rollback;
