begin;
set local search_path = tap, public;
select plan(17);

create temp table document (body json);
insert into document values
    ('{"title": "Note", "type": "object", "properties": {"note_id": {"type": "integer"}, "body": {"type": "string"}}}');
select bss.provision_tenant('acme', body) from document \gset
create role gateway login;
grant bss_app to gateway;


select is_empty($$select * from bss.plan_repair('acme')$$, 'plan_repair() is empty where nothing was changed');
select is_empty($$select * from bss.repair('acme')$$, 'repair() leaves nothing where nothing was changed');
select is_empty(
    $$select * from bss.audit_log where action_type = 'schema.repaired'$$, 'repair() records nothing that it has not done'
);
insert into tenant_acme.notes (note_id, body) values (1, 'a');
alter table tenant_acme.notes drop column body, add column "by hand %s" date, disable row level security;
create policy open on tenant_acme.notes using (true);
create temp table before as table facts;
select results_eq(
    $$select step, kind, relation, object, statement, hazards from bss.plan_repair('acme')$$,
    $$values
        (1, 'protect_table', 'notes', null,
            'ALTER TABLE tenant_acme.notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', '{}'::text[]),
        (2, 'drop_policy', 'notes', null, 'DROP POLICY open ON tenant_acme.notes', '{}'),
        (3, 'add_column', 'notes', null, 'ALTER TABLE tenant_acme.notes ADD COLUMN body text', '{values_are_gone}'),
        (null, 'left', 'notes', 'by hand %s', null, null)$$,
    'plan_repair() lists the steps, then what they leave'
);
select results_eq(
    $$select reason, hint from bss.plan_repair('acme') where kind = 'left'$$,
    $$values ('It is in no document, and may hold data.',
        'Name "notes.by hand %s" in the argument drop, or put it into the document.')$$,
    'plan_repair() says why it leaves something, and what to do'
);
select throws_ok(
    $$select bss.repair('acme', '{notes.body}')$$, 'SB426', '"notes.body" is not to be dropped',
    'repair() refuses to drop what the model has'
);
select throws_ok(
    $$select bss.plan_repair('acme', '{notes}')$$, 'SB426', '"notes" is not to be dropped',
    'plan_repair() refuses it, too'
);
select results_eq(
    'table facts', 'table before', 'plan_repair() and repair() leave nothing of what they refuse'
);
select results_eq(
    $$select relation, object, reason from bss.repair('acme', initiator => 'a person', correlation_id => 'a request')$$,
    $$values ('notes', 'by hand %s', 'It is in no document, and may hold data.')$$,
    'repair() does what it may, and says what it leaves'
);
select results_eq(
    $$select initiator, correlation_id, details -> 'version', jsonb_array_length(details -> 'steps'), details #> '{left,0,object}'
      from bss.audit_log where action_type = 'schema.repaired'$$,
    $$values ('a person', 'a request', '1'::jsonb, 3, '"by hand %s"'::jsonb)$$,
    'repair() records its steps'
);
select is((select count(*) from tenant_acme.notes), 1::bigint, 'repair() keeps rows');
select is_empty(
    $$select * from bss.repair('acme', drop => array['notes.by hand %s'])$$, 'repair() drops what is named'
);
select is_empty($$select * from bss.drift('acme')$$, 'repair() leaves no drift');
select lives_ok($$select bss.apply_schema('acme', body) from document$$, 'apply_schema() goes on after a repair');

set session authorization gateway;
select throws_ok(
    $$select bss.repair('acme')$$, '42501', 'permission denied for function repair', 'repair() is not for gateways'
);
reset session authorization;
grant execute on function bss.repair(text, text[], text, text), bss.plan_repair(text, text[]) to gateway;
set session authorization gateway;
select throws_ok(
    $$select bss.repair('acme')$$, 'SB505', 'login may not operate tenants',
    'repair() refuses who is no operator, whatever was granted'
);
select throws_ok(
    $$select bss.plan_repair('acme')$$, 'SB505', 'login may not operate tenants',
    'plan_repair() refuses who is no operator, whatever was granted'
);
reset session authorization;

select * from finish();
rollback;
