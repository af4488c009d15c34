begin;
set local search_path = tap, public;
select plan(10);

create temp table document (body json);
insert into document values
    ('{"title": "Customer", "type": "object", "properties": {"name": {"type": "string"}}}');
select bss.provision_tenant('acme', body) as acme, bss.provision_tenant('globex') as globex
from document \gset
create role gateway login;
create role tenant login;
create role outsider login;
create role "Opera Tor" login;
create role analyst login;
create role monitor login;
grant bss_app to gateway;
grant bss_tenant to tenant;
grant bss_admin to "Opera Tor";
grant bss_analytics to analyst;
grant bss_monitor to monitor;


select results_eq(
    $$select external_id, schema_name, status, schema_version, drop_after
      from bss.tenants order by external_id$$,
    $$values
        ('acme', 'tenant_acme', 'ACTIVE', 1, null::timestamptz),
        ('globex', 'tenant_globex', 'ACTIVE', null, null)$$,
    'tenants has a row for each tenant, with the version it is at'
);
create function pg_temp.seen()
    returns text[]
    language sql
    return (select coalesce(array_agg(t.external_id order by t.external_id), '{}') from bss.tenants as t);
grant execute on function pg_temp.seen() to public;

set session authorization "Opera Tor";
select is(pg_temp.seen(), array['acme', 'globex'], 'tenants shows all of them to operators');
set session authorization analyst;
select is(pg_temp.seen(), array['acme', 'globex'], 'tenants shows all of them to analytics');
set session authorization monitor;
select is(pg_temp.seen(), array['acme', 'globex'], 'tenants shows all of them to monitoring');
set session authorization tenant;
select is(pg_temp.seen(), array[]::text[], 'tenants shows nothing to a tenant login that is not bound');
set session authorization outsider;
select throws_ok(
    'select from bss.tenants', '42501', 'permission denied for schema bss', 'tenants is not for everyone'
);
set session authorization gateway;
select is(pg_temp.seen(), array[]::text[], 'tenants shows nothing to a gateway that entered no tenant');
select bss.use_tenant('acme') as acme \gset
set local search_path = tap, public;
select is(pg_temp.seen(), array['acme'], 'tenants shows a gateway the tenant that it entered');
select throws_ok(
    $$update bss.tenants set status = 'DELETED'$$, '42501', 'permission denied for view tenants',
    'tenants cannot be written'
);
select throws_ok(
    $$update bss_metadata.tenants set status = 'DELETED'$$, '42501',
    'permission denied for table tenants', 'tenants has a table behind it that cannot be written either'
);
reset session authorization;

select * from finish();
rollback;
