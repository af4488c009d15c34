begin;
set local search_path = tap, public;
select plan(17);

create temp table document (name text, body json);
insert into document values
    ('bags', '{"title": "Bag", "type": "object", "properties": {
        "things": {"type": "array", "uniqueItems": true},
        "tree": {"$ref": "#/$defs/Tree"}
    }, "$defs": {"Tree": {
        "type": "object", "properties": {"children": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}}
    }}}'),
    ('plain', '{"title": "Bag", "type": "object", "properties": {"name": {"type": "string"}}}');
create temp view checks as
    select p.proname as name from pg_proc as p
    where p.pronamespace = 'bss_checks'::regnamespace and p.proname ~ '^v_';
create role gateway login;
grant bss_app to gateway;


-- what is refused, and that nothing is left of it

select bss.provision_tenant(name, body)
from (values ('acme'), ('globex')) as t (name), (select body from document where name = 'bags') as d (body)
\g /dev/null
create temp table before as table checks;
create temp table facts_before as table facts;
set session authorization gateway;
select throws_ok(
    'select bss.drop_unused_checks()', '42501', 'permission denied for function drop_unused_checks',
    'drop_unused_checks() is not for gateways'
);
reset session authorization;
grant execute on function bss.drop_unused_checks(text, text) to gateway;
set session authorization gateway;
select throws_ok(
    'select bss.drop_unused_checks()', 'SB505', 'login may not operate tenants',
    'drop_unused_checks() refuses who is no operator, whatever was granted'
);
reset session authorization;
select results_eq('table facts', 'table facts_before', 'drop_unused_checks() leaves nothing of what it refuses');


-- functions are there once, whoever uses them, and as long as somebody does

select is((select count(*) from checks), 3::bigint, 'bss_checks has one copy of what two tenants use');
select is(bss.drop_unused_checks(), 0, 'drop_unused_checks() finds nothing that is not used');
select results_eq(
    'table checks order by 1', 'table before order by 1',
    'drop_unused_checks() keeps what constraints call, and what that calls'
);
select is(
    (select count(*) from bss.audit_log where action_type = 'checks.dropped'), 0::bigint,
    'drop_unused_checks() records nothing where it did nothing'
);
select bss.apply_schema('acme', body) from document where name = 'plain' \g /dev/null
select is(bss.drop_unused_checks(), 0, 'drop_unused_checks() keeps what another tenant uses');
select bss.apply_schema('globex', body) from document where name = 'plain' \g /dev/null
select results_eq(
    'table checks order by 1', 'table before order by 1', 'apply_schema() leaves functions that it uses no more'
);
select is(bss.drop_unused_checks('a person'), 3, 'drop_unused_checks() gives the number of what it dropped');
select is_empty('table checks', 'drop_unused_checks() drops what nobody uses');
select results_eq(
    $$select initiator, tenant, jsonb_array_length(details -> 'functions') from bss.audit_log
      where action_type = 'checks.dropped'$$,
    $$values ('a person', null::text, 3)$$, 'drop_unused_checks() records it'
);


-- what was dropped comes back with the document

select is(
    (select bss.apply_schema('acme', body) from document where name = 'bags'), 3,
    'apply_schema() goes back to a document whose functions were dropped'
);
select results_eq(
    'table checks order by 1', 'table before order by 1', 'apply_schema() creates what the document takes'
);


-- a tenant takes along what it alone used

select bss.deprovision_tenant('acme', '0'), bss.drop_tenant('acme', 'acme', 'a person') \g /dev/null
select is_empty('table checks', 'drop_tenant() drops the functions that only the tenant used');


-- what is not a check is nobody's to drop

create function bss_checks.another(v jsonb) returns boolean language sql as 'select true';
revoke execute on function bss_checks.another(jsonb) from public;
select is(bss.drop_unused_checks(), 0, 'drop_unused_checks() looks at functions of ours alone');
select lives_ok('select bss.drop_unused_checks()', 'drop_unused_checks() may be called again');

select * from finish();
rollback;
