begin;
set local search_path = tap, public;
select plan(12);

select bss.provision_tenant('acme') as acme, bss.provision_tenant('globex') as globex \gset
select bss.set_setting('limit.depth', '60') as set \gset
create role gateway login;
create role tenant login;
create role analyst login;
create role monitor login;
create role "Opera Tor" login;
grant bss_app to gateway;
grant bss_tenant to tenant;
grant bss_analytics to analyst;
grant bss_monitor to monitor;
grant bss_admin to "Opera Tor";


select results_eq(
    'select tenant, action_type from bss.audit_log order by action_timestamp',
    $$values
        ('acme', 'tenant.provisioned'), ('acme', 'tenant.status'),
        ('globex', 'tenant.provisioned'), ('globex', 'tenant.status'),
        (null, 'setting.changed')$$,
    'audit_log tells what happened, in order'
);
select is_empty(
    'select from bss.audit_log where session_user_name <> session_user or initiator <> session_user',
    'audit_log names the login, also where nobody said on whose behalf'
);

create function pg_temp.seen()
    returns bigint
    language sql
    return (select count(*) from bss.audit_log);
grant execute on function pg_temp.seen() to public;
set session authorization "Opera Tor";
select is(pg_temp.seen(), 5::bigint, 'audit_log shows everything to operators');
set session authorization analyst;
select is(pg_temp.seen(), 5::bigint, 'audit_log shows everything to analytics');
set session authorization monitor;
select throws_ok(
    'select pg_temp.seen()', '42501', 'permission denied for view audit_log',
    'audit_log is none of monitoring''s business'
);
set session authorization tenant;
select is(pg_temp.seen(), 0::bigint, 'audit_log shows nothing to a tenant login that is not bound');
set session authorization gateway;
select is(pg_temp.seen(), 0::bigint, 'audit_log shows nothing to a gateway that entered no tenant');
select bss.use_tenant('acme') as entered \gset
set local search_path = tap, public;
select results_eq(
    'select distinct tenant_id from bss.audit_log', format('values (%L::uuid)', :'acme'),
    'audit_log shows a gateway what concerns the tenant that it entered'
);
select is(pg_temp.seen(), 2::bigint, 'audit_log shows a gateway nothing of the installation');

select throws_ok(
    format('insert into bss_metadata.tenant_audit_log (tenant_id, action_type, initiator) '
        'values (%L, ''x'', ''x'')', :'acme'),
    '42501', 'permission denied for table tenant_audit_log', 'audit_log takes no entries of others'
);
set session authorization "Opera Tor";
select throws_ok(
    'delete from bss_metadata.tenant_audit_log', '42501', 'permission denied for table tenant_audit_log',
    'audit_log forgets nothing, not for an operator either'
);
select throws_ok(
    $$update bss_metadata.tenant_audit_log set initiator = 'x'$$, '42501',
    'permission denied for table tenant_audit_log', 'audit_log is not rewritten'
);
reset session authorization;

select * from finish();
rollback;
