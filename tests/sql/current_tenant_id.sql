begin;
set local search_path = tap, public;
select plan(9);

select bss.provision_tenant('acme') as acme, bss.provision_tenant('globex') as globex \gset
create role gateway login;
create role outsider login;
grant bss_app to gateway;


select is(bss.current_tenant_id(), null, 'current_tenant_id() is null outside of a tenant');
select volatility_is('bss', 'current_tenant_id', '{}', 'stable', 'current_tenant_id() is stable');
select is(
    (select proparallel::text from pg_proc where oid = 'bss.current_tenant_id'::regproc), 'r',
    'current_tenant_id() is not asked by parallel workers'
);
set local app.current_tenant_id = :'acme';
select is(bss.current_tenant_id(), null, 'current_tenant_id() does not read app.current_tenant_id');

set session authorization gateway;
select bss.use_tenant('acme') as acme \gset
set local search_path = tap, public;
select is(bss.current_tenant_id(), :'acme', 'current_tenant_id() is the tenant that was entered');
set local bss.context = :'globex';
set local app.current_tenant_id = :'globex';
select is(
    bss.current_tenant_id(), :'acme', 'current_tenant_id() goes by nothing that a client can write'
);
select throws_ok(
    format('set local backtrace_functions = %L', 'bss_' || replace(:'globex', '-', '')), '42501',
    'permission denied to set parameter "backtrace_functions"',
    'current_tenant_id() goes by what no client can write'
);
select throws_ok(
    'create temp table t as select set_config(''backtrace_functions'', ''bss_'', true)', '42501',
    'permission denied to set parameter "backtrace_functions"',
    'current_tenant_id() goes by what no client can call for'
);

set session authorization outsider;
select throws_ok(
    'select bss.current_tenant_id()', '42501', 'permission denied for schema bss',
    'current_tenant_id() is not for everyone'
);
reset session authorization;

select * from finish();
rollback;
