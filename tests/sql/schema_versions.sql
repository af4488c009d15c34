begin;
set local search_path = tap, public;
select plan(8);

create temp table document (version integer, body json);
insert into document values
    (1, '{"title": "Customer", "type": "object", "properties": {"name": {"type": "string"}}}'),
    (2, '{"title": "Customer", "type": "object", "properties": {
        "name": {"type": "string"}, "email": {"type": "string"}}}');
select
    bss.provision_tenant('acme', body, initiator => 'a person', correlation_id => 'r-1') as acme,
    bss.provision_tenant('globex', body) as globex
from document where version = 1 \gset
select bss.apply_schema('acme', body) as version from document where version = 2 \gset
create role gateway login;
grant bss_app to gateway;


select results_eq(
    $$select version, initiator, correlation_id, steps from bss.schema_versions as v
      where tenant = 'acme' order by version$$,
    $$values
        (1, 'a person', 'r-1', (select count(*) from bss_metadata.schema_migrations where version = 1) / 2),
        (2, session_user::text collate "default", null, 2)$$,
    'schema_versions has a row for each version, with who made it and how many steps it took'
);
select results_eq(
    $$select kind, relation, statement from bss_metadata.schema_migrations where version = 2 and kind !~ 'trigger'$$,
    $$values ('add_column', 'customers', 'ALTER TABLE tenant_acme.customers ADD COLUMN email text')$$,
    'schema_versions counts steps that the ledger shows as they were executed'
);
select is(
    (select count(distinct fingerprint) from bss.schema_versions where version = 1), 1::bigint,
    'schema_versions has one fingerprint for two tenants with the same tables'
);
select is(
    (select count(distinct fingerprint) from bss.schema_versions where tenant = 'acme'), 2::bigint,
    'schema_versions has two fingerprints for two versions'
);

set session authorization gateway;
select is_empty(
    'select from bss.schema_versions', 'schema_versions shows nothing to a gateway that entered no tenant'
);
select bss.use_tenant('globex') as entered \gset
set local search_path = tap, public;
select results_eq(
    'select tenant, version from bss.schema_versions', $$values ('globex', 1)$$,
    'schema_versions shows a gateway those of the tenant that it entered'
);
select is_empty(
    format('select from bss_metadata.schema_migrations where tenant_id <> %L', :'globex'),
    'schema_versions has a ledger behind it that shows no other tenant''s steps'
);
select throws_ok(
    $$update bss_metadata.tenant_schemas set model = '{}'$$, '42501',
    'permission denied for table tenant_schemas', 'schema_versions has a ledger that is not rewritten'
);
reset session authorization;

select * from finish();
rollback;
