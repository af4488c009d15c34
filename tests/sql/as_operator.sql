begin;
set local search_path = tap, public;
select plan(24);

create temp table document (body json);
insert into document values
    ('{"title": "Customer", "type": "object", "properties": {"name": {"type": "string"}}}');
select bss.provision_tenant('acme', body) as acme, bss.provision_tenant('globex', body) as globex
from document \gset
insert into tenant_acme.customers (name) values ('Ann of acme');
insert into tenant_globex.customers (name) values ('Bob of globex');
create role "Opera Tor" login;
create role gateway login;
grant bss_admin to "Opera Tor";
grant bss_app to gateway;
select bss.suspend_tenant('globex') as suspended \gset

set session authorization gateway;
select throws_ok(
    $$select bss.as_operator('because')$$, '42501', 'permission denied for function as_operator',
    'as_operator() is for operators'
);
set session authorization "Opera Tor";
select is_empty('select from tenant_acme.customers', 'as_operator() has to come first');
select throws_ok(
    $$select bss.use_tenant('acme')$$, 'SB502', 'login may not enter a tenant',
    'as_operator() has to come before an operator enters a tenant'
);
select throws_ok(
    format('select bss.as_operator(%L)', reason), 'SB508', 'operator has to give a reason',
    format('as_operator() refuses %s', what)
)
from (
    values (null, 'no reason'), ('', 'an empty one'), (E' \n\t', 'a blank one'),
    (repeat('a', 1001), 'one that is too long')
) as r (reason, what);

select lives_ok($$select bss.as_operator('ticket 123', 'CR-1')$$, 'as_operator() takes a reason');
select is(bss.current_tenant_id(), null, 'as_operator() makes an operator no tenant');
select is_empty('select from tenant_acme.customers', 'as_operator() alone shows no row');
select bss.use_tenant('acme') as entered \gset
set local search_path = tap, tenant_acme;
select is(:'entered'::uuid, :'acme', 'as_operator() lets an operator enter a tenant');
select is(
    array(select name from customers), array['Ann of acme'], 'as_operator() shows the rows of it'
);
select lives_ok(
    $$insert into customers (name) values ('mended')$$, 'as_operator() takes rows for it'
);
select is_empty('select from tenant_globex.customers', 'as_operator() shows no other''s rows');
select bss.use_tenant(:'globex') as entered \gset
set local search_path = tap, tenant_globex;
select is(:'entered'::uuid, :'globex', 'as_operator() lets it enter the next, suspended or not');
select is(
    array(select name from customers), array['Bob of globex'], 'as_operator() shows the rows of that'
);
select throws_ok(
    $$insert into tenant_acme.customers (name) values ('lost')$$, '42501',
    'new row violates row-level security policy for table "customers"',
    'as_operator() takes rows for one tenant at a time'
);
select throws_ok(
    'alter table customers disable row level security', '42501', 'must be owner of table customers',
    'as_operator() changes no table'
);
select throws_ok(
    'truncate customers', '42501', 'permission denied for table customers',
    'as_operator() truncates no table'
);
select throws_ok(
    $$select bss.as_operator('another')$$, 'SB504', 'transaction has entered another tenant already',
    'as_operator() comes before the tenants'
);
select throws_ok(
    $$select bss.use_tenant('nobody')$$, 'SB601', 'tenant "nobody" does not exist',
    'as_operator() enters tenants that there are'
);

select is(
    array(
        select concat_ws(
            '|', action_type, tenant, initiator, correlation_id, details ->> 'reason'
        )
        from bss.audit_log where action_type like 'operator.%' order by action_timestamp
    ),
    array[
        'operator.acts|Opera Tor|CR-1|ticket 123', 'operator.entered|acme|Opera Tor|ticket 123',
        'operator.entered|globex|Opera Tor|ticket 123'
    ],
    'as_operator() is on record, and each tenant that was entered'
);
select is(
    (select count(distinct details ->> 'operation') from bss.audit_log where details ? 'operation'),
    1::bigint, 'as_operator() names the operation in each entry'
);
reset all;
set local search_path = tap, public;
select throws_ok(
    $$select bss.use_tenant('acme')$$, 'SB502', 'login may not enter a tenant',
    'as_operator() ends with its settings'
);
reset session authorization;

select * from finish();
rollback;
