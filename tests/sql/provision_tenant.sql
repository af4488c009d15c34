begin;
set local search_path = tap, public;
select plan(36);

create role "Opera Tor" login;
grant bss_admin to "Opera Tor";
create role outsider login;
create temp table document (name text, body json);
insert into document values
    ('good', '{"title": "Customer", "type": "object", "properties": {"name": {"type": "string"}}}'),
    ('bad', '{"title": "Customer", "type": "object", "properties": {"name": {"type": "strong"}}}');
grant select on document to public;


-- a tenant without a document

set session authorization "Opera Tor";
select bss.provision_tenant('acme', display_name => 'ACME "Ltd"') as acme \gset
reset session authorization;

select is(
    (select array[t.external_id, t.schema_name, t.display_name, t.status, t.config::text]
     from bss_metadata.tenants as t where t.id = :'acme'),
    array['acme', 'tenant_acme', 'ACME "Ltd"', 'ACTIVE', '{}'],
    'provision_tenant() gives the id of a tenant that is active'
);
select is(
    (select t.drop_after from bss_metadata.tenants as t where t.id = :'acme'), null,
    'provision_tenant() sets no date to drop the tenant'
);
select schema_owner_is('tenant_acme', 'bss_owner', 'provision_tenant() makes a schema of bss_owner');
select schema_privs_are(
    'tenant_acme', 'bss_app', array['USAGE'], 'provision_tenant() lets gateways look up the tables'
);
select schema_privs_are(
    'tenant_acme', 'bss_analytics', array['USAGE'], 'provision_tenant() lets analytics look up too'
);
select schema_privs_are(
    'tenant_acme', r.role, array[]::text[],
    format('provision_tenant() keeps the schema closed to %s', r.role)
)
from unnest(array['bss_tenant', 'bss_subscriber', 'bss_monitor', 'outsider', 'public']) as r (role);
select results_eq(
    $$select action_type, initiator, session_user_name, correlation_id, details - 'schema_name'
      from bss_metadata.tenant_audit_log order by action_timestamp$$,
    $$values
        ('tenant.provisioned', 'Opera Tor', 'Opera Tor', null::text, '{"external_id": "acme"}'::jsonb),
        ('tenant.status', 'Opera Tor', 'Opera Tor', null,
         '{"before": "INITIALIZING", "after": "ACTIVE"}')$$,
    'provision_tenant() records both of its steps'
);
select is_empty(
    'select from bss_metadata.tenant_schemas', 'provision_tenant() makes no version without a document'
);


-- a tenant with a document

select bss.provision_tenant('globex', body, initiator => 'a person', correlation_id => 'r-1') as globex
from document where name = 'good' \gset

select tables_are('tenant_globex', array['customers'], 'provision_tenant() makes the tables');
select is(
    (select array[version::text, initiator, correlation_id] from bss_metadata.tenant_schemas),
    array['1', 'a person', 'r-1'],
    'provision_tenant() enters version 1 into the ledger'
);
select is(
    (select array_agg(action_type order by action_timestamp) from bss_metadata.tenant_audit_log
     where tenant_id = :'globex' and initiator = 'a person'),
    array['tenant.provisioned', 'schema.updated', 'tenant.status'],
    'provision_tenant() records on whose behalf it acted'
);


-- names that look alike

select count(bss.provision_tenant(n)) as made
from unnest(array['a-b', 'a_b', 'a.b', repeat('x', 48)]) as n \gset
select is(
    (select count(distinct schema_name) from bss_metadata.tenants where external_id ~ '^a.b$'), 3::bigint,
    'provision_tenant() gives "a-b", "a_b" and "a.b" each a schema of its own'
);
select has_schema(t.schema_name, format('provision_tenant() makes a schema for %s', t.external_id))
from bss_metadata.tenants as t where t.external_id ~ '^a.b$';


-- a name that is a uuid

\set uuid 7f3a1d3e-52a4-4a0b-8a36-1b2b6f8f2e02
select is(
    bss.provision_tenant(:'uuid'), :'uuid', 'provision_tenant() makes an external id that is a uuid the id'
);
select throws_ok(
    format('select bss.provision_tenant(%L)', n), 'SB603', format('tenant "%s" exists already', n),
    'provision_tenant() refuses an external id that is the uuid of a tenant'
)
from unnest(array[:'uuid', :'acme']) as n;
select bss.deprovision_tenant(:'uuid', '0') \g /dev/null
select bss.drop_tenant(:'uuid', :'uuid') \g /dev/null
select isnt(
    bss.provision_tenant(:'uuid'), :'uuid', 'provision_tenant() gives a uuid that was dropped another id'
);


-- what is refused, and that nothing is left of it

create temp table before as select * from facts;

select throws_ok(
    format('select bss.provision_tenant(%L)', n), 'SB602',
    format('external id "%s" cannot be used', n), format('provision_tenant() refuses the id "%s"', n)
)
from unnest(array['', 'Acme', '-acme', 'a b', 'a"; drop schema bss; --', repeat('x', 49), null]) as n;
select throws_ok(
    $$select bss.provision_tenant('acme')$$, 'SB603', 'tenant "acme" exists already',
    'provision_tenant() refuses a second tenant of that name'
);
select throws_ok(
    $$select bss.provision_tenant('initech', body) from document where name = 'bad'$$, 'SB010',
    'value of "type" should be one of array, boolean, integer, null, number, object, string, '
    'or an array of them',
    'provision_tenant() refuses a faulty document'
);

set session authorization outsider;
select throws_ok(
    $$select bss.provision_tenant('initech')$$, '42501', 'permission denied for schema bss',
    'provision_tenant() is not for everyone'
);
reset session authorization;
grant usage on schema bss to outsider;
grant execute on function bss.provision_tenant(text, json, text, text, text, text, text) to outsider;
set session authorization outsider;
select throws_ok(
    $$select bss.provision_tenant('initech')$$, 'SB505', 'login may not operate tenants',
    'provision_tenant() refuses a login that is no operator, whatever was granted to it'
);
reset session authorization;

select results_eq('table facts', 'table before', 'provision_tenant() leaves nothing of what it refuses');

create schema tenant_squat;
select bss.provision_tenant('squat') as squat \gset
select alike(
    (select schema_name from bss_metadata.tenants where external_id = 'squat'), 'tenant\_squat\__%',
    'provision_tenant() takes over no schema that somebody else made'
);

select * from finish();
rollback;
