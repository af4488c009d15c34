begin;
set local search_path = tap, public;
select plan(15);

create temp table document (name text, body json);
insert into document values
    ('good', '{"title": "Customer", "type": "object", "properties": {"name": {"type": "string"}}}'),
    ('odd', '{"title": "Customer", "type": "object",
              "properties": {"name": {"type": "string", "minimum": 1}}}'),
    ('ten faults', '{
        "titel": "Ten", "title": "Ten", "type": "object",
        "properties": {
            "a": {"type": "strong"}, "b": {"type": "string", "format": "emial"}, "ctid": {"type": "string"},
            "c": {"$ref": "#/$defs/None"}, "d": {"type": "string", "pattern": "(a)\\1"},
            "e": {"type": "integer", "enum": ["one"]}, "f": {"type": "integer", "default": "x"},
            "a b": {"type": "string"}, "a-b": {"type": "string"}
        },
        "required": ["nothing"]
    }');
grant select on document to public;
create temp table before as table facts;


select is_empty(
    $$select bss.check_schema(body) from document where name = 'good'$$,
    'check_schema() has nothing to say of a good document'
);
select results_eq(
    $$select f.severity, f.pointer, f.message
      from document, bss.check_schema(body) as f where name = 'odd'$$,
    $$values (
        'warning', '/properties/name/minimum',
        'keyword "minimum" says nothing about a value of type string'
    )$$,
    'check_schema() warns of a keyword that has no effect'
);
select results_eq(
    $$select f.code, f.pointer
      from document, bss.check_schema(body) as f
      where name = 'ten faults' order by f.pointer collate "C"$$,
    $$values
        ('SB102', '/properties/a-b'), ('SB010', '/properties/a/type'),
        ('SB104', '/properties/b/format'), ('SB014', '/properties/c/$ref'),
        ('SB103', '/properties/ctid'), ('SB109', '/properties/d/pattern'),
        ('SB110', '/properties/e/enum/0'), ('SB108', '/properties/f/default'),
        ('SB105', '/required/0'), ('SB011', '/titel')$$,
    'check_schema() finds ten faults at once, each with its code and its place'
);
select is_empty(
    $$select from document, bss.check_schema(body) as f
      where name = 'ten faults'
          and (f.severity <> 'error' or f.message = '' or coalesce(f.hint, '') = '')$$,
    'check_schema() gives every fault a message and a hint'
);
select is_empty('select bss.check_schema(null)', 'check_schema() has nothing to say of nothing');
select throws_ok(
    $$select bss.check_schema('{')$$, '22P02', 'invalid input syntax for type json',
    'check_schema() is not reached by text that is not JSON'
);
select results_eq(
    $$select code from bss.check_schema('{"a": 1, "a": 2}')$$, array['SB003'],
    'check_schema() sees a member that is given twice'
);
select results_eq(
    $$select code, pointer from bss.check_schema('{"a\u0000b": {"c": "\u0000", "c": 1}}')$$,
    $$values ('SB004', '')$$,
    'check_schema() reports a name that cannot be stored without repeating it'
);
select results_eq(
    $$select code, pointer from bss.check_schema('{"$defs": {
        "User": {"type": "object", "properties": {"user_id": {}}},
        "Users": {"type": "object", "properties": {"users_id": {}}},
        "Post": {"type": "object", "properties": {"id": {}, "author": {"$ref": "#/$defs/Users"}}}}}')$$,
    $$values ('SB102', '/$defs/Users')$$,
    'check_schema() reports two entities of one table, also where one is referred to'
);
select results_eq(
    format(
        $$select code, pointer from bss.check_schema(%L)$$,
        json_build_object(
            'title', 'Wide', 'type', 'object', 'properties', json_object_agg('c' || n, json '{}'),
            'x-bss', json_build_object(
                'primaryKey', json_agg('c' || n), 'unique', json_build_array(json_agg('c' || -n + 34))
            )
        )
    ),
    $$values ('SB107', '/x-bss/primaryKey'), ('SB107', '/x-bss/unique/0')$$,
    'check_schema() knows how many columns a key can have'
)
from generate_series(1, 33) as n;
select results_eq(
    $$select code from bss.check_schema('{"title": "Big", "type": "object",
        "properties": {"a": {"type": "number", "const": 1e300, "multipleOf": 0.1}}}')$$,
    array[]::text[], 'check_schema() computes with numbers of any size'
);
select results_eq('table facts', 'table before', 'check_schema() changes nothing');


-- who may ask

create role gateway login;
create role tenant login;
create role analyst login;
grant bss_app to gateway;
grant bss_tenant to tenant;
grant bss_analytics to analyst;

set session authorization gateway;
select is_empty(
    $$select bss.check_schema(body) from document where name = 'good'$$, 'check_schema() answers gateways'
);
set session authorization tenant;
select is_empty(
    $$select bss.check_schema(body) from document where name = 'good'$$, 'check_schema() answers tenants'
);
set session authorization analyst;
select throws_ok(
    $$select bss.check_schema(body) from document where name = 'good'$$, '42501',
    'permission denied for function check_schema', 'check_schema() does not answer analytics'
);
reset session authorization;

select * from finish();
rollback;
