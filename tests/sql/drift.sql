begin;
set local search_path = tap, public;
select plan(12);

create temp table document (body json);
insert into document values
    ('{"title": "Note", "type": "object", "properties": {"note_id": {"type": "integer"}, "body": {"type": "string"}}}');
select bss.provision_tenant('acme', body) from document \gset
select bss.provision_tenant('bare') \gset
create role gateway login;
grant bss_app to gateway;


select is_empty($$select * from bss.drift('acme')$$, 'drift() finds nothing where nothing was changed');
select is_empty($$select * from bss.drift('bare')$$, 'drift() finds nothing of a tenant without a document');
create temp table before as table facts;

alter table tenant_acme.notes drop column body, add column by_hand integer, alter updated_at set default '2001-01-01';
create function tenant_acme.f() returns integer return 1;
create view tenant_acme.v as select 1 as a;
alter view tenant_acme.v owner to bss_owner;
grant truncate on tenant_acme.notes to bss_app;
alter table tenant_acme.notes set unlogged;
select results_eq(
    $$select relation, object, kind, found, meant from bss.drift('acme') order by kind, relation, object$$,
    $$values
        ('notes'::text, 'body'::text, 'column'::text, null::jsonb,
            '{"name": "body", "type": "text", "pointer": "/properties/body", "property": "body"}'::jsonb),
        ('notes', 'by_hand', 'column', '{"name": "by_hand", "type": "integer"}', null),
        ('notes', 'updated_at', 'column', '{"default": "''2001-01-01 00:00:00+00''::timestamp with time zone"}', '{"default": "now()"}'),
        ('notes', 'notes', 'flaw', '{"flaw": "unlogged"}', null),
        ('function tenant_acme.f()', 'function tenant_acme.f()', 'object', '{"name": "function tenant_acme.f()"}', null),
        ('notes', 'bss_app', 'privileges',
            '{"privileges": ["DELETE", "INSERT", "SELECT", "TRUNCATE", "UPDATE"]}',
            '{"privileges": ["DELETE", "INSERT", "SELECT", "UPDATE"]}'),
        ('v (view)', 'v (view)', 'table',
            '{"name": "v (view)", "columns": [{"name": "a", "type": "integer"}], "row_security": false}', null)$$,
    'drift() tells what is found from what is meant, one row for each part'
);
create table tenant_bare.by_hand (a integer);
select results_eq(
    $$select relation from bss.drift('bare')$$, array['by_hand'],
    'drift() finds what is in the schema of a tenant without a document'
);
drop schema tenant_bare cascade;
select results_eq(
    $$select relation from bss.drift('bare')$$, array['schema tenant_bare (missing)'],
    'drift() finds that a schema is missing'
);
select throws_like(
    $$select bss.apply_schema('acme', body) from document$$, '%are not what its schema says',
    'apply_schema() refuses what has drifted'
);
select throws_ok(
    $$select bss.drift('nobody')$$, 'SB601', 'tenant "nobody" does not exist',
    'drift() refuses a tenant that does not exist'
);
set session authorization gateway;
select throws_ok(
    $$select bss.drift('acme')$$, '42501', 'permission denied for function drift', 'drift() is not for gateways'
);
select throws_ok(
    $$select bss.drift_all()$$, '42501', 'permission denied for function drift_all', 'drift_all() is not for gateways'
);
reset session authorization;
grant execute on function bss.drift(text), bss.drift_all(text, text) to gateway;
set session authorization gateway;
select throws_ok(
    $$select bss.drift('acme')$$, 'SB505', 'login may not operate tenants',
    'drift() refuses who is no operator, whatever was granted'
);
select throws_ok(
    $$select bss.drift_all()$$, 'SB505', 'login may not operate tenants',
    'drift_all() refuses who is no operator, whatever was granted'
);
reset session authorization;
select results_eq(
    'select tenants, versions, entries, plans from facts', 'select tenants, versions, entries, plans from before',
    'drift() records nothing'
);

select bss.repair('acme', '{notes.by_hand,function tenant_acme.f(),v (view)}') \g /dev/null

select * from finish();
rollback;
