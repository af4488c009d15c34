begin;
set local search_path = tap, public;
select plan(10);

create temp table document (body json);
insert into document values
    ('{"title": "Note", "type": "object", "properties": {"note_id": {"type": "integer"}, "body": {"type": "string"}}}');
select bss.provision_tenant(name, body) from document, unnest('{acme,beta,gone}'::text[]) as name \g /dev/null
create temp view entries as
select tenant, initiator, correlation_id, details from bss.audit_log where action_type = 'schema.drift';


select is_empty($$select * from bss.drift_all()$$, 'drift_all() finds nothing where nothing was changed');
alter table tenant_acme.notes add column by_hand integer;
alter table tenant_beta.notes disable row level security;
drop table tenant_gone.notes;
select results_eq(
    $$select tenant, relation, object, kind from bss.drift_all('a person', 'a request')$$,
    $$values ('acme', 'notes', 'by_hand', 'column'), ('beta', 'notes', 'notes', 'table'), ('gone', 'notes', 'notes', 'table')$$,
    'drift_all() finds what has drifted in every tenant'
);
select results_eq(
    $$select tenant, initiator, correlation_id, details #>> '{findings,0,object}' from entries order by tenant$$,
    $$values ('acme', 'a person', 'a request', 'by_hand'), ('beta', 'a person', 'a request', 'notes'), ('gone', 'a person', 'a request', 'notes')$$,
    'drift_all() records what it finds'
);
select isnt_empty($$select * from bss.drift_all()$$, 'drift_all() finds it again');
select is((select count(*) from entries), 3::bigint, 'drift_all() records what it has found before no more');
create index by_hand on tenant_acme.notes (body);
alter table tenant_acme.notes alter column by_hand type bigint;
select bss.drift_all() \g /dev/null
select is(
    (select jsonb_path_query_array(details, '$.findings[*].kind') from entries where tenant = 'acme' and details @? '$.findings[1]'),
    '["column", "index"]'::jsonb, 'drift_all() records what is new, or other than it was'
);
select bss.repair('beta') \g /dev/null
alter table tenant_acme.notes drop column by_hand;
select results_eq(
    $$select tenant, object from bss.drift_all()$$, $$values ('acme', 'by_hand'), ('gone', 'notes')$$,
    'drift_all() forgets what is no more'
);
select is((select count(*) from entries), 4::bigint, 'drift_all() records nothing of that');
select bss.deprovision_tenant('gone', '0') \g /dev/null
select bss.drop_tenant('gone', 'gone') \g /dev/null
select results_eq(
    $$select tenant, object from bss.drift_all()$$, $$values ('acme', 'by_hand')$$,
    'drift_all() leaves tenants out that have been dropped'
);
create role monitor login;
grant bss_monitor to monitor;
set session authorization monitor;
select results_eq(
    $$select tenant, object from bss.drift_findings$$, $$values ('acme', 'by_hand')$$,
    'drift_findings shows monitoring what there is'
);
reset session authorization;

select * from finish();
rollback;
