begin;
set local search_path = tap, public;
select plan(32);

create temp table document (name text, body json);
insert into document values
    ('v1', '{"$defs": {
        "Currency": {"type": "object", "required": ["name"], "x-bss": {"scope": "shared", "primaryKey": "code", "entity": true},
            "properties": {"code": {"type": "string"}, "name": {"type": "string", "x-bss": {"unique": true}}, "sign": {"type": "string"}}},
        "Invoice": {"type": "object", "properties": {"invoice_id": {"type": "integer"},
            "currency": {"type": "string", "x-bss": {"references": {"entity": "Currency"}}}}}}}'),
    ('v2', '{"$defs": {
        "Currency": {"type": "object", "required": ["name"], "x-bss": {"scope": "shared", "primaryKey": "code", "entity": true},
            "properties": {"code": {"type": "string"}, "name": {"type": "string", "maxLength": 9, "x-bss": {"unique": true}},
                "digits": {"type": "integer", "default": 2}}},
        "Invoice": {"type": "object", "properties": {"invoice_id": {"type": "integer"}, "note": {"type": "string"},
            "currency": {"type": "string", "x-bss": {"references": {"entity": "Currency"}}}}}}}'),
    ('v2 of a tenant', '{"$defs": {
        "Account": {"type": "object", "properties": {"account_id": {"type": "integer"}, "money": {"$ref": "#/$defs/Money"}}},
        "Money": {"type": "object", "required": ["name"], "x-bss": {"scope": "shared", "primaryKey": "code", "entity": true, "table": "currencies"},
            "properties": {"digits": {"type": "integer", "default": 2}, "name": {"type": "string", "maxLength": 9, "x-bss": {"unique": true}},
                "code": {"type": "string"}}}}}'),
    ('without its key', '{"title": "Currency", "type": "object", "required": ["name"], "x-bss": {"scope": "shared", "primaryKey": "code"},
        "properties": {"code": {"type": "string"}, "name": {"type": "string"}, "sign": {"type": "string"}}}'),
    ('unit', '{"title": "Unit", "type": "object", "x-bss": {"scope": "shared"}, "properties": {"unit_id": {"type": "string"}}}'),
    ('nothing shared', '{"title": "Unit", "type": "object", "properties": {"unit_id": {"type": "string"}}}'),
    ('wrong', '{"title": "Unit", "type": "object", "x-bss": {"scope": "shared"}, "properties": {"unit_id": {"type": "strong"}}}');
grant select on document to public;
create function pg_temp.document(name text) returns json language sql
    return (select d.body from document as d where d.name = $1);
create role gateway login;
grant bss_app to gateway;
create role operator login;
grant bss_admin to operator;
select bss.provision_tenant('acme', pg_temp.document('v1')) as acme \gset
insert into bss_shared.currencies values ('EUR', 'Euro', '€');
insert into tenant_acme.invoices (invoice_id, currency) values (1, 'EUR');


-- what is refused, and that nothing is left of it

create temp table before as table facts;
select throws_ok(
    $$select bss.apply_shared(pg_temp.document('nothing shared'))$$, 'SB118', 'document declares no shared entity',
    'apply_shared() refuses a document that shares nothing'
);
select throws_ok(
    $$select bss.apply_shared(pg_temp.document('wrong'))$$, 'SB010', null, 'apply_shared() refuses a document with faults'
);
select throws_ok(
    $$select bss.apply_shared(pg_temp.document('without its key'))$$, 'SB117',
    'shared table "currencies" would lose key "currencies_name_key"', 'apply_shared() keeps what others may refer to'
);
insert into bss_shared.currencies values ('LONG', 'A long name', null);
select throws_ok(
    $$select bss.apply_shared(pg_temp.document('v2'))$$, 'SB402', 'rows of table "currencies" do not fit the new schema',
    'apply_shared() refuses what the rows do not fit'
);
delete from bss_shared.currencies where code = 'LONG';
select throws_ok(
    $$select bss.apply_shared(null)$$, 'SB010', 'document is missing', 'apply_shared() refuses no document'
);
set session authorization gateway;
select throws_ok(
    $$select bss.apply_shared(null)$$, '42501', 'permission denied for function apply_shared', 'apply_shared() is not for gateways'
);
select throws_ok(
    $$select bss.plan_shared(null)$$, '42501', 'permission denied for function plan_shared', 'plan_shared() is not for gateways'
);
reset session authorization;
grant execute on function bss.apply_shared(json, text, text), bss.plan_shared(json) to gateway;
set session authorization gateway;
select throws_ok(
    $$select bss.apply_shared(null)$$, 'SB505', 'login may not operate tenants',
    'apply_shared() refuses who is no operator, whatever was granted'
);
select throws_ok(
    $$select bss.plan_shared(null)$$, 'SB505', 'login may not operate tenants',
    'plan_shared() refuses who is no operator, whatever was granted'
);
reset session authorization;
select results_eq('table facts', 'table before', 'apply_shared() leaves nothing of what it refuses');


-- what it would do, and does

set session authorization operator;
select set_eq(
    $$select kind, relation from bss.plan_shared(pg_temp.document('v2'))$$,
    $$values
        ('deprecate_column', 'currencies'), ('add_column', 'currencies'), ('add_check', 'currencies'),
        ('replace_trigger', 'currencies')$$,
    'plan_shared() lists the steps to a document, for shared tables alone'
);
select is(bss.apply_shared(pg_temp.document('v2'), 'a person', 'r-2'), 2, 'apply_shared() gives the version');
reset session authorization;
select results_eq(
    'select version, initiator, correlation_id from bss.shared_versions where version = 2',
    $$values (2, 'a person', 'r-2')$$, 'apply_shared() enters it into the ledger'
);
select results_eq(
    $$select initiator, correlation_id, details - 'steps' from bss.audit_log where action_type = 'shared.updated' and details ->> 'to' = '2'$$,
    $$values ('a person', 'r-2', '{"from": 1, "to": 2}'::jsonb)$$, 'apply_shared() records it'
);
select results_eq(
    'select code, name, sign, digits from bss_shared.currencies', $$values ('EUR', 'Euro', '€', 2::bigint)$$,
    'apply_shared() keeps the rows, and what is no longer declared'
);
select is(bss.apply_shared(pg_temp.document('v2')), 2, 'apply_shared() stays at the version when there is nothing to do');
select is_empty($$select from bss.plan_shared(pg_temp.document('v2'))$$, 'plan_shared() has no second plan');
select is_empty($$select from bss.plan_schema('acme', pg_temp.document('v1'))$$, 'a tenant stays at the document that it is at');
select results_eq(
    'select name, version from bss.shared_tables order by version', $$values ('currencies', 1), ('currencies', 2)$$,
    'shared_tables shows what may be declared'
);


-- documents may declare what it is, and what it has been

select is(bss.apply_schema('acme', pg_temp.document('v2')), 2, 'apply_schema() takes the new declaration');
select bss.provision_tenant('globex', pg_temp.document('v1')) as globex \gset
select bss.provision_tenant('initech', pg_temp.document('v2 of a tenant')) as initech \gset
select results_eq(
    'select tenant, version, shared_version from bss.shared_uses order by 1, 2',
    $$values ('acme', 1, 1), ('acme', 2, 2), ('globex', 1, 1), ('initech', 1, 2)$$, 'shared_uses shows who declares which'
);
select is(
    (select bss.apply_entity('globex', '{"title": "Note", "type": "object", "properties": {"text": {"type": "string"}}}')), 2,
    'apply_entity() goes on from a document that declares what was'
);
select is((select max(version) from bss.shared_versions), 2, 'none of this changes the shared tables');


-- records are validated by the table as it is

select results_eq(
    $$select pointer, keyword, schema_pointer from bss.validate('globex', 'Currency', '{"code": "XXX", "name": "A long name", "sign": "x"}') order by 1$$,
    $$values ('/name', 'maxLength', '/$defs/Currency/properties/name/maxLength'), ('/sign', 'additionalProperties', '/$defs/Currency/additionalProperties')$$,
    'validate() knows the shared table as it is, not as it was declared'
);
select is_empty(
    $$select from bss.validate('initech', 'Money', '{"code": "XXX", "name": "Any", "digits": 3}')$$,
    'validate() takes a record of a shared entity by any of its names'
);
select results_eq(
    $$select pointer, keyword from bss.validate('initech', 'Account', '{"account_id": 1, "money": 5}')$$,
    $$values ('/money', 'type')$$, 'validate() knows that a $ref to a shared entity is its key'
);
select results_eq(
    $$select entity, properties, pointer from bss.explain_violation('currencies_name_max_length_check', schema_name => 'bss_shared')$$,
    $$values ('Currency', '{name}'::text[], '/$defs/Currency/properties/name/maxLength')$$, 'explain_violation() explains the checks of a shared table'
);
select is(
    (select message from bss.explain_violation('accounts_money_id_fkey', schema_name => 'tenant_initech')),
    'property "money" should lead to a record of "Money"', 'explain_violation() names the shared entity that is referred to'
);


-- more than one document makes the shared tables

select is(bss.apply_shared(pg_temp.document('unit')), 3, 'apply_shared() adds a table and leaves the others');
select tables_are('bss_shared', array['currencies', 'units'], 'apply_shared() has added a table');
select is(bss.apply_shared(pg_temp.document('v1')), 4, 'apply_shared() goes back to what was');
select is_empty(
    $$select from bss.validate('initech', 'Money', '{"code": "XXX", "name": "A long name", "sign": "x"}')$$,
    'validate() knows the document that was applied last'
);

select * from finish();
rollback;
