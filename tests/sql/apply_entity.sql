begin;
set local search_path = tap, public;
select plan(21);

create temp table document (name text, body json);
insert into document values
    ('customer', '{"title": "Customer", "type": "object", "properties": {
        "customer_id": {"type": "string", "format": "uuid"}, "name": {"type": "string"}}}'),
    ('customer with email', '{"title": "Customer", "type": "object", "properties": {
        "customer_id": {"type": "string", "format": "uuid"}, "name": {"type": "string"},
        "email": {"type": "string", "format": "email"}}}'),
    ('invoice', '{"title": "Invoice", "type": "object", "required": ["customer_id"], "properties": {
        "customer_id": {"type": "string", "format": "uuid"}, "amount": {"type": "number"}}}'),
    ('no title', '{"type": "object", "properties": {"name": {"type": "string"}}}'),
    ('bad', '{"title": "Payment", "type": "object", "properties": {"amount": {"type": "strong"}}}'),
    ('same table', '{"title": "Invoices", "type": "object", "properties": {"amount": {"type": "number"}}}'),
    ('model', '{"$defs": {"Customer": {"type": "object", "properties": {"id": {"type": "integer"}}}}}');
grant select on document to public;
select bss.provision_tenant('acme') as acme \gset


select is(
    (select bss.apply_entity('acme', body, 'a person', 'r-1') from document where name = 'invoice'), 1,
    'apply_entity() gives version 1 to the first entity'
);
select hasnt_index(
    'tenant_acme', 'invoices', 'invoices_customer_id_idx',
    'apply_entity() sees no reference in a name that nothing else has'
);
select results_eq(
    'select version, initiator, correlation_id from bss.schema_versions',
    $$values (1, 'a person', 'r-1')$$, 'apply_entity() enters the version into the ledger'
);
select is(
    (select bss.apply_entity('acme', body) from document where name = 'customer'), 2,
    'apply_entity() adds an entity to the others'
);
select tables_are('tenant_acme', array['customers', 'invoices'], 'apply_entity() keeps the others');
select fk_ok(
    'tenant_acme', 'invoices', 'customer_id', 'tenant_acme', 'customers', 'customer_id',
    'apply_entity() lets the others refer to the new one'
);
insert into tenant_acme.customers (name) values ('Ann');
select is(
    (select bss.apply_entity('acme', body) from document where name = 'customer with email'), 3,
    'apply_entity() replaces an entity'
);
select results_eq(
    'select name, email from tenant_acme.customers', $$values ('Ann', null::text)$$,
    'apply_entity() keeps the rows of what it replaces'
);
select is(
    (select array_agg(k) from bss.schema('acme') as s, json_object_keys(s -> '$defs') as k),
    array['Invoice', 'Customer'], 'apply_entity() keeps the whole model as the document'
);

create temp table before as table facts;
select is(
    (select bss.apply_entity('acme', body) from document where name = 'customer with email'), 3,
    'apply_entity() stays at the version when the entity is the same'
);
select is(
    (select bss.apply_schema('acme', bss.schema('acme'))), 3,
    'apply_entity() leaves a document that apply_schema() has nothing to do for'
);
select throws_ok(
    $$select bss.apply_entity('acme', body) from document where name = 'bad'$$, 'SB010',
    'value of "type" should be one of array, boolean, integer, null, number, object, string, '
    'or an array of them',
    'apply_entity() refuses a faulty document'
);
select throws_ok(
    $$select bss.apply_entity('acme', body) from document where name = 'same table'$$, 'SB102',
    'entity "Invoices" becomes table "invoices", and so does another',
    'apply_entity() refuses a second entity of one table'
);
select throws_ok(
    format($$select bss.apply_entity('acme', body) from document where name = %L$$, n), 'SB013',
    'document describes no entity', format('apply_entity() refuses: %s', n)
)
from unnest(array['no title', 'model']) as n;
select throws_ok(
    $$select bss.apply_entity('acme', null)$$, 'SB010', 'document is missing',
    'apply_entity() refuses no document'
);
select throws_ok(
    $$select bss.apply_entity('nobody', body) from document where name = 'customer'$$, 'SB601',
    'tenant "nobody" does not exist', 'apply_entity() refuses a tenant that does not exist'
);
create role gateway login;
grant bss_app to gateway;
set session authorization gateway;
select throws_ok(
    $$select bss.apply_entity('acme', body) from document where name = 'customer'$$, '42501',
    'permission denied for function apply_entity', 'apply_entity() does not answer gateways'
);
reset session authorization;
select results_eq('table facts', 'table before', 'apply_entity() leaves nothing of what it refuses');



-- a root that is an entity beside others

select bss.provision_tenant('globex', '{
    "title": "Root", "type": "object", "x-bss": {"entity": true, "unique": [["root_id"]]},
    "properties": {"root_id": {"type": "integer"}, "a": {"type": "string"}},
    "$defs": {"Sub": {"type": "object", "properties": {"id": {"type": "integer"}}}}
}') as globex \gset
select bss.apply_entity('globex', body) as added from document where name = 'customer' \gset
select bss.apply_entity('globex', '{
    "title": "Root", "type": "object", "x-bss": {"entity": true},
    "properties": {"root_id": {"type": "integer"}, "b": {"type": "string"}}
}') as replaced \gset
select results_eq(
    $$select relname, obj_description(oid) from pg_class
      where relnamespace = 'tenant_globex'::regnamespace and relkind = 'r' order by relname$$,
    $$values ('customers'::name, null::text), ('roots', null), ('subs', null)$$,
    'apply_entity() keeps the others where the root of the document is an entity too'
);
select columns_are(
    'tenant_globex', 'roots', array['tenant_id', 'root_id', 'a', 'b', 'created_at', 'updated_at'],
    'apply_entity() replaces the root where that is the entity'
);

select * from finish();
rollback;
