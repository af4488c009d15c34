begin;
set local search_path = tap, public;
select plan(23);

create temp table document (body json);
insert into document values
    ('{"title": "Customer", "type": "object", "properties": {"name": {"type": "string"}}}');
select bss.provision_tenant('acme', body) as acme, bss.provision_tenant('globex', body) as globex
from document \gset
insert into tenant_globex.customers (name) values ('Bob');
create role gateway login;
grant bss_app to gateway;
create function pg_temp.detail_of(call text)
    returns text
    language plpgsql
as $$
declare
    _detail text;
begin
    execute call;
    return 'no error';
exception when others then
    get stacked diagnostics _detail = pg_exception_detail;
    return _detail;
end
$$;


-- what is refused, and that nothing is left of it

create temp table before as table facts;
select throws_ok(
    $$select bss.drop_tenant('acme', 'acme')$$, 'SB609', 'tenant "acme" cannot be dropped yet',
    'drop_tenant() refuses a tenant that is in use'
);
select is(
    pg_temp.detail_of($$select bss.drop_tenant('acme', 'acme')$$), 'Its status is ACTIVE.',
    'drop_tenant() says that it is in use'
);
select results_eq('table facts', 'table before', 'drop_tenant() leaves a tenant that is in use');
select bss.deprovision_tenant('acme', '1 hour') as closed \gset
drop table before;
create temp table before as table facts;
select throws_ok(
    $$select bss.drop_tenant('acme', 'acme')$$, 'SB609', 'tenant "acme" cannot be dropped yet',
    'drop_tenant() refuses to drop before the end of the grace period'
);
select matches(
    pg_temp.detail_of($$select bss.drop_tenant('acme', 'acme')$$), '^Its grace period ends at \d{4}',
    'drop_tenant() says when the grace period ends'
);
select throws_ok(
    format($$select bss.drop_tenant('acme', %L)$$, name), 'SB608',
    'name does not confirm that tenant "acme" is meant', format('drop_tenant() refuses the name %L', name)
)
from unnest(array['globex', 'ACME', '', null]) as name;
select throws_ok(
    $$select bss.drop_tenant('nobody', 'nobody')$$, 'SB601', 'tenant "nobody" does not exist',
    'drop_tenant() refuses a tenant that does not exist'
);
set session authorization gateway;
select throws_ok(
    $$select bss.drop_tenant('acme', 'acme')$$, '42501', 'permission denied for function drop_tenant',
    'drop_tenant() is not for gateways'
);
reset session authorization;
select results_eq('table facts', 'table before', 'drop_tenant() leaves nothing of what it refuses');
grant execute on function bss.drop_tenant(text, text, text, text) to gateway;
set session authorization gateway;
select throws_ok(
    $$select bss.drop_tenant('acme', 'acme')$$, 'SB505', 'login may not operate tenants',
    'drop_tenant() refuses who is no operator, whatever was granted'
);
reset session authorization;


-- dropping, and the name that is free again

select bss.resume_tenant('acme'), bss.deprovision_tenant('acme', '0') as closed \g /dev/null
select lives_ok(
    $$select bss.drop_tenant('acme', 'acme', 'a person', 'CR-7')$$, 'drop_tenant() drops when the time has come'
);
select hasnt_schema('tenant_acme', 'drop_tenant() drops the schema');
select results_eq(
    $$select status, drop_after from bss.tenants where external_id = 'acme'$$,
    $$values ('DELETED', null::timestamptz)$$, 'drop_tenant() keeps the tenant on record'
);
select results_eq(
    $$select initiator, correlation_id, details from bss.audit_log where tenant = 'acme'
      order by action_timestamp desc limit 1$$,
    $$values ('a person', 'CR-7', '{"before": "DEACTIVATING", "after": "DELETED"}'::jsonb)$$,
    'drop_tenant() records it'
);
select is(
    (select count(*) from bss.schema_versions where tenant_id = :'acme'), 1::bigint,
    'drop_tenant() keeps the ledger'
);
select results_eq(
    'select name from tenant_globex.customers', $$values ('Bob')$$, 'drop_tenant() leaves the others alone'
);
select throws_ok(
    $$select bss.resume_tenant('acme')$$, 'SB601', 'tenant "acme" does not exist',
    'drop_tenant() leaves no tenant of that name'
);
select throws_ok(
    format('select bss.resume_tenant(%L)', :'acme'), 'SB606', 'tenant "acme" cannot become ACTIVE',
    'drop_tenant() cannot be taken back'
);
select isnt(
    (select bss.provision_tenant('acme', body) from document), :'acme',
    'drop_tenant() frees the name for another tenant'
);
select results_eq(
    $$select status, schema_version from bss.tenants where external_id = 'acme' order by created_at, status$$,
    $$values ('ACTIVE', 1), ('DELETED', 1)$$, 'drop_tenant() leaves two tenants of one name apart'
);

select * from finish();
rollback;
