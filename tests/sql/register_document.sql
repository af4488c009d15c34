begin;
set local search_path = tap, public;
select plan(15);

create role "Opera Tor" login;
create role gateway login;
grant bss_admin to "Opera Tor";
grant bss_app to gateway;
set session authorization "Opera Tor";


select lives_ok(
    $$select bss.register_document(
        'https://example.com/money#', '{"type": "object", "properties": {
            "amount": {"type": "number", "minimum": 0}, "currency": {"$ref": "currency"}}}'
    )$$,
    'register_document() takes a document'
);
select lives_ok(
    $$select bss.register_document('https://example.com/currency', '{"pattern": "^[A-Z]{3}$"}')$$,
    'register_document() takes what another document refers to after it'
);
select results_eq(
    'select uri, refers_to from bss.registered_documents order by uri',
    $$values
        ('https://example.com/currency', '{}'::text[]),
        ('https://example.com/money', '{https://example.com/currency}')$$,
    'register_document() notes what a document refers to'
);
select results_eq(
    $$select schema_pointer from bss.validate_document(
        '{"$ref": "https://example.com/money"}', '{"amount": -1, "currency": "eur"}'
    )$$,
    $$values ('https://example.com/money#/properties/amount/minimum'),
        ('https://example.com/currency#/pattern')$$,
    'register_document() lets a $ref lead there, and further'
);
select lives_ok(
    $$select bss.provision_tenant('acme', '{"title": "Price", "type": "object",
        "properties": {"of": {"$ref": "https://example.com/money"}}}')$$,
    'register_document() lets a tenant''s document refer to it'
);
select results_eq(
    $$select pointer from bss.validate('acme', 'Price', '{"of": {"amount": -1}}')$$,
    $$values ('/of/amount')$$, 'register_document() lets records be validated by it'
);

select lives_ok(
    $$select bss.register_document('https://example.com/currency', '{ "pattern" : "^[A-Z]{3}$" }')$$,
    'register_document() takes the same content again'
);
select throws_ok(
    $$select bss.register_document('https://example.com/currency', '{}')$$, 'SB612',
    'document "https://example.com/currency" is registered with another content',
    'register_document() does not change a document'
);
select throws_ok(
    format('select bss.register_document(%L, %L)', uri, '{}'), 'SB611',
    'document cannot be registered by that URI', format('register_document() refuses the URI %L', uri)
)
from unnest(array['money', 'https://example.com/a#b', 'urn:ü', null]) as uri;
select throws_ok(
    $$select bss.register_document('urn:x', '{"properties": {"a": {"minimum": "0"}}}')$$, 'SB010',
    'value of "minimum" should be a number', 'register_document() refuses a document with faults'
);

set session authorization gateway;
select throws_ok(
    $$select bss.register_document('urn:x', '{}')$$, '42501',
    'permission denied for function register_document', 'register_document() is for operators'
);
select isnt_empty(
    'select from bss.registered_documents', 'register_document() lets everyone read'
);
reset session authorization;

select * from finish();
rollback;
