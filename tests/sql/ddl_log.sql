begin;
set local search_path = tap, public;
select plan(28);

create temp table document (body json);
insert into document values
    ('{"title": "Log", "$defs": {"Visit": {"type": "object", "properties": {
        "visit_id": {"type": "integer"}, "n": {"type": "integer"}, "tags": {"type": "array", "uniqueItems": true},
        "created_at": {"type": "string", "format": "date-time"}},
        "x-bss": {"primaryKey": ["visit_id", "created_at"],
            "partitionBy": {"column": "created_at", "strategy": "range", "interval": "month"}}}}}');
create role "Mal lory" login;
create role operator login;
grant bss_admin to operator;
grant select on document to operator;
create function pg_temp.logged() returns table (entry text) language sql as $$
    with gone as (delete from bss_metadata.ddl_log returning *)
    select concat_ws(' ', command_tag, object_type, object_identity, case when is_drop then 'dropped' end,
        case when is_protected then 'protected' end)
    from gone order by occurred_at
$$;


-- what BSS does itself
select bss.provision_tenant('acme', body) from document \gset
insert into tenant_acme.visits (visit_id, created_at) values (1, '2001-01-01');
select bss.maintain_partitions() \g /dev/null
select bss.apply_schema('acme', replace(body::text, '"n"', '"m"')::json) from document \gset
select bss.apply_entity('acme', '{"title": "Note", "type": "object", "properties": {"note_id": {"type": "integer"}}}') \gset
set session authorization operator;
select bss.apply_schema('acme', body) from document \gset
select bss.provision_tenant('beta', body) from document \gset
select bss.deprovision_tenant('beta', '0') \g /dev/null
select bss.drop_tenant('beta', 'beta') \g /dev/null
select bss.drop_unused_checks() \g /dev/null
reset session authorization;
select is_empty('select pg_temp.logged()', 'ddl_log has nothing that BSS does');

-- what others do
alter table tenant_acme.notes add column x integer default 42;
select is(
    (select to_jsonb(l) - '{occurred_at,id}'::text[] from bss.ddl_log as l),
    jsonb_build_object(
        'tenant', 'acme', 'schema_name', 'tenant_acme', 'command_tag', 'ALTER TABLE', 'object_type', 'table',
        'object_identity', 'tenant_acme.notes', 'is_drop', false, 'is_protected', false,
        'session_user_name', session_user, 'current_user_name', current_user,
        'application_name', current_setting('application_name'), 'client_address', inet_client_addr(),
        'transaction_id', pg_current_xact_id(), 'tenant_id', (select id from bss.tenants where external_id = 'acme')
    ),
    'ddl_log has who, when and what'
);
select pg_temp.logged() \g /dev/null
create policy open on tenant_acme.notes using (true);
create index by_hand on tenant_acme.notes (x);
comment on column tenant_acme.notes.x is 'by hand';
alter policy open on tenant_acme.notes using (false);
create function tenant_acme.f() returns integer return 1;
create type tenant_acme.t as enum ('a');
select results_eq(
    'select pg_temp.logged()',
    array['CREATE POLICY policy open on tenant_acme.notes', 'CREATE INDEX index tenant_acme.by_hand',
        'COMMENT table column tenant_acme.notes.x', 'ALTER POLICY policy open on tenant_acme.notes',
        'CREATE FUNCTION function tenant_acme.f()', 'CREATE TYPE type tenant_acme.t'],
    'ddl_log has what is created and altered'
);
drop policy open on tenant_acme.notes;
alter table tenant_acme.notes drop column x;
drop function tenant_acme.f();
drop type tenant_acme.t;
select results_eq(
    'select pg_temp.logged()',
    array['DROP POLICY policy open on tenant_acme.notes dropped', 'ALTER TABLE table column tenant_acme.notes.x dropped',
        'ALTER TABLE table tenant_acme.notes', 'DROP FUNCTION function tenant_acme.f() dropped',
        'DROP TYPE type tenant_acme.t dropped'],
    'ddl_log has what is dropped, without what goes with it'
);
create table public.elsewhere (a integer);
create temp table mine (a integer);
drop table public.elsewhere, pg_temp.mine;
select is_empty('select pg_temp.logged()', 'ddl_log has nothing of other schemas');
create table bss_internal.by_hand (a integer);
create function bss_checks.by_hand() returns integer return 1;
create view bss.by_hand as select 1 as a;
create table bss_shared.by_hand (a integer);
drop table bss_internal.by_hand;
select results_eq(
    'select pg_temp.logged()',
    array['CREATE TABLE table bss_internal.by_hand', 'CREATE FUNCTION function bss_checks.by_hand()',
        'CREATE VIEW view bss.by_hand', 'CREATE TABLE table bss_shared.by_hand',
        'DROP TABLE table bss_internal.by_hand dropped'],
    'ddl_log has the schemas of BSS'
);

-- who is who
set role bss_owner;
create table tenant_acme.as_owner (a integer);
reset role;
select is(
    (select concat_ws(' ', current_user_name, is_protected) from bss.ddl_log), 'bss_owner t',
    'ddl_log tells who sets the role from BSS'
);
select pg_temp.logged() \g /dev/null
set role bss_owner;
set local backtrace_functions = 'own_ddl_of_bss';
drop table tenant_acme.as_owner;
reset backtrace_functions;
reset role;
select is_empty('select pg_temp.logged()', 'ddl_log leaves out what bears the mark of BSS');
grant create, usage on schema tenant_acme to "Mal lory";
set session authorization "Mal lory";
select throws_ok(
    $$set backtrace_functions = 'own_ddl_of_bss'$$, '42501', null, 'nobody else can set the mark'
);
create table tenant_acme.theirs (a integer);
drop table tenant_acme.theirs;
reset session authorization;
select results_eq(
    $$select session_user_name, current_user_name, is_drop from bss.ddl_log order by occurred_at$$,
    $$values ('Mal lory', 'Mal lory', false), ('Mal lory', 'Mal lory', true)$$,
    'ddl_log has those without a privilege on anything of BSS'
);
select pg_temp.logged() \g /dev/null
set session authorization "Mal lory";
select throws_ok(
    $$select bss_watch.record_commands('x')$$, '39P03',
    'pg_event_trigger_ddl_commands() can only be called in an event trigger function',
    'nobody can record what has not happened'
);
select throws_ok(
    $$select bss_watch.record_drops('x', 'y')$$, '39P03',
    'pg_event_trigger_dropped_objects() can only be called in a sql_drop event trigger function',
    'nor a drop'
);
select throws_ok($$select * from bss.ddl_log$$, '42501', null, 'ddl_log is not for everyone');
reset session authorization;

-- tables made by hand
alter default privileges in schema tenant_acme grant all on tables to public, bss_app;
create table tenant_acme.by_hand (a integer primary key);
create table tenant_acme.as_select as select 1 as a;
select 2 as a into tenant_acme.as_into;
create view tenant_acme.v as select 1 as a;
create table public.mover (a integer);
grant select on public.mover to public;
alter table public.mover set schema tenant_acme;
create table tenant_acme.parted (a integer) partition by list (a);
select results_eq(
    $$select relname::text collate "default", relrowsecurity and relforcerowsecurity,
        exists (select from aclexplode(relacl) as a where a.grantee <> relowner)
      from pg_class where relnamespace = 'tenant_acme'::regnamespace
          and relname in ('by_hand', 'as_select', 'as_into', 'mover', 'parted', 'v') order by relname$$,
    $$values ('as_into', true, false), ('as_select', true, false), ('by_hand', true, false), ('mover', true, false),
        ('parted', true, false), ('v', false, false)$$,
    'a table made by hand is protected at once'
);
select is(
    (select count(*) from bss.ddl_log where is_protected), 6::bigint, 'ddl_log says which tables were protected'
);
select set_eq(
    $$select entry from pg_temp.logged() as l (entry) where entry ~ 'protected'$$,
    array['CREATE TABLE table tenant_acme.by_hand protected', 'CREATE TABLE AS table tenant_acme.as_select protected',
        'SELECT INTO table tenant_acme.as_into protected', 'CREATE VIEW view tenant_acme.v protected',
        'ALTER TABLE table tenant_acme.mover protected', 'CREATE TABLE table tenant_acme.parted protected'],
    'ddl_log has nothing of what protects them'
);
create policy read on tenant_acme.by_hand for select using (true);
grant select on tenant_acme.by_hand to bss_app;
alter table tenant_acme.by_hand add column b integer;
select ok(
    has_table_privilege('bss_app', 'tenant_acme.by_hand', 'select'), 'a table made by hand can be opened on purpose'
);
alter table tenant_acme.notes disable row level security;
select is(
    (select relrowsecurity from pg_class where oid = 'tenant_acme.notes'::regclass), false,
    'a table of the model is left for bss.repair()'
);
select pg_temp.logged() \g /dev/null

-- refused
select throws_ok(
    $$select bss.set_setting('drift.foreign_ddl', '"forbid"')$$, 'SB605',
    'value of setting "drift.foreign_ddl" cannot be used', 'set_setting() takes no other word'
);
select lives_ok($$select bss.set_setting('drift.foreign_ddl', '"refuse"')$$, 'set_setting() takes a word');
create temp table before as table facts;
select throws_ok(
    $$alter table tenant_acme.notes add column x integer$$, 'SB425', 'schema "tenant_acme" is changed by BSS alone',
    'DDL by others can be refused'
);
select throws_ok(
    $$drop table tenant_acme.notes$$, 'SB425', 'schema "tenant_acme" is changed by BSS alone', 'so can a drop'
);
select throws_ok(
    $$drop schema tenant_acme cascade$$, 'SB425', 'schema "tenant_acme" is changed by BSS alone', 'so can a schema''s'
);
select throws_ok(
    $$drop function bss.drift(text)$$, 'SB425', 'schema "bss" is changed by BSS alone', 'so can what is of BSS'
);
select throws_ok(
    $$create table tenant_acme.x (a integer)$$, 'SB425', null, 'so can a new table'
);
select results_eq('table facts', 'table before', 'nothing is left of what is refused');
select lives_ok($$select bss.provision_tenant('gamma', body) from document$$, 'BSS is not refused');
select lives_ok($$create table public.elsewhere (a integer)$$, 'nor is anyone elsewhere');

-- and nothing is left open
set local backtrace_functions = 'own_ddl_of_bss';
alter default privileges in schema tenant_acme revoke all on tables from public, bss_app;
revoke all on schema tenant_acme from "Mal lory";
drop table bss_shared.by_hand, tenant_acme.as_select, tenant_acme.as_into, tenant_acme.mover, tenant_acme.parted;
drop function bss_checks.by_hand();
drop view bss.by_hand, tenant_acme.v;
select bss.repair('acme', '{by_hand}') \g /dev/null

select * from finish();
rollback;
