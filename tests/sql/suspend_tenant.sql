begin;
set local search_path = tap, public;
select plan(16);

select bss.provision_tenant('acme') as acme \gset
create role gateway login;
grant bss_app to gateway;


select lives_ok($$select bss.suspend_tenant('acme', 'a person')$$, 'suspend_tenant() suspends');
select is(
    (select status from bss.tenants), 'SUSPENDED', 'suspend_tenant() takes the tenant to SUSPENDED'
);
select results_eq(
    $$select action_type, initiator, details from bss.audit_log order by action_timestamp desc limit 1$$,
    $$values ('tenant.status', 'a person', '{"before": "ACTIVE", "after": "SUSPENDED"}'::jsonb)$$,
    'suspend_tenant() records it'
);
create temp table before as table facts;
select throws_ok(
    $$select bss.suspend_tenant('acme')$$, 'SB606', 'tenant "acme" cannot become SUSPENDED',
    'suspend_tenant() refuses a tenant that is suspended'
);
select throws_ok(
    $$select bss.suspend_tenant('nobody')$$, 'SB601', 'tenant "nobody" does not exist',
    'suspend_tenant() refuses a tenant that does not exist'
);
set session authorization gateway;
select throws_ok(
    $$select bss.use_tenant('acme')$$, 'SB503', 'tenant "acme" is not active',
    'suspend_tenant() keeps gateways out'
);
select throws_ok(
    $$select bss.suspend_tenant('acme')$$, '42501', 'permission denied for function suspend_tenant',
    'suspend_tenant() is not for gateways'
);
select throws_ok(
    $$select bss.resume_tenant('acme')$$, '42501', 'permission denied for function resume_tenant',
    'resume_tenant() is not for gateways'
);
reset session authorization;
select results_eq('table facts', 'table before', 'suspend_tenant() leaves nothing of what it refuses');

select lives_ok($$select bss.resume_tenant('acme', 'a person')$$, 'resume_tenant() resumes');
select is((select status from bss.tenants), 'ACTIVE', 'resume_tenant() takes the tenant to ACTIVE');
select results_eq(
    $$select action_type, initiator, details from bss.audit_log order by action_timestamp desc limit 1$$,
    $$values ('tenant.status', 'a person', '{"before": "SUSPENDED", "after": "ACTIVE"}'::jsonb)$$,
    'resume_tenant() records it'
);
select throws_ok(
    $$select bss.resume_tenant('acme')$$, 'SB606', 'tenant "acme" cannot become ACTIVE',
    'resume_tenant() refuses a tenant that is active'
);

grant execute on function bss.suspend_tenant(text, text, text), bss.resume_tenant(text, text, text) to gateway;
set session authorization gateway;
select throws_ok(
    $$select bss.suspend_tenant('acme')$$, 'SB505', 'login may not operate tenants',
    'suspend_tenant() refuses who is no operator, whatever was granted'
);
select throws_ok(
    $$select bss.resume_tenant('acme')$$, 'SB505', 'login may not operate tenants',
    'resume_tenant() refuses who is no operator, whatever was granted'
);
select bss.use_tenant('acme') as entered \gset
set local search_path = tap, public;
select is(:'entered'::uuid, :'acme', 'resume_tenant() lets gateways in again');
reset session authorization;

select * from finish();
rollback;
