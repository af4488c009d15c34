begin;
set local search_path = tap, public;
select plan(55);

create temp table document (name text, body json);
insert into document values
    ('v1', '{"$defs": {
        "Customer": {"type": "object", "required": ["email"], "properties": {
            "customer_id": {"type": "integer"}, "email": {"type": "string", "x-bss": {"unique": true}}}},
        "Order": {"type": "object", "properties": {
            "order_id": {"type": "integer"}, "customer_id": {"type": "integer",
                "x-bss": {"references": {"entity": "Customer", "onDelete": "setNull"}}}}},
        "Note": {"type": "object", "properties": {
            "note_id": {"type": "integer"}, "text": {"type": "string"}}, "x-bss": {"softDelete": true}}
    }}'),
    ('v2', '{"$defs": {
        "Customer": {"type": "object", "required": ["email"], "properties": {
            "customer_id": {"type": "integer"}, "email": {"type": "string", "x-bss": {"unique": true}},
            "stars": {"type": "integer", "default": 3}}},
        "Order": {"type": "object", "properties": {
            "order_id": {"type": "integer"}, "customer_id": {"type": "integer",
                "x-bss": {"references": {"entity": "Customer", "onDelete": "setNull"}}}}},
        "Note": {"type": "object", "properties": {
            "note_id": {"type": "integer"}, "text": {"type": "string"}}, "x-bss": {"softDelete": true}}
    }}'),
    ('of tenants', '{"title": "Deal", "type": "object", "properties": {
        "deal_id": {"type": "integer"}, "tenant_id": {"type": "string", "format": "uuid"}},
        "x-bss": {"unique": [["tenant_id"]]}}');
grant select on document to public;
create role gateway login;
grant bss_app to gateway;
create role "Ac Me" login;
grant bss_tenant to "Ac Me";
select bss.publish_blueprint('shop', body) from document where name = 'v1' \gset
select bss.publish_blueprint('deals', body) from document where name = 'of tenants' \gset


-- a pool is made with its first tenant

select bss.provision_tenant('acme', blueprint => 'shop', isolation => 'pool', initiator => 'a person') as acme \gset
select is(
    (select array[schema_name, isolation, status, blueprint, schema_version::text, blueprint_version::text]
     from bss.tenants where external_id = 'acme'),
    array['pool_shop', 'pool', 'ACTIVE', 'shop', '1', '1'], 'provision_tenant() puts a tenant into the pool of a blueprint'
);
create temp table before as select count(*) as relations from pg_class;
select bss.provision_tenant('globex', blueprint => 'shop', isolation => 'pool') as globex \gset
select is(
    (select count(*) from pg_class where relname not like 'before%' and relname not like 'pg_toast%'),
    (select relations from before) - (select count(*) from pg_class where relname like 'pg_toast%'),
    'provision_tenant() makes no table for the next tenant of the pool'
);
select results_eq(
    'select pool, blueprint, version, blueprint_version, schema_name, tenants from bss.pools',
    $$values ('pool:shop', 'shop', 1, 1, 'pool_shop', 2::bigint)$$, 'the pool has its tenants'
);
select results_eq(
    'select external_id from bss.tenants order by 1', $$values ('acme'), ('globex')$$, 'a pool is no tenant'
);
select is((select tenants from bss.blueprints where name = 'shop'), 2::bigint, 'a pool does not count as one that follows');
select set_eq(
    $$select pg_get_constraintdef(oid) from pg_constraint
      where conrelid in ('pool_shop.customers'::regclass, 'pool_shop.orders'::regclass) and contype in ('p', 'u', 'f')$$,
    array[
        'PRIMARY KEY (tenant_id, customer_id)', 'UNIQUE (tenant_id, email)', 'PRIMARY KEY (tenant_id, order_id)',
        'FOREIGN KEY (tenant_id, customer_id) REFERENCES pool_shop.customers(tenant_id, customer_id) ON DELETE SET NULL (customer_id)'
    ],
    'keys and references in a pool begin with the tenant'
);
select set_eq(
    $$select pg_get_indexdef(indexrelid) from pg_index where indrelid = 'pool_shop.notes'::regclass$$,
    array[
        'CREATE UNIQUE INDEX notes_pkey ON pool_shop.notes USING btree (tenant_id, note_id)',
        'CREATE INDEX notes_archived_at_idx ON pool_shop.notes USING btree (tenant_id, archived_at) WHERE is_archived'
    ],
    'indexes in a pool begin with the tenant'
);
select is_empty($$select * from bss.drift('pool:shop')$$, 'a pool has not drifted');
select is_empty('select * from bss.lint()', 'lint() finds nothing in a pool');


-- what there cannot be

select throws_ok(
    $$select bss.provision_tenant('x', isolation => 'pool')$$, 'SB654', 'tenant "x" cannot be in a pool without a blueprint',
    'provision_tenant() refuses a pool of no blueprint'
);
select throws_ok(
    $$select bss.provision_tenant('x', isolation => 'lake')$$, 'SB654', 'isolation "lake" does not exist',
    'provision_tenant() refuses an isolation that there is not'
);
select throws_ok(
    $$select bss.provision_tenant('x', isolation => null)$$, 'SB654', null, 'provision_tenant() refuses no isolation'
);
select throws_ok(
    $$select bss.provision_tenant('acme', blueprint => 'shop', isolation => 'pool')$$, 'SB603', null,
    'provision_tenant() refuses a name that is taken'
);
select throws_ok(
    $$select bss.provision_tenant('x', blueprint => 'none', isolation => 'pool')$$, 'SB631', null,
    'provision_tenant() refuses the pool of a blueprint that there is not'
);
select throws_ok(
    $$select bss.provision_tenant('x', blueprint => 'deals', isolation => 'pool')$$, 'SB658',
    'table "deals" cannot be in a pool', 'provision_tenant() refuses a pool where keys name the tenant themselves'
);
select throws_ok(
    format('select bss.%s', c.call), 'SB651', 'tenant "acme" has no tables of its own', format('%s refuses a tenant in a pool', c.call)
)
from unnest(array[
    $$apply_schema('acme', '{"title": "A", "type": "object"}')$$, $$apply_entity('acme', '{"title": "A", "type": "object"}')$$,
    $$plan_schema('acme', '{"title": "A", "type": "object"}')$$, $$rollback_schema('acme', 1)$$, $$drift('acme')$$,
    $$repair('acme')$$, $$plan_repair('acme')$$, $$deprecated('acme')$$, $$follow_blueprint('acme', 'shop')$$,
    $$unfollow_blueprint('acme')$$
]) as c (call);
select bss.set_service('auth', 'http://127.0.0.1:1') \gset
select throws_ok(
    format('select bss.%s', c.call), 'SB650', '"pool:shop" is no tenant', format('%s refuses a pool', c.call)
)
from unnest(array[
    $$suspend_tenant('pool:shop')$$, $$deprovision_tenant('pool:shop')$$, $$bind_login('Ac Me', 'pool:shop')$$,
    $$move_tenant('pool:shop', 'silo')$$, $$resolve_tenant('pool:shop')$$, $$purge_archived('pool:shop', '0')$$, $$unfollow_blueprint('pool:shop')$$
]) as c (call);


-- rows

set session authorization gateway;
select throws_ok(
    $$select bss.use_tenant('pool:shop')$$, 'SB650', '"pool:shop" is no tenant', 'use_tenant() refuses a pool'
);
select bss.use_tenant('acme') \gset
select current_setting('search_path') as path \gset
set local search_path = pool_shop, tap, public;
select is(:'path'::text, 'pool_shop, bss_shared, public, pg_temp', 'use_tenant() leads to the pool');
insert into customers (customer_id, email) values (1, 'one'), (2, 'two');
insert into orders (order_id, customer_id) values (1, 1);
insert into notes (note_id, text) values (1, 'n'), (2, 'm');
delete from notes where note_id = 1;
select results_eq(
    'select tenant_id, customer_id from customers', format('values (%L::uuid, 1::bigint), (%1$L, 2)', :'acme'),
    'rows are the tenant''s that the transaction has entered'
);
delete from customers where customer_id = 1;
select results_eq(
    'select tenant_id, customer_id from orders', format('values (%L::uuid, null::bigint)', :'acme'),
    'a reference that is set to null leaves the row to its tenant'
);
select is((select count(*) from bss.schema_versions), 1::bigint, 'a tenant sees the version of its pool');
select is(
    bss.schema('acme') #>> '{$defs,Note,type}', 'object', 'schema() gives the document of the pool to its tenant'
);
select results_eq(
    $$select pointer, keyword, message from bss.validate('acme', 'Customer', '{"customer_id": 2, "email": null}')$$,
    $$values ('/email', 'required', 'property "email" is missing')$$, 'validate() knows the tables of the pool'
);
reset session authorization;
set local backtrace_functions = '';
select is_empty(
    $$select * from bss.validate('acme', 'Customer', '{"customer_id": 2, "email": "x"}')$$, 'validate() fills in whose a record is'
);
update pool_shop.notes set archived_at = now() - interval '1 day' where is_archived;
select results_eq(
    $$select relation, purged from bss.purge_archived('acme', '0')$$, $$values ('notes', 1::bigint)$$,
    'purge_archived() deletes what a tenant in a pool has archived'
);
select is_empty($$select * from bss.purge_archived('globex', '0')$$, 'purge_archived() leaves others what they have');


-- a pool is migrated as one

select bss.publish_blueprint('shop', body) from document where name = 'v2' \gset
select bss.start_fleet_migration('shop') as fleet \gset
select is(
    (select array_agg(tenant) from bss.fleet_tenants where fleet_migration = :fleet), array['pool:shop'],
    'a fleet migration has the pool as one member'
);
select results_eq(
    format('select outcome from bss.migrate_next(%s)', :fleet), $$values ('migrated')$$, 'migrate_next() migrates a pool'
);
select is((select count(*) from pool_shop.customers where stars = 3), 1::bigint, 'all tenants of the pool have what is new');
select is(
    (select array_agg(blueprint_version order by external_id) from bss.tenants), array[2, 2], 'all tenants of a pool are at its version'
);


-- leaving

select bss.bind_login('Ac Me', 'acme') \gset
select ok(has_schema_privilege('Ac Me', 'pool_shop', 'usage'), 'bind_login() opens the pool to a tenant');
select is_empty($$select * from bss.drift('pool:shop')$$, 'a login of one of its tenants is no drift of a pool');
select bss.unbind_login('Ac Me') \gset
select ok(not has_schema_privilege('Ac Me', 'pool_shop', 'usage'), 'unbind_login() closes the pool');
select throws_ok($$select bss.drop_pool('shop')$$, 'SB657', 'pool "pool:shop" has tenants', 'drop_pool() refuses a pool with tenants');
insert into pool_shop.customers (tenant_id, customer_id, email) values (:'globex', 1, 'one');
select bss.deprovision_tenant('acme', '0') \gset
select bss.drop_tenant('acme', 'acme') \gset
select results_eq(
    $$select details -> 'deleted' from bss.audit_log where action_type = 'rows.deleted'$$,
    $$values ('{"notes": 1, "orders": 1, "customers": 1}'::jsonb)$$, 'drop_tenant() deletes the rows of a pool, and counts them'
);
select results_eq(
    'select tenant_id from pool_shop.customers', format('values (%L::uuid)', :'globex'), 'drop_tenant() leaves others their rows'
);
select bss.deprovision_tenant('globex', '0') \gset
select bss.drop_tenant('globex', 'globex') \gset
select bss.drop_pool('shop') \gset
select hasnt_schema('pool_shop', 'drop_pool() drops a pool without tenants');
select is_empty('select * from bss.pools', 'drop_pool() leaves no pool');
select throws_ok($$select bss.drop_pool('shop')$$, 'SB601', 'blueprint "shop" has no pool', 'drop_pool() refuses a pool that there is not');

select * from finish();
rollback;
