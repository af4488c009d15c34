begin;
set local search_path = tap, public;
select plan(20);

create temp table document (body json);
insert into document values
    ('{"title": "Customer", "type": "object", "properties": {"name": {"type": "string"}}}');
select bss.provision_tenant('acme', body) as acme, bss.provision_tenant('globex') as globex
from document \gset
insert into tenant_acme.customers (name) values ('Ann');
create role gateway login;
grant bss_app to gateway;


select is(
    bss.deprovision_tenant('acme', initiator => 'a person'), now() + interval '30 days',
    'deprovision_tenant() gives the end of the grace period of the settings'
);
select is(
    bss.deprovision_tenant('globex', '2 hours'), now() + interval '2 hours',
    'deprovision_tenant() takes another grace period'
);
select results_eq(
    'select external_id, status, drop_after from bss.tenants order by external_id',
    $$values
        ('acme', 'DEACTIVATING', now() + interval '30 days'),
        ('globex', 'DEACTIVATING', now() + interval '2 hours')$$,
    'deprovision_tenant() takes the tenant to DEACTIVATING'
);
select results_eq(
    $$select initiator, details ->> 'before', details ->> 'after', (details ->> 'drop_after')::timestamptz
      from bss.audit_log where tenant = 'acme' order by action_timestamp desc limit 1$$,
    $$values ('a person', 'ACTIVE', 'DEACTIVATING', now() + interval '30 days')$$,
    'deprovision_tenant() records it'
);
select results_eq(
    'select name from tenant_acme.customers', $$values ('Ann')$$, 'deprovision_tenant() keeps the rows'
);

create temp table before as table facts;
select throws_ok(
    $$select bss.deprovision_tenant('acme')$$, 'SB606', 'tenant "acme" cannot become DEACTIVATING',
    'deprovision_tenant() refuses a tenant that is being deprovisioned'
);
select throws_ok(
    $$select bss.deprovision_tenant('nobody')$$, 'SB601', 'tenant "nobody" does not exist',
    'deprovision_tenant() refuses a tenant that does not exist'
);
select throws_ok(
    $$select bss.apply_schema('acme', body) from document$$, 'SB503', 'tenant "acme" is not active',
    'deprovision_tenant() leaves a tenant that takes no schema'
);
create function pg_temp.hint_of(call text)
    returns text
    language plpgsql
as $$
declare
    _hint text;
begin
    execute call;
    return 'no error';
exception when others then
    get stacked diagnostics _hint = pg_exception_hint;
    return _hint;
end
$$;
select is(
    pg_temp.hint_of($$select bss.suspend_tenant('acme')$$),
    'What can follow is ACTIVE or DELETED.', 'deprovision_tenant() leaves two ways on'
);
select throws_ok(
    $$select bss.suspend_tenant('acme')$$, 'SB606', 'tenant "acme" cannot become SUSPENDED',
    'deprovision_tenant() leaves a tenant that cannot be suspended'
);
set session authorization gateway;
select throws_ok(
    $$select bss.use_tenant('acme')$$, 'SB503', 'tenant "acme" is not active',
    'deprovision_tenant() keeps gateways out'
);
select throws_ok(
    $$select bss.deprovision_tenant('acme')$$, '42501',
    'permission denied for function deprovision_tenant', 'deprovision_tenant() is not for gateways'
);
reset session authorization;
select results_eq('table facts', 'table before', 'deprovision_tenant() leaves nothing of what it refuses');

select throws_ok(
    format('select bss.deprovision_tenant(%L, %L)', 'acme', p), 'SB610', null,
    format('deprovision_tenant() refuses a grace period of %s', p)
)
from unnest(array['-1 day', '101 years', '9999999 years']) as p;

select lives_ok($$select bss.resume_tenant('acme')$$, 'deprovision_tenant() can be taken back');
select results_eq(
    $$select status, drop_after from bss.tenants where external_id = 'acme'$$,
    $$values ('ACTIVE', null::timestamptz)$$, 'deprovision_tenant() leaves nothing when it is taken back'
);
select lives_ok($$select bss.suspend_tenant('acme'), bss.deprovision_tenant('acme')$$,
    'deprovision_tenant() takes a tenant that is suspended');
grant execute on function bss.deprovision_tenant(text, interval, text, text) to gateway;
set session authorization gateway;
select throws_ok(
    $$select bss.deprovision_tenant('acme')$$, 'SB505', 'login may not operate tenants',
    'deprovision_tenant() refuses who is no operator, whatever was granted'
);
reset session authorization;

select * from finish();
rollback;
