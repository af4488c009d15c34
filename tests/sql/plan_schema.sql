begin;
set local search_path = tap, public;
select plan(18);

create temp table document (name text, body json);
insert into document values
    ('v1', '{"title": "Customer", "type": "object", "properties": {
        "name": {"type": "string"}, "phone": {"type": "string"}}}'),
    ('v2', '{"title": "Customer", "type": "object", "required": ["email"], "properties": {
        "name": {"type": "string", "maxLength": 5}, "email": {"type": "string"}}}'),
    ('other type', '{"title": "Customer", "type": "object", "properties": {"name": {"type": "string", "contentEncoding": "base64"}}}'),
    ('bad', '{"title": "Customer", "type": "object", "properties": {"name": {"type": "strong"}}}');
grant select on document to public;
select bss.provision_tenant('empty') as made \gset
select bss.provision_tenant('acme', body) as acme from document where name = 'v1' \gset
insert into tenant_acme.customers (name) select n::text from generate_series(1, 1000) as n;
analyze tenant_acme.customers;
create temp table before as table facts;


select results_eq(
    $$select p.step, p.kind, p.relation
      from document, bss.plan_schema('empty', body) as p where name = 'v1' order by p.step limit 2$$,
    $$values (1, 'create_table', 'customers'), (2, 'create_table', 'customers')$$,
    'plan_schema() begins with the table'
);
select is_empty(
    $$select from document, bss.plan_schema('empty', body) as p
      where name = 'v1' and p.statement !~ 'tenant_empty\.customers'$$,
    'plan_schema() shows statements as they would be executed'
);
select results_eq(
    $$select p.step, p.kind, p.lock, p.blocks, p.scans, p.rewrites, p.estimated_rows, p.reversible, p.hazards
      from document, bss.plan_schema('acme', body) as p where name = 'v2' order by p.step$$,
    $$values
        (1, 'add_column', 'ACCESS EXCLUSIVE', '{reads,writes}'::text[], false, false, 1000::bigint, true,
         '{may_fail_on_data}'::text[]),
        (2, 'deprecate_column', 'SHARE UPDATE EXCLUSIVE', '{}', false, false, 1000, true, '{}'),
        (3, 'add_check', 'ACCESS EXCLUSIVE', '{reads,writes}', true, false, 1000, true,
         '{blocks_reads,blocks_writes,may_fail_on_data}')$$,
    'plan_schema() says what each step locks, blocks, scans and risks'
);
select results_eq(
    $$select p.step, p.reason from document, bss.plan_schema('acme', body) as p where name = 'v2' order by p.step$$,
    $$values
        (1, 'there must be a value, and the document has none for the rows that are there'),
        (2, 'it is what people and tools are told of it'),
        (3, format('every row is read once, to prove that it satisfies the rule; the table has %s, '
            'and a large one at least 64 MB', pg_size_pretty(pg_table_size('tenant_acme.customers'))))$$,
    'plan_schema() says why each step has its form'
);
select ok(
    (
        select bool_and(p.estimated_bytes = pg_table_size('tenant_acme.customers'))
        from document, bss.plan_schema('acme', body) as p where name = 'v2'
    ),
    'plan_schema() says how many bytes a table has'
);
select is_empty(
    $$select from document, bss.plan_schema('acme', body) as p where name = 'v1'$$,
    'plan_schema() has no steps for the document in force'
);
select isnt_empty(
    format(
        $$select from document, bss.plan_schema(%L, body) as p where name = 'v2'$$, :'acme'
    ),
    'plan_schema() takes the uuid of a tenant as well'
);
select throws_ok(
    $$select bss.plan_schema('acme', body) from document where name = 'bad'$$, 'SB010',
    'value of "type" should be one of array, boolean, integer, null, number, object, string, '
    'or an array of them',
    'plan_schema() refuses a faulty document'
);
select throws_ok(
    $$select bss.plan_schema('acme', body) from document where name = 'other type'$$, 'SB301',
    'changing "customers.name" is not supported yet',
    'plan_schema() refuses a change that cannot be made'
);
select throws_ok(
    $$select bss.plan_schema('nobody', body) from document where name = 'v1'$$, 'SB601',
    'tenant "nobody" does not exist', 'plan_schema() refuses a tenant that does not exist'
);
select throws_ok(
    $$select bss.plan_schema('acme', null)$$, 'SB010', 'document is missing',
    'plan_schema() refuses no document'
);
select results_eq('table facts', 'table before', 'plan_schema() changes nothing');

alter table tenant_acme.customers add column by_hand integer;
select throws_ok(
    $$select bss.plan_schema('acme', body) from document where name = 'v2'$$, 'SB401',
    'tables of tenant "acme" are not what its schema says', 'plan_schema() refuses to plan on drift'
);
alter table tenant_acme.customers drop column by_hand;
select isnt_empty(
    $$select bss.plan_schema('acme', body) from document where name = 'v2'$$,
    'plan_schema() goes on when the drift is gone'
);


-- who may ask

create role "Opera Tor" login;
create role gateway login;
grant bss_admin to "Opera Tor";
grant bss_app to gateway;
set session authorization "Opera Tor";
select isnt_empty(
    $$select bss.plan_schema('acme', body) from document where name = 'v2'$$, 'plan_schema() answers operators'
);
set session authorization gateway;
select throws_ok(
    $$select bss.plan_schema('acme', body) from document where name = 'v2'$$, '42501',
    'permission denied for function plan_schema', 'plan_schema() does not answer gateways'
);
reset session authorization;
grant execute on function bss.plan_schema(text, json) to gateway;
set session authorization gateway;
select throws_ok(
    $$select bss.plan_schema('acme', body) from document where name = 'v2'$$, 'SB505',
    'login may not operate tenants', 'plan_schema() refuses who is no operator, whatever was granted'
);
select throws_ok(
    $$select bss.plan_schema('nobody', body) from document where name = 'v2'$$, 'SB505',
    'login may not operate tenants', 'plan_schema() does not tell strangers which tenants exist'
);
reset session authorization;

select * from finish();
rollback;
