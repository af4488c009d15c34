begin;
set local search_path = tap, public;
select plan(39);

create temp table document (name text, body json);
insert into document values
    ('v1', '{"title": "Customer", "type": "object", "required": ["name"], "properties": {
        "name": {"type": "string", "minLength": 2}, "phone": {"type": "string", "x-bss": {"unique": true}},
        "level": {"type": "integer", "default": 1}}}'),
    ('v2', '{"title": "Customer", "type": "object", "required": ["full name", "since"], "properties": {
        "full name": {"type": "string", "minLength": 2, "x-bss": {"renamedFrom": "name"}},
        "since": {"type": "integer", "default": 2020},
        "level": {"type": "integer", "default": 2}}}'),
    ('v3', '{"$defs": {"Client": {"type": "object", "required": ["full name", "since"], "properties": {
        "client_id": {"type": "string", "format": "uuid", "x-bss": {"renamedFrom": "customer_id"}},
        "full name": {"type": "string", "minLength": 2},
        "since": {"type": "integer", "default": 2020},
        "level": {"type": "integer", "default": 2}}, "x-bss": {"renamedFrom": "Customer"}}}}'),
    ('level required', '{"title": "Customer", "type": "object", "required": ["name", "level"], "properties": {
        "name": {"type": "string"}, "level": {"type": "integer"}}}'),
    ('level gone', '{"title": "Customer", "type": "object", "required": ["name"], "properties": {
        "name": {"type": "string"}}}'),
    ('name taken', '{"$defs": {"Client": {"type": "object", "properties": {
        "client_id": {"type": "string", "format": "uuid"},
        "full name": {"type": "string"}, "name": {"type": "string"}}}}}');
grant select on document to public;
select bss.provision_tenant('acme') as acme \gset

create view pg_temp.catalog as
select jsonb_pretty(bss_internal.snapshot(t)) as catalog, bss_internal.fingerprint(t) as fingerprint
from bss_metadata.tenants as t where t.external_id = 'acme';


-- what came since is kept, what went is back, what was renamed has its name again

select bss.apply_schema('acme', body) from document where name = 'v1';
insert into tenant_acme.customers (name, phone) values ('Ann', '1'), ('Bob', null);
create temp table first as table pg_temp.catalog;
create temp table rows as select to_jsonb(c) as row from tenant_acme.customers as c;
select bss.apply_schema('acme', body) from document where name = 'v2';
select bss.apply_schema('acme', body) from document where name = 'v3';
select results_eq(
    $$select full_name, phone, since from tenant_acme.clients order by full_name$$,
    $$values ('Ann', '1', 2020::bigint), ('Bob', null, 2020)$$, 'apply_schema() renames with all rows'
);
insert into tenant_acme.clients (full_name, since) values ('Cid', 2024);
create temp table third as table pg_temp.catalog;

select is(
    (
        select array_agg(kind || ' ' || relation order by step)::text
        from bss.plan_rollback('acme', 1) where kind ~ '^rename_(table|column)'
    ),
    '{"rename_table clients","rename_column customers","rename_column customers"}',
    'plan_rollback() lists the steps'
);
select results_eq('table pg_temp.catalog', 'table third', 'plan_rollback() changes nothing');

select is(
    bss.rollback_schema('acme', 1, 'a person', 'r-7'), 4, 'rollback_schema() gives the next version'
);
select is(
    (select bss.schema('acme')::text), (select body::text from document where name = 'v1'),
    'rollback_schema() puts the document of that version into force'
);
select results_eq(
    $$select name, phone, level, since from tenant_acme.customers order by name$$,
    $$values ('Ann', '1', 1::bigint, 2020::bigint), ('Bob', null, 1, 2020), ('Cid', null, 2, 2024)$$,
    'rollback_schema() keeps all values, and gives back those that went'
);
select results_eq(
    $$select relation, column_name, type, version from bss.deprecated('acme')$$,
    $$values ('customers', 'since', 'bigint', 4)$$, 'rollback_schema() keeps what came since'
);
select results_eq(
    $$select action_type, initiator, correlation_id, details - 'steps' from bss.audit_log
      where tenant = 'acme' order by action_timestamp desc limit 2$$,
    $$values ('schema.rolled_back', 'a person', 'r-7', '{"from": 3, "to": 4, "document_of": 1}'::jsonb),
      ('schema.updated', 'a person', 'r-7', '{"from": 3, "to": 4}')$$,
    'rollback_schema() enters what it did into the audit log'
);
select is(
    bss.rollback_schema('acme', 4), 4, 'rollback_schema() stays at the version that is in force'
);
select is(
    bss.rollback_schema('acme', 1), 4, 'rollback_schema() stays where the same document is in force'
);
select is(
    (select count(*) from bss.audit_log where action_type = 'schema.rolled_back'), 1::bigint,
    'rollback_schema() does not record what it did not do'
);
select throws_ok(
    $$insert into tenant_acme.customers (name) values ('D')$$, '23514', null,
    'rollback_schema() puts the checks into force'
);
delete from tenant_acme.customers where name = 'Cid';
select results_eq(
    $$select relation, column_name, row_count from bss.drop_deprecated('acme', '0')$$,
    $$values ('customers', 'since', 2::bigint)$$, 'drop_deprecated() drops what came since'
);
select results_eq(
    'table pg_temp.catalog', 'table first', 'rollback_schema() leads to the catalog that there was'
);
select results_eq(
    'select to_jsonb(c) - ''updated_at'' from tenant_acme.customers as c order by name',
    $$select row - 'updated_at' from rows order by row ->> 'name'$$,
    'rollback_schema() leads to the rows that there were'
);


-- back and forth

select is(
    bss.rollback_schema('acme', 3), 6, 'rollback_schema() goes to what is no older than it is otherwise'
);
select is(
    (select catalog from pg_temp.catalog),
    (select catalog from third),
    'rollback_schema() gives new names again'
);
select is(bss.rollback_schema('acme', 2), 7, 'rollback_schema() takes back one of two renames');
select has_column('tenant_acme', 'customers', 'full_name', 'rollback_schema() leaves the other');
select is(bss.rollback_schema('acme', 5), 8, 'rollback_schema() goes to what a rollback had made');
select is(bss.rollback_schema('acme', 7), 9, 'rollback_schema() takes that back, too');


-- what is refused

select throws_ok(
    $$select bss.rollback_schema('acme', 99)$$, 'SB406', 'tenant "acme" was never at version 99',
    'rollback_schema() refuses a version that there was not'
);
select throws_ok(
    $$select bss.rollback_schema('acme', null)$$, 'SB406', 'tenant "acme" was never at version null',
    'rollback_schema() refuses no version'
);
select throws_ok(
    $$select * from bss.plan_rollback('acme', 99)$$, 'SB406', 'tenant "acme" was never at version 99',
    'plan_rollback() refuses a version that there was not'
);
select throws_ok(
    $$select bss.rollback_schema('nobody', 1)$$, 'SB601', 'tenant "nobody" does not exist',
    'rollback_schema() refuses a tenant that does not exist'
);

select bss.provision_tenant('beta');
select bss.apply_schema('beta', body) from document where name = 'level required';
insert into tenant_beta.customers (name, level) values ('Ann', 1);
select bss.apply_schema('beta', body) from document where name = 'level gone';
insert into tenant_beta.customers (name) values ('Bob');
create temp table before as table facts;
select throws_ok(
    $$select bss.rollback_schema('beta', 1)$$, 'SB402', 'rows of table "customers" do not fit the new schema',
    'rollback_schema() refuses what rows do not fit any more'
);
select results_eq('table facts', 'table before', 'rollback_schema() changes nothing when it refuses');
update tenant_beta.customers set level = 2 where name = 'Bob';
select is(bss.rollback_schema('beta', 1), 3, 'rollback_schema() goes on when they fit');
select results_eq(
    $$select name, level from tenant_beta.customers order by name$$,
    $$values ('Ann', 1::bigint), ('Bob', 2)$$, 'rollback_schema() has kept their values'
);

select bss.provision_tenant('gamma');
select bss.apply_schema('gamma', body) from document where name = 'v1';
select bss.apply_schema('gamma', body) from document where name = 'v2';
select bss.apply_schema('gamma', body) from document where name = 'v3';
select bss.apply_schema('gamma', body) from document where name = 'name taken';
select throws_ok(
    $$select bss.rollback_schema('gamma', 1)$$, 'SB405', 'column "full_name" cannot be called "name" again',
    'rollback_schema() refuses a name that something else has by now'
);
select throws_ok(
    $$select * from bss.plan_rollback('gamma', 1)$$, 'SB405',
    'column "full_name" cannot be called "name" again', 'plan_rollback() says so before'
);

alter table tenant_gamma.clients add column by_hand text;
select throws_ok(
    $$select bss.rollback_schema('gamma', 3)$$, 'SB401', 'tables of tenant "gamma" are not what its schema says',
    'rollback_schema() refuses drift'
);
alter table tenant_gamma.clients drop column by_hand;
select bss.suspend_tenant('gamma');
select throws_ok(
    $$select bss.rollback_schema('gamma', 3)$$, 'SB503', 'tenant "gamma" is not active',
    'rollback_schema() refuses a tenant that is not active'
);


-- who may ask

create role "Opera Tor" login;
create role gateway login;
grant bss_admin to "Opera Tor";
grant bss_app to gateway;
set session authorization "Opera Tor";
select lives_ok($$select bss.rollback_schema('acme', 1)$$, 'rollback_schema() answers operators');
select lives_ok($$select * from bss.plan_rollback('acme', 1)$$, 'plan_rollback() answers operators');
set session authorization gateway;
select throws_ok(
    $$select bss.rollback_schema('acme', 1)$$, '42501', 'permission denied for function rollback_schema',
    'rollback_schema() does not answer gateways'
);
select throws_ok(
    $$select bss.plan_rollback('acme', 1)$$, '42501', 'permission denied for function plan_rollback',
    'plan_rollback() does not answer gateways'
);
reset session authorization;
grant execute on function bss.rollback_schema(text, integer, text, text) to gateway;
grant execute on function bss.plan_rollback(text, integer) to gateway;
set session authorization gateway;
select throws_ok(
    $$select bss.rollback_schema('acme', 1)$$, 'SB505', 'login may not operate tenants',
    'rollback_schema() refuses who is no operator, whatever was granted'
);
select throws_ok(
    $$select * from bss.plan_rollback('nobody', 1)$$, 'SB505', 'login may not operate tenants',
    'plan_rollback() does not tell strangers which tenants exist'
);
reset session authorization;

select * from finish();
rollback;
