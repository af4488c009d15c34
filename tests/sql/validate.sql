begin;
set local search_path = tap, public;
select plan(14);

create temp table document (body json);
insert into document values ('{
    "$defs": {
        "Customer": {"type": "object", "required": ["name"], "properties": {
            "customer_id": {"type": "string", "format": "uuid"},
            "name": {"type": "string", "maxLength": 5},
            "address": {"type": "object", "properties": {"city": {"type": "string"}}}
        }},
        "Invoice": {"type": "object", "required": ["amount"], "properties": {
            "invoice_id": {"type": "string", "format": "uuid"},
            "customer": {"$ref": "#/$defs/Customer"},
            "amount": {"type": "number", "minimum": 0}
        }}
    }
}');
select bss.provision_tenant('acme', body) as acme, bss.provision_tenant('globex', body) as globex
from document \gset
create role "Opera Tor" login;
create role gateway login;
create role analyst login;
grant bss_admin to "Opera Tor";
grant bss_app to gateway;
grant bss_analytics to analyst;
create temp table before as table facts;


set session authorization "Opera Tor";
select is_empty(
    $$select bss.validate('acme', 'Customer', '{"name": "Ann"}')$$,
    'validate() has nothing to say of a record that can be stored'
);
select results_eq(
    $$select * from bss.validate('acme', 'Customer', '{"name": "Anneli", "address": {"city": 1}, "x": 0}')
      order by pointer$$,
    $$values
        ('/address/city', 'type', '/$defs/Customer/properties/address/properties/city/type',
         'value should be of type string'),
        ('/name', 'maxLength', '/$defs/Customer/properties/name/maxLength',
         'text should have at most 5 characters'),
        ('/x', 'additionalProperties', '/$defs/Customer/additionalProperties',
         'property is not declared, and has no column')$$,
    'validate() lists every violation of a record'
);
select results_eq(
    $$select * from bss.validate('acme', 'Customer', '{"customer_id": "nobody"}') order by pointer$$,
    $$values
        ('/customer_id', 'format', '/$defs/Customer/properties/customer_id/format',
         'text is not in the format "uuid"'),
        ('/name', 'required', '/$defs/Customer/required', 'property "name" is missing')$$,
    'validate() says which property is missing'
);
select is_empty(
    $$select bss.validate('acme', 'Invoice', '{
        "amount": 1, "customer": "00000000-0000-4000-8000-000000000001"
    }')$$,
    'validate() does not ask whether what is referred to exists'
);
select results_eq(
    $$select pointer, keyword, schema_pointer
      from bss.validate('acme', 'Invoice', '{"amount": 1, "customer": {"name": "Ann"}}')$$,
    $$values ('/customer', 'type', '/$defs/Customer/properties/customer_id/type')$$,
    'validate() wants the key of what is referred to'
);
select results_eq(
    $$select pointer, keyword, message from bss.validate('acme', 'Invoice', '[]')$$,
    $$values ('', 'type', 'record should be an object')$$, 'validate() wants an object'
);
select throws_ok(
    $$select bss.validate('acme', 'invoices', '{}')$$, 'SB801', 'entity "invoices" does not exist',
    'validate() knows entities by their own names'
);
select throws_ok(
    $$select bss.validate('nobody', 'Invoice', '{}')$$, 'SB601', 'tenant "nobody" does not exist',
    'validate() refuses a tenant that does not exist'
);
reset session authorization;
select results_eq('table facts', 'table before', 'validate() stores nothing');

set session authorization gateway;
select throws_ok(
    $$select bss.validate('acme', 'Invoice', '{}')$$, 'SB506',
    'transaction does not act for tenant "acme"', 'validate() wants a gateway to enter the tenant'
);
select bss.use_tenant('acme') as acme \gset
set local search_path = tap, public;
select isnt_empty(
    $$select bss.validate('acme', 'Invoice', '{}')$$,
    'validate() answers a gateway that has entered the tenant'
);
select throws_ok(
    $$select bss.validate('globex', 'Invoice', '{}')$$, 'SB506',
    'transaction does not act for tenant "globex"', 'validate() does not answer for another tenant'
);
select throws_ok(
    $$select bss.validate('nobody', 'Invoice', '{}')$$, 'SB506',
    'transaction does not act for tenant "nobody"', 'validate() does not tell which tenants there are'
);
set session authorization analyst;
select throws_ok(
    $$select bss.validate('acme', 'Invoice', '{}')$$, '42501',
    'permission denied for function validate', 'validate() is not for those who only read'
);
reset session authorization;

select * from finish();
rollback;
