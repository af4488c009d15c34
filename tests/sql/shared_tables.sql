begin;
set local search_path = tap, public;
select plan(24);

create temp table document (name text, body json);
insert into document values
    ('v1', '{"$defs": {
        "Currency": {"type": "object", "required": ["name"], "x-bss": {"scope": "shared", "primaryKey": "code", "entity": true},
            "properties": {"code": {"type": "string"}, "name": {"type": "string"}}},
        "Invoice": {"type": "object", "properties": {"invoice_id": {"type": "integer"},
            "currency": {"type": "string", "x-bss": {"references": {"entity": "Currency"}}}}}}}'),
    ('the same in another order', '{"$defs": {
        "Order": {"type": "object", "properties": {"order_id": {"type": "integer"}, "paid_in": {"$ref": "#/$defs/Money"}}},
        "Money": {"x-bss": {"entity": true, "table": "currencies", "primaryKey": "code", "scope": "shared"},
            "properties": {"name": {"type": "string"}, "code": {"type": "string"}}, "required": ["name"], "type": "object"}}}'),
    ('another', '{"$defs": {
        "Currency": {"type": "object", "required": ["name"], "x-bss": {"scope": "shared", "primaryKey": "code", "entity": true},
            "properties": {"code": {"type": "string"}, "name": {"type": "integer"}, "rank": {"type": "integer"}}}}}'),
    ('more', '{"$defs": {
        "Currency": {"type": "object", "required": ["name"], "x-bss": {"scope": "shared", "primaryKey": "code", "entity": true},
            "properties": {"code": {"type": "string"}, "name": {"type": "string"}}},
        "Unit": {"type": "object", "x-bss": {"scope": "shared", "entity": true}, "properties": {"unit_id": {"type": "string"},
            "code": {"type": "string", "x-bss": {"references": {"entity": "Currency"}}}}}}}'),
    ('none', '{"$defs": {"Invoice": {"type": "object", "properties": {"invoice_id": {"type": "integer"}}}}}');
create function pg_temp.document(name text) returns json language sql
    return (select d.body from document as d where d.name = $1);
create function pg_temp.detail_of(call text) returns text language plpgsql as $$
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


-- the first document that declares a table makes it

select bss.provision_tenant('acme', pg_temp.document('v1'), initiator => 'a person', correlation_id => 'r-1') as acme \gset
select tables_are('bss_shared', array['currencies'], 'a document makes the table of a shared entity');
select columns_are(
    'bss_shared', 'currencies', array['code', 'name', 'created_at', 'updated_at'],
    'a shared table has no tenant'
);
select table_owner_is('bss_shared', 'currencies', 'bss_owner', 'a shared table is bss_owner''s');
select fk_ok('tenant_acme', 'invoices', 'currency', 'bss_shared', 'currencies', 'code', 'a tenant''s table refers to it');
select tables_are('tenant_acme', array['invoices'], 'a shared table is not in the tenant''s schema');
select results_eq(
    'select name, version, entity from bss.shared_tables', $$values ('currencies', 1, 'Currency')$$,
    'shared_tables shows what has been declared'
);
select results_eq(
    'select version, initiator, correlation_id, document::text = pg_temp.document(''v1'')::text from bss.shared_versions',
    $$values (1, 'a person', 'r-1', true)$$, 'shared_versions shows who declared it, and how'
);
select results_eq(
    $$select initiator, details - 'steps' from bss.audit_log where action_type = 'shared.updated'$$,
    $$values ('a person', '{"from": null, "to": 1}'::jsonb)$$, 'making a shared table is recorded'
);
insert into bss_shared.currencies values ('EUR', 'Euro');
insert into tenant_acme.invoices (invoice_id, currency) values (1, 'EUR');


-- others use it

select bss.provision_tenant('globex') as globex \gset
select is(
    (select count(*) from bss.plan_schema('globex', pg_temp.document('the same in another order')) where statement ~ 'bss_shared\.currencies'),
    1::bigint, 'plan_schema() makes no table that is there, only a reference to it'
);
select is(
    bss.apply_schema('globex', pg_temp.document('the same in another order')), 1,
    'apply_schema() takes the same entity by another name and in another order'
);
select is((select count(*) from bss.shared_versions), 1::bigint, 'using a shared table makes no version of it');
select fk_ok('tenant_globex', 'orders', 'paid_in_id', 'bss_shared', 'currencies', 'code', 'a $ref refers to the shared table');
select results_eq(
    'select tenant, version, name, shared_version from bss.shared_uses order by tenant',
    $$values ('acme', 1, 'currencies', 1), ('globex', 1, 'currencies', 1)$$, 'shared_uses shows whose documents declare it'
);


-- nobody takes it over

create temp table before as table facts;
select throws_ok(
    $$select bss.apply_schema('globex', pg_temp.document('another'))$$, 'SB114',
    'shared table "currencies" is declared otherwise than it is',
    'apply_schema() refuses another declaration of a shared table'
);
select is(
    pg_temp.detail_of($$select bss.apply_schema('globex', pg_temp.document('another'))$$),
    'At /$defs/Currency. The shared table lacks "rank". They differ in "name".', 'apply_schema() says what differs'
);
select throws_ok(
    $$select * from bss.plan_schema('globex', pg_temp.document('another'))$$, 'SB114',
    'shared table "currencies" is declared otherwise than it is', 'plan_schema() refuses it too'
);
select throws_ok(
    $$select bss.provision_tenant('initech', pg_temp.document('another'))$$, 'SB114',
    'shared table "currencies" is declared otherwise than it is', 'provision_tenant() refuses it too'
);
select results_eq('table facts', 'table before', 'a refused declaration leaves nothing');


-- adding to what is shared, and drift

select results_eq(
    $$select kind, relation from bss.plan_schema('globex', pg_temp.document('more')) where step < 3$$,
    $$values ('create_table', 'units'), ('create_table', 'units')$$, 'plan_schema() shows the shared tables that it would make'
);
select is(bss.apply_schema('globex', pg_temp.document('more')), 2, 'apply_schema() makes another shared table');
select fk_ok('bss_shared', 'units', 'code', 'bss_shared', 'currencies', 'code', 'a shared table refers to another');
savepoint sound;
alter policy tenant_read on bss_shared.currencies using (true);
select throws_ok(
    $$select bss.apply_schema('globex', pg_temp.document('v1'))$$, 'SB401', 'shared tables are not what documents say',
    'apply_schema() refuses to build on a shared table that was changed by hand'
);
rollback to savepoint sound;
select lives_ok(
    $$select bss.apply_schema('globex', pg_temp.document('none'))$$, 'apply_schema() leaves what a document declares no more'
);
select results_eq(
    $$select code, name from bss_shared.currencies$$, $$values ('EUR', 'Euro')$$, 'a shared table stays, with its rows'
);

select * from finish();
rollback;
