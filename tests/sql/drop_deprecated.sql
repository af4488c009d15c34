begin;
set local search_path = tap, public;
select plan(27);

create temp table document (name text, body json);
insert into document values
    ('v1', '{"$defs": {
        "Customer": {"type": "object", "properties": {
            "customer_id": {"type": "string", "format": "uuid"}, "a": {"type": "integer"},
            "b": {"type": "integer", "minimum": 0, "x-bss": {"unique": true}},
            "sum": {"type": "integer", "x-bss": {"generated": "$.a + $.b"}}}},
        "Order": {"type": "object", "properties": {
            "order_id": {"type": "string", "format": "uuid"}, "customer": {"$ref": "#/$defs/Customer"}}}}}'),
    ('v2', '{"$defs": {
        "Customer": {"type": "object", "properties": {
            "customer_id": {"type": "string", "format": "uuid"}, "a": {"type": "integer"}}},
        "Order": {"type": "object", "properties": {
            "order_id": {"type": "string", "format": "uuid"}, "customer": {"$ref": "#/$defs/Customer"}}}}}'),
    ('v3', '{"$defs": {
        "Customer": {"type": "object", "properties": {
            "customer_id": {"type": "string", "format": "uuid"}, "a": {"type": "integer"}}}}}');
grant select on document to public;
select bss.provision_tenant('acme');
select bss.apply_schema('acme', body) from document where name = 'v1';
insert into tenant_acme.customers (a, b) values (1, 2), (3, 4), (5, null);
insert into tenant_acme.orders (customer_id) select customer_id from tenant_acme.customers;

select is_empty($$select * from bss.deprecated('acme')$$, 'deprecated() lists nothing where all is in force');
select is_empty(
    $$select * from bss.drop_deprecated('acme', '0')$$, 'drop_deprecated() drops nothing where all is in force'
);
select is(
    (select max(version) from bss.schema_versions where tenant = 'acme'), 1,
    'drop_deprecated() makes no version of nothing'
);
select bss.apply_schema('acme', body) from document where name = 'v2';
select bss.apply_schema('acme', body) from document where name = 'v3';
-- as if the versions had come into force one day after the other
update bss_metadata.tenant_schemas set applied_at = now() - (3 - version) * interval '1 day';

select results_eq(
    $$select relation, column_name, type, version, deprecated_since = now() - (3 - version) * interval '1 day'
      from bss.deprecated('acme')$$,
    $$values ('customers', 'b', 'bigint', 2, true), ('customers', 'sum', 'bigint', 2, true),
      ('orders', null, 'table', 3, true)$$,
    'deprecated() lists what the schema has no more, and since when'
);
select is_empty(
    $$select * from bss.drop_deprecated('acme', '2 days')$$, 'drop_deprecated() leaves what went later'
);
select results_eq(
    $$select relation, column_name, type, row_count from bss.drop_deprecated('acme', '1 day', 'a person', 'r-9')$$,
    $$values ('customers', 'b', 'bigint', 2::bigint), ('customers', 'sum', 'bigint', 2)$$,
    'drop_deprecated() drops what went that long ago, and says how many values that were'
);
select hasnt_column('tenant_acme', 'customers', 'b', 'drop_deprecated() drops columns');
select hasnt_column('tenant_acme', 'customers', 'sum', 'drop_deprecated() drops what was computed of them');
select has_table('tenant_acme', 'orders', 'drop_deprecated() leaves a table that went later');
select results_eq(
    $$select a from tenant_acme.customers order by a$$, $$values (1::bigint), (3), (5)$$,
    'drop_deprecated() leaves all rows'
);
select results_eq(
    $$select version, initiator, correlation_id, steps from bss.schema_versions where tenant = 'acme'
      order by version desc limit 1$$,
    $$values (4, 'a person', 'r-9', 2::bigint)$$, 'drop_deprecated() enters a version into the ledger'
);
select is(
    (select bss.schema('acme')::text), (select body::text from document where name = 'v3'),
    'drop_deprecated() leaves the document in force'
);
select results_eq(
    $$select initiator, correlation_id, details - 'dropped',
          (select jsonb_agg(d - 'deprecated_since') from jsonb_array_elements(details -> 'dropped') as d)
      from bss.audit_log where action_type = 'schema.deprecated_dropped'$$,
    $$values ('a person', 'r-9', '{"version": 4}'::jsonb, '[
      {"relation": "customers", "column_name": "b", "type": "bigint", "version": 2, "row_count": 2},
      {"relation": "customers", "column_name": "sum", "type": "bigint", "version": 2, "row_count": 2}]'::jsonb)$$,
    'drop_deprecated() enters what it destroyed into the audit log'
);
select ok(
    (select details #>> '{dropped,0,deprecated_since}' from bss.audit_log
     where action_type = 'schema.deprecated_dropped')::timestamptz = now() - interval '1 day',
    'drop_deprecated() says since when it was out of the schema'
);
select is_empty(
    $$select * from bss.plan_schema('acme', bss.schema('acme'))$$, 'drop_deprecated() leaves nothing to do'
);

select results_eq(
    $$select relation, column_name, type, row_count from bss.drop_deprecated('acme', '0')$$,
    $$values ('orders', null, 'table', 3::bigint)$$, 'drop_deprecated() drops tables'
);
select hasnt_table('tenant_acme', 'orders', 'drop_deprecated() has dropped the table');
select is(
    bss.rollback_schema('acme', 1), 6, 'rollback_schema() goes to what was dropped since'
);
select results_eq(
    $$select a, b from tenant_acme.customers order by a$$,
    $$values (1::bigint, null::bigint), (3, null), (5, null)$$,
    'rollback_schema() makes it again, without what was destroyed'
);

select throws_ok(
    $$select * from bss.drop_deprecated('acme', '-1 day')$$, 'SB407', 'period "-1 days" cannot be waited for',
    'drop_deprecated() refuses what lies ahead'
);
select throws_ok(
    $$select * from bss.drop_deprecated('acme', null)$$, 'SB407', 'period "null" cannot be waited for',
    'drop_deprecated() refuses no period'
);
select bss.apply_schema('acme', body) from document where name = 'v3';
alter table tenant_acme.customers add column by_hand text;
select throws_ok(
    $$select * from bss.drop_deprecated('acme', '0')$$, 'SB401',
    'tables of tenant "acme" are not what its schema says', 'drop_deprecated() refuses drift'
);
alter table tenant_acme.customers drop column by_hand;


-- who may ask

create role "Opera Tor" login;
create role gateway login;
grant bss_admin to "Opera Tor";
grant bss_app to gateway;
set session authorization "Opera Tor";
select isnt_empty($$select * from bss.deprecated('acme')$$, 'deprecated() answers operators');
select isnt_empty($$select * from bss.drop_deprecated('acme', '0')$$, 'drop_deprecated() answers operators');
set session authorization gateway;
select throws_ok(
    $$select * from bss.drop_deprecated('acme', '0')$$, '42501', 'permission denied for function drop_deprecated',
    'drop_deprecated() does not answer gateways'
);
reset session authorization;
grant execute on function bss.drop_deprecated(text, interval, text, text) to gateway;
grant execute on function bss.deprecated(text) to gateway;
set session authorization gateway;
select throws_ok(
    $$select * from bss.drop_deprecated('acme', '0')$$, 'SB505', 'login may not operate tenants',
    'drop_deprecated() refuses who is no operator, whatever was granted'
);
select throws_ok(
    $$select * from bss.deprecated('acme')$$, 'SB505', 'login may not operate tenants',
    'deprecated() refuses who is no operator, whatever was granted'
);
reset session authorization;

select * from finish();
rollback;
