begin;
set local search_path = tap, public;
select plan(39);

create temp table document (body json);
insert into document values
    ('{"title": "Customer", "type": "object", "properties": {"name": {"type": "string"}}}');
grant select on document to public;
select bss.provision_tenant('acme', body) as acme, bss.provision_tenant('globex', body) as globex
from document \gset
insert into tenant_acme.customers (name) values ('Ann of acme');
insert into tenant_globex.customers (name) values ('Bob of globex');
create role "Acme's own Login" login;
create role acmes login;
create role unready login;
create role hybrid login;
create role analyst login;
create role asleep nologin;
create role root login superuser;
create role seer login bypassrls;
create role "Opera Tor" login;
grant bss_tenant to "Acme's own Login", acmes, hybrid, analyst, asleep, root, seer;
grant bss_app to hybrid;
grant bss_analytics to analyst;
grant bss_admin to "Opera Tor";

set session authorization "Acme's own Login";
select is(bss.current_tenant_id(), null, 'bind_login() has to come first');
select throws_ok(
    $$select bss.bind_login('acmes', 'acme')$$, '42501', 'permission denied for function bind_login',
    'bind_login() is for operators'
);


-- what is bound

set session authorization "Opera Tor";
select lives_ok(
    $$select bss.bind_login('Acme''s own Login', 'acme', 'a person', 'CR-1')$$,
    'bind_login() binds a login'
);
select is(
    array(select concat_ws('|', login_name, tenant, is_valid) from bss.logins),
    array['Acme''s own Login|acme|t'], 'bind_login() puts it on the list'
);
select results_eq(
    $$select tenant, action_type, initiator, correlation_id, details from bss.audit_log
      where action_type like 'login.%'$$,
    $$values (
        'acme', 'login.bound', 'a person', 'CR-1', '{"login": "Acme''s own Login"}'::jsonb
    )$$,
    'bind_login() records it'
);
select throws_ok(
    format('select bss.bind_login(%L, %L)', l.name, 'acme'), 'SB509', l.message,
    format('bind_login() refuses %s', l.what)
)
from (
    values
    ('nobody', 'role "nobody" is no login that can be bound', 'who does not exist'),
    ('asleep', 'role "asleep" is no login that can be bound', 'who cannot log in'),
    ('root', 'role "root" is no login that can be bound', 'a superuser'),
    ('seer', 'role "seer" is no login that can be bound', 'who bypasses row-level security'),
    (null, 'role "" is no login that can be bound', 'no name'),
    ('acme''s own login', 'role "acme''s own login" is no login that can be bound', 'other capitals'),
    ('unready', 'login "unready" is no member of "bss_tenant"', 'who is in no group'),
    ('hybrid', 'login "hybrid" is a member of "bss_app" as well', 'who is a gateway as well'),
    ('analyst', 'login "analyst" is a member of "bss_analytics" as well', 'who sees all tenants')
) as l (name, message, what);
select throws_ok(
    $$select bss.bind_login('acmes', 'nobody')$$, 'SB601', 'tenant "nobody" does not exist',
    'bind_login() refuses a tenant that does not exist'
);


-- what a bound login is

set session authorization "Acme's own Login";
select is(bss.current_tenant_id(), :'acme', 'bind_login() makes the login the tenant');
select results_eq(
    'select name from tenant_acme.customers', $$values ('Ann of acme')$$,
    'bind_login() shows its rows'
);
select lives_ok(
    $$insert into tenant_acme.customers (name) values ('new')$$, 'bind_login() takes its rows'
);
select throws_ok(
    'select from tenant_globex.customers', '42501', 'permission denied for schema tenant_globex',
    'bind_login() opens no other schema'
);
set local app.current_tenant_id = :'globex';
select is(bss.current_tenant_id(), :'acme', 'bind_login() holds whatever a setting says');
select throws_ok(
    $$select bss.use_tenant('globex')$$, '42501', 'permission denied for function use_tenant',
    'bind_login() lets a login enter no tenant'
);
select throws_ok(
    $$select bss.as_operator('because')$$, '42501', 'permission denied for function as_operator',
    'bind_login() makes no operator'
);
select results_eq(
    'select external_id from bss.tenants', array['acme'], 'bind_login() shows one tenant'
);
select results_eq(
    'select distinct tenant from bss.audit_log', array['acme'], 'bind_login() shows its audit log'
);
select is(
    (select schema_name from bss.tenants join bss.schema_versions on tenant = external_id),
    'tenant_acme', 'bind_login() shows its document'
);
reset session authorization;
grant bss_app to "Acme's own Login";
set session authorization "Acme's own Login";
select throws_ok(
    $$select bss.use_tenant('globex')$$, 'SB507', 'login may not choose its tenant',
    'bind_login() outlasts that the login becomes a gateway'
);
reset session authorization;
revoke bss_app from "Acme's own Login";


-- what its schema is compared with

select is(
    (select bss_internal.fingerprint(t) from bss_metadata.tenants as t where t.id = :'acme'),
    (select bss_internal.fingerprint(t) from bss_metadata.tenants as t where t.id = :'globex'),
    'bind_login() makes no difference between schemas'
);
select is(
    (
        select bss_internal.snapshot(t) #> '{tables,1}'
        from bss_metadata.tenants as t where t.id = :'acme'
    ),
    null, 'bind_login() makes nothing that should not be there'
);
grant usage on schema tenant_globex to "Acme's own Login";
select is(
    (
        select bss_internal.snapshot(t) #>> '{tables,1,name}'
        from bss_metadata.tenants as t where t.id = :'globex'
    ),
    'privileges on schema tenant_globex', 'bind_login() is for the schema of its tenant alone'
);
revoke usage on schema tenant_globex from "Acme's own Login";


-- its life

select bss.suspend_tenant('acme') as suspended \gset
set session authorization "Acme's own Login";
select is(bss.current_tenant_id(), null, 'bind_login() binds to a tenant while it is active');
reset session authorization;
select bss.bind_login('acmes', 'acme') as bound, bss.resume_tenant('acme') as resumed \gset
set session authorization acmes;
select is(bss.current_tenant_id(), :'acme', 'bind_login() binds several logins, and ahead of time');
set session authorization "Opera Tor";
select lives_ok($$select bss.bind_login('acmes', 'globex')$$, 'bind_login() binds anew');
set session authorization acmes;
select results_eq(
    'select name from tenant_globex.customers', $$values ('Bob of globex')$$,
    'bind_login() opens the other schema'
);
select throws_ok(
    'select from tenant_acme.customers', '42501', 'permission denied for schema tenant_acme',
    'bind_login() closes the one before'
);
reset session authorization;
alter role acmes rename to renamed;
set session authorization renamed;
select is(bss.current_tenant_id(), null, 'bind_login() binds a role by its name');
reset session authorization;
select bss.unbind_login('acmes') as unbound \gset
drop role renamed;
drop owned by "Acme's own Login";
drop role "Acme's own Login";
create role "Acme's own Login" login in role bss_tenant;
set session authorization "Acme's own Login";
select is(bss.current_tenant_id(), null, 'bind_login() binds a role, not whoever has its name');
set session authorization "Opera Tor";
select is(
    array(select concat_ws('|', login_name, is_valid) from bss.logins),
    array['Acme''s own Login|f'], 'bind_login() leaves on the list what no longer holds'
);
select lives_ok(
    $$select bss.bind_login('Acme''s own Login', 'globex')$$, 'bind_login() binds the new role'
);
reset session authorization;
select bss.deprovision_tenant('globex', '0') as deprovisioned,
    bss.drop_tenant('globex', 'globex') as dropped \gset
select is_empty('select from bss.logins', 'bind_login() ends with its tenant');

select * from finish();
rollback;
