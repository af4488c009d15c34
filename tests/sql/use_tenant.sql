begin;
set local search_path = tap, public;
select plan(22);

create temp table document (body json);
insert into document values
    ('{"title": "Customer", "type": "object", "properties": {"name": {"type": "string"}}}');
select bss.provision_tenant('acme', body) as acme, bss.provision_tenant('globex', body) as globex
from document \gset
insert into tenant_acme.customers (name) values ('Ann of acme');
insert into tenant_globex.customers (name) values ('Bob of globex');
create role gateway login;
create role tenant login;
create role "Opera Tor" login;
grant bss_app to gateway;
grant bss_tenant to tenant;
grant bss_admin to "Opera Tor";
set session authorization gateway;


select
    bss.use_tenant('acme') as given, current_setting('search_path') as path,
    current_setting('app.current_tenant_id') as compatible \gset
select bss.current_tenant_id() as current, string_agg(name, ' and ') as seen from customers \gset
set local search_path = tap, public;
select is(:'given'::uuid, :'acme', 'use_tenant() gives the id of the tenant');
select is(:'current'::uuid, :'acme', 'use_tenant() makes it the current one');
select is(:'seen'::text, 'Ann of acme', 'use_tenant() shows the tenant''s rows under their plain name');
select is(:'compatible'::uuid, :'acme', 'use_tenant() sets app.current_tenant_id for those who look there');

select bss.use_tenant('acme') as again \gset
set local search_path = tap, public;
select is(:'again'::uuid, :'acme', 'use_tenant() may enter the same tenant again');
select throws_ok(
    $$select bss.use_tenant('globex')$$, 'SB504', 'transaction has entered another tenant already',
    'use_tenant() enters one tenant in a transaction'
);
select is(bss.current_tenant_id(), :'acme', 'use_tenant() leaves the tenant when it refuses another');
select is_empty(
    'select from tenant_globex.customers', 'use_tenant() shows no rows of another tenant''s table'
);
select throws_ok(
    format($$insert into tenant_acme.customers (tenant_id, name) values (%L, 'x')$$, :'globex'), '42501',
    'new row violates row-level security policy for table "customers"',
    'use_tenant() takes no rows for another tenant'
);
select lives_ok(
    $$insert into tenant_acme.customers (name) values ('new')$$, 'use_tenant() takes rows for the tenant'
);

set local app.current_tenant_id = '';
select is(
    bss.current_tenant_id(), :'acme', 'use_tenant() does not go by what app.current_tenant_id says'
);


-- the uuid, and what is refused

reset all;
set local search_path = tap, public;
select bss.use_tenant(:'globex') as given \gset
set local search_path = tap, public;
select is(:'given'::uuid, :'globex', 'use_tenant() takes the uuid of a tenant as well');
reset all;
set local search_path = tap, public;
select throws_ok(
    $$select bss.use_tenant('nobody')$$, 'SB601', 'tenant "nobody" does not exist',
    'use_tenant() refuses a tenant that does not exist'
);
select throws_ok(
    $$select bss.use_tenant(null)$$, 'SB601', 'tenant "" does not exist', 'use_tenant() refuses no tenant'
);
set session authorization tenant;
select throws_ok(
    $$select bss.use_tenant('acme')$$, '42501', 'permission denied for function use_tenant',
    'use_tenant() is not for tenants'
);
set session authorization "Opera Tor";
select throws_ok(
    $$select bss.use_tenant('acme')$$, 'SB502', 'login may not enter a tenant',
    'use_tenant() is not for operators, unless they say why'
);
reset session authorization;
grant execute on function bss.use_tenant(text) to tenant;
set session authorization tenant;
select throws_ok(
    $$select bss.use_tenant('acme')$$, 'SB502', 'login may not enter a tenant',
    'use_tenant() refuses who is no gateway, whatever was granted'
);
reset session authorization;

select bss.set_setting('context.tenant_switch', '"allow"') as set \gset
set session authorization gateway;
select bss.use_tenant('acme') as first, bss.use_tenant('globex') as second \gset
set local search_path = tap, public;
select is(:'second'::uuid, :'globex', 'use_tenant() enters a second tenant where that is allowed');
select is(bss.current_tenant_id(), :'globex', 'use_tenant() leaves the first one then');
reset all;
set local search_path = tap, public;
reset session authorization;

select bss.suspend_tenant('acme') as suspended \gset
set session authorization gateway;
select throws_ok(
    $$select bss.use_tenant('acme')$$, 'SB503', 'tenant "acme" is not active',
    'use_tenant() refuses a tenant that is suspended'
);
reset session authorization;
select bss.deprovision_tenant('acme') as closed \gset
set session authorization gateway;
select throws_ok(
    $$select bss.use_tenant('acme')$$, 'SB503', 'tenant "acme" is not active',
    'use_tenant() refuses a tenant that is being deprovisioned'
);
select is(bss.current_tenant_id(), null, 'use_tenant() leaves no context when it refuses');
reset session authorization;

select * from finish();
rollback;
