begin;
set local search_path = tap, public;
select plan(9);

create temp table document (body json);
insert into document values
    ('{"title": "Customer", "type": "object", "properties": {"name": {"type": "string"}}}');
select bss.provision_tenant('acme', body) as acme from document \gset
create role "Acme's own Login" login;
create role "Gate Way" login;
create role "Opera Tor" login;
grant bss_tenant to "Acme's own Login";
grant bss_app to "Gate Way";
grant bss_admin to "Opera Tor";
select bss.bind_login('Acme''s own Login', 'acme') as bound, bss.require_token('Gate Way') as held \gset

set session authorization "Gate Way";
select throws_ok(
    $$select bss.unbind_login('Gate Way')$$, '42501', 'permission denied for function unbind_login',
    'unbind_login() is for operators'
);
set session authorization "Opera Tor";
select lives_ok(
    $$select bss.unbind_login('Acme''s own Login', 'a person', 'CR-2')$$, 'unbind_login() takes a login'
);
select throws_ok(
    $$select bss.unbind_login('Acme''s own Login')$$, 'SB510', 'login "Acme''s own Login" is not bound',
    'unbind_login() refuses who is not bound'
);
select throws_ok(
    'select bss.unbind_login(null)', 'SB510', 'login "" is not bound', 'unbind_login() refuses nobody'
);
select results_eq(
    $$select tenant, initiator, correlation_id, details from bss.audit_log
      where action_type = 'login.unbound'$$,
    $$values ('acme', 'a person', 'CR-2', '{"login": "Acme''s own Login"}'::jsonb)$$,
    'unbind_login() records it'
);
set session authorization "Acme's own Login";
select is(bss.current_tenant_id(), null, 'unbind_login() makes the login nobody');
select throws_ok(
    'select from tenant_acme.customers', '42501', 'permission denied for schema tenant_acme',
    'unbind_login() closes the schema'
);
reset session authorization;
alter role "Gate Way" rename to renamed;
select lives_ok(
    $$select bss.unbind_login('renamed')$$, 'unbind_login() takes a login by its new name'
);
set session authorization renamed;
select bss.use_tenant('acme') as entered \gset
set local search_path = tap, public;
select is(:'entered'::uuid, :'acme', 'unbind_login() gives a gateway its choice');
reset session authorization;

select * from finish();
rollback;
