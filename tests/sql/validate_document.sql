begin;
set local search_path = tap, public;
select plan(14);

create role "Opera Tor" login;
create role gateway login;
create role outsider login;
grant bss_admin to "Opera Tor";
grant bss_app to gateway;


select is_empty(
    $$select bss.validate_document('{"type": "integer"}', '1.0')$$,
    'validate_document() has nothing to say of a valid value'
);
select results_eq(
    $$select * from bss.validate_document(
        '{"type": "object", "required": ["a"], "properties": {
            "b/c": {"type": "array", "uniqueItems": true, "items": {"pattern": "^[a-z]+$"}}
        }, "additionalProperties": false}',
        '{"b/c": ["x", "Y", "x"], "d": 1}'
    )$$,
    $$values
        ('/a', 'required', '/required', 'property "a" is missing'),
        ('/b~1c/2', 'uniqueItems', '/properties/b~1c/uniqueItems', 'element repeats an earlier one'),
        ('/b~1c/1', 'pattern', '/properties/b~1c/items/pattern', 'text does not match the pattern'),
        ('/d', 'additionalProperties', '/additionalProperties', 'no value is allowed here')$$,
    'validate_document() lists every violation with its place in value and schema'
);
select results_eq(
    $$select pointer, keyword from bss.validate_document(
        '{"type": "string", "format": "date"}', '"2023-02-30"'
    )$$,
    $$values ('', 'format')$$, 'validate_document() asserts formats'
);
select results_eq(
    $$select pointer, keyword from bss.validate_document(
        '{"items": {"format": "regex"}, "contains": {"format": "idn-hostname"}}',
        '["a|b", "(a|b", 1, "実例.jp"]'
    )$$,
    $$values ('/1', 'format')$$, 'validate_document() asks functions about formats'
);
select results_eq(
    $$select pointer, keyword from bss.validate_document(
        '{"anyOf": [{"type": "integer"}, {"type": "object", "required": ["a"]}]}', '{}'
    )$$,
    $$values ('', 'anyOf'), ('/a', 'required')$$,
    'validate_document() looks into the one schema that can be meant'
);
select results_eq(
    $$select pointer, keyword from bss.validate_document('{"uniqueItems": true}', '[1, 1.0, true]')$$,
    $$values ('/1', 'uniqueItems')$$, 'validate_document() compares as JSON Schema does'
);
select results_eq(
    $$select pointer, keyword from bss.validate_document(
        '{"multipleOf": 0.1, "maximum": 1e30}', '123456789012345678901234567890.05'
    )$$,
    $$values ('', 'multipleOf')$$, 'validate_document() computes with all digits'
);
select results_eq(
    $$select pointer, keyword, schema_pointer from bss.validate_document(
        '{"patternProperties": {"^a": {"type": "integer"}}, "unevaluatedProperties": false,
          "if": {"properties": {"k": {"pattern": "^x"}}, "required": ["k"]},
          "then": {"properties": {"k": true, "x": {"minLength": 2}}}}',
        '{"a1": "no", "k": "xy", "x": "1", "z": 0}'
    )$$,
    $$values
        ('/a1', 'type', '/patternProperties/^a/type'),
        ('/z', 'unevaluatedProperties', '/unevaluatedProperties'),
        ('/x', 'minLength', '/then/properties/x/minLength')$$,
    'validate_document() asks the server what patterns match, wherever that leads'
);

select throws_ok(
    $$select bss.validate_document('{"minimun": 1}', '1')$$, 'SB011', 'keyword "minimun" is not known',
    'validate_document() ignores no keyword'
);
select throws_ok(
    $$select bss.validate_document('{"$ref": "https://example.com/x"}', '1')$$, 'SB014',
    'reference "https://example.com/x" leads to no schema', 'validate_document() fetches nothing'
);
select throws_ok(
    $$select bss.validate_document('{"pattern": "(a)\\1"}', '1')$$, 'SB109',
    'pattern has no equivalent in the server''s regular expressions',
    'validate_document() refuses a pattern even where no value meets it'
);
select throws_ok(
    $$select bss.validate_document('true', (repeat('[', 70) || repeat(']', 70))::jsonb)$$, 'SB802',
    'value is too large to be validated', 'validate_document() bounds what it looks at'
);
set session authorization gateway;
select lives_ok(
    $$select bss.validate_document('true', 'null')$$, 'validate_document() answers gateways'
);
set session authorization outsider;
select throws_ok(
    $$select bss.validate_document('true', 'null')$$, '42501', 'permission denied for schema bss',
    'validate_document() does not answer everyone'
);
reset session authorization;

select * from finish();
rollback;
