begin;
set local search_path = tap, public;
select plan(85);

create temp table document (name text, body json);
insert into document values
    ('v1', '{"title": "Customer", "type": "object", "required": ["name"], "properties": {
        "name": {"type": "string"}, "phone": {"type": "string", "pattern": "^[0-9]+$"},
        "level": {"type": "integer"}}}'),
    ('v1 with a space', '{"title": "Customer",  "type": "object", "required": ["name"], "properties": {
        "name": {"type": "string"}, "phone": {"type": "string", "pattern": "^[0-9]+$"},
        "level": {"type": "integer"}}}'),
    ('v2', '{"title": "Customer", "type": "object", "required": ["name", "stars"], "properties": {
        "name": {"type": "string"}, "stars": {"type": "integer", "minimum": 0, "default": 3}}}'),
    ('phone required', '{"title": "Customer", "type": "object", "required": ["name", "phone"], "properties": {
        "name": {"type": "string"}, "phone": {"type": "string", "pattern": "^[0-9]+$"},
        "level": {"type": "integer"}}}'),
    ('phone with default', '{"title": "Customer", "type": "object", "required": ["name", "phone"], "properties": {
        "name": {"type": "string"}, "phone": {"type": "string", "pattern": "^[0-9]+$", "default": "110"},
        "level": {"type": "integer"}}}'),
    ('short names', '{"title": "Customer", "type": "object", "required": ["name"], "properties": {
        "name": {"type": "string", "maxLength": 1}, "phone": {"type": "string", "pattern": "^[0-9]+$"},
        "level": {"type": "integer"}}}'),
    ('unique', '{"title": "Customer", "type": "object", "required": ["name"], "properties": {
        "name": {"type": "string"}, "phone": {"type": "string", "pattern": "^[0-9]+$"},
        "level": {"type": "integer", "x-bss": {"unique": true}}}}'),
    ('new required', '{"title": "Customer", "type": "object", "required": ["name", "email"], "properties": {
        "name": {"type": "string"}, "phone": {"type": "string", "pattern": "^[0-9]+$"},
        "level": {"type": "integer"}, "email": {"type": "string"}}}'),
    ('level as bytes', '{"title": "Customer", "type": "object", "required": ["name"], "properties": {
        "name": {"type": "string"}, "phone": {"type": "string", "pattern": "^[0-9]+$"},
        "level": {"type": "string", "contentEncoding": "base64"}}}'),
    ('other entity', '{"title": "Order", "type": "object", "properties": {"note": {"type": "string"}}}'),
    ('bad', '{"title": "Customer", "type": "object", "properties": {"name": {"type": "strong"}}}');
grant select on document to public;
select bss.provision_tenant('acme') as acme \gset


-- versions

select is(
    (select bss.apply_schema('acme', body, 'a person', 'r-1') from document where name = 'v1'), 1,
    'apply_schema() gives version 1 to the first document'
);
select columns_are(
    'tenant_acme', 'customers',
    array['tenant_id', 'customer_id', 'name', 'phone', 'level', 'created_at', 'updated_at'],
    'apply_schema() makes the columns'
);
select table_owner_is('tenant_acme', 'customers', 'bss_owner', 'apply_schema() leaves tables to bss_owner');
select ok(
    relrowsecurity and relforcerowsecurity, 'apply_schema() forces row-level security on everybody'
)
from pg_class where oid = 'tenant_acme.customers'::regclass;
select policies_are(
    'tenant_acme', 'customers', array['analytics_read', 'operator_all', 'tenant_isolation'],
    'apply_schema() makes the policies'
);
select table_privs_are(
    'tenant_acme', 'customers', 'bss_app', array['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
    'apply_schema() lets gateways write rows'
);
select table_privs_are(
    'tenant_acme', 'customers', 'bss_analytics', array['SELECT'], 'apply_schema() lets analytics read'
);
select results_eq(
    $$select version, initiator, correlation_id, steps > 0, length(fingerprint)
      from bss.schema_versions where tenant = 'acme'$$,
    $$values (1, 'a person', 'r-1', true, 64)$$,
    'apply_schema() enters the version into the ledger'
);
select is(
    (select json_agg(position order by position)::text from bss_metadata.schema_migrations),
    (select json_agg(n order by n)::text from generate_series(
        1, (select count(*) from bss_metadata.schema_migrations)) as n),
    'apply_schema() enters every step, in order'
);
select results_eq(
    $$select action_type, initiator, correlation_id, details - 'steps' from bss.audit_log
      where tenant = 'acme' order by action_timestamp desc limit 1$$,
    $$values ('schema.updated', 'a person', 'r-1', '{"from": null, "to": 1}'::jsonb)$$,
    'apply_schema() enters the version into the audit log'
);
insert into tenant_acme.customers (name, phone, level) values ('Ann', '123', 1), ('Bob', null, 1);

create temp table before as table facts;
select is(
    (select bss.apply_schema('acme', body) from document where name = 'v1'), 1,
    'apply_schema() stays at the version when the document is the same'
);
select results_eq('table facts', 'table before', 'apply_schema() does nothing the second time');
select is(
    (select bss.apply_schema('acme', body) from document where name = 'v1 with a space'), 2,
    'apply_schema() keeps another text of the same model as a version'
);
select is(
    (select steps from bss.schema_versions where version = 2), 0::bigint,
    'apply_schema() needs no steps for another text'
);


-- what is refused, and that nothing is left of it

select bss.apply_schema('acme', body) as three from document where name = 'v1' \gset
drop table before;
create temp table before as table facts;

select throws_ok(
    $$select bss.apply_schema('acme', body) from document where name = 'bad'$$, 'SB010',
    'value of "type" should be one of array, boolean, integer, null, number, object, string, '
    'or an array of them',
    'apply_schema() refuses a faulty document'
);
select throws_ok(
    $$select bss.apply_schema('acme', null)$$, 'SB010', 'document is missing',
    'apply_schema() refuses no document'
);
select throws_ok(
    $$select bss.apply_schema('nobody', body) from document where name = 'v1'$$, 'SB601',
    'tenant "nobody" does not exist', 'apply_schema() refuses a tenant that does not exist'
);
select throws_ok(
    $$select bss.apply_schema(null, body) from document where name = 'v1'$$, 'SB601',
    'tenant "" does not exist', 'apply_schema() refuses no tenant'
);
select throws_ok(
    $$select bss.apply_schema('acme', body) from document where name = 'level as bytes'$$, 'SB301',
    'changing "customers.level" is not supported yet', 'apply_schema() refuses another type'
);
select throws_ok(
    format($$select bss.apply_schema('acme', body) from document where name = %L$$, n), 'SB402',
    'rows of table "customers" do not fit the new schema', format('apply_schema() refuses rows: %s', n)
)
from unnest(array['phone required', 'short names', 'unique', 'new required']) as n;
select results_eq('table facts', 'table before', 'apply_schema() leaves nothing of what it refuses');
select results_eq(
    'select name, phone, level from tenant_acme.customers order by name',
    $$values ('Ann', '123', 1::bigint), ('Bob', null, 1)$$,
    'apply_schema() leaves the rows as they were when it refuses'
);
select is(
    current_setting('lock_timeout'), '0', 'apply_schema() leaves lock_timeout as it was when it refuses'
);


-- what goes, and what comes back

set local lock_timeout = '7s';
select is(
    (select bss.apply_schema('acme', body) from document where name = 'v2'), 4,
    'apply_schema() takes the tenant to the next version'
);
select is(current_setting('lock_timeout'), '7s', 'apply_schema() leaves lock_timeout as it was');
select results_eq(
    'select name, phone, level, stars from tenant_acme.customers order by name',
    $$values ('Ann', '123', 1::bigint, 3::bigint), ('Bob', null, 1, 3)$$,
    'apply_schema() keeps the values of columns that went, and gives new ones their default'
);
select matches(
    col_description('tenant_acme.customers'::regclass, a.attnum), '^\[no longer in the schema\]',
    format('apply_schema() marks column %s as deprecated', a.attname)
)
from pg_attribute as a
where a.attrelid = 'tenant_acme.customers'::regclass and a.attname in ('phone', 'level');
insert into tenant_acme.customers (name, phone) values ('Cid', 'not a number');
select pass('apply_schema() lifts the checks of columns that went');
select throws_ok(
    $$select bss.apply_schema('acme', body) from document where name = 'v1'$$, 'SB402',
    'rows of table "customers" do not fit the new schema',
    'apply_schema() proves the checks of a column that comes back'
);
select throws_ok(
    $$select bss.apply_schema('acme', body) from document where name = 'phone required'$$, 'SB402',
    'rows of table "customers" do not fit the new schema',
    'apply_schema() refuses to require a column that comes back with nulls'
);
delete from tenant_acme.customers where name = 'Cid';
select is(
    (select bss.apply_schema('acme', body) from document where name = 'phone with default'), 5,
    'apply_schema() requires a column that comes back with a default'
);
select results_eq(
    'select name, phone from tenant_acme.customers order by name',
    $$values ('Ann', '123'), ('Bob', '110')$$,
    'apply_schema() fills only the nulls of a column that comes back'
);
select col_not_null('tenant_acme', 'customers', 'phone', 'apply_schema() makes the column not null');
select is(
    (select col_description('tenant_acme.customers'::regclass, attnum) from pg_attribute
     where attrelid = 'tenant_acme.customers'::regclass and attname = 'phone'), null,
    'apply_schema() takes the mark off a column that comes back'
);
select is(
    (select bss.apply_schema('acme', body) from document where name = 'other entity'), 6,
    'apply_schema() takes a document without the entity'
);
select tables_are('tenant_acme', array['customers', 'orders'], 'apply_schema() keeps a table that went');
select matches(
    obj_description('tenant_acme.customers'::regclass), '^\[no longer in the schema\]',
    'apply_schema() marks the table as deprecated'
);
select is(
    (select bss.apply_schema('acme', body) from document where name = 'v1'), 7,
    'apply_schema() takes the entity back'
);
select results_eq(
    'select name, phone, level, stars from tenant_acme.customers order by name',
    $$values ('Ann', '123', 1::bigint, 3::bigint), ('Bob', '110', 1, 3)$$,
    'apply_schema() has lost nothing on the way there and back'
);


-- drift

create function pg_temp.said_of(change text)
    returns text
    language plpgsql
as $$
declare
    _state text;
    _said text;
begin
    execute change;
    begin
        perform bss.apply_schema('acme', body) from document where name = 'v2';
    exception when others then
        get stacked diagnostics _state = returned_sqlstate, _said = message_text;
    end;
    raise exception using errcode = 'UNDO0';
exception when sqlstate 'UNDO0' then
    return concat_ws(': ', _state, _said);
end
$$;
select is(
    pg_temp.said_of(d.change), 'SB401: tables of tenant "acme" are not what its schema says',
    'apply_schema() refuses to build on ' || d.what
)
from (
    values
    ('alter table tenant_acme.customers add column by_hand text', 'a column that was added'),
    ('alter table tenant_acme.orders drop column note', 'a column that was dropped'),
    ('alter table tenant_acme.customers alter column name drop not null', 'a column made nullable'),
    ('alter table tenant_acme.customers alter column level type integer', 'another type'),
    ('alter table tenant_acme.customers alter column tenant_id drop default', 'a default that went'),
    ('alter table tenant_acme.customers alter column name set default 1', 'a default that came'),
    ('drop policy tenant_isolation on tenant_acme.customers', 'a policy that was dropped'),
    ('create policy more on tenant_acme.customers using (true)', 'a policy that was added'),
    ('alter policy tenant_isolation on tenant_acme.customers using (true)', 'a policy that says else'),
    ('alter table tenant_acme.customers no force row level security', 'row security not forced'),
    ('alter table tenant_acme.customers disable row level security', 'row security not enabled'),
    ('grant select on tenant_acme.customers to bss_monitor', 'a privilege that was granted'),
    ('grant select (name) on tenant_acme.customers to public', 'a privilege on a column'),
    ('alter table tenant_acme.customers owner to postgres', 'another owner'),
    ('create table tenant_acme.by_hand (a integer)', 'a table that was made'),
    ('create view tenant_acme.by_hand as select 1 as a', 'a view that was made'),
    ('drop table tenant_acme.orders', 'a table that was dropped'),
    ('drop trigger set_updated_at on tenant_acme.customers', 'a trigger that was dropped'),
    ('create or replace trigger set_updated_at before update on tenant_acme.customers '
     'for each row when (old.name is null) execute function bss_internal.set_updated_at()',
     'a trigger with a condition'),
    ('create sequence tenant_acme.by_hand', 'a sequence that was made'),
    ('create type tenant_acme.by_hand as (a text)', 'a type that was made'),
    ('alter table tenant_acme.customers disable trigger set_updated_at', 'a trigger that is disabled'),
    ('alter table tenant_acme.customers drop constraint customers_phone_pattern_check',
     'a check that was dropped'),
    ('alter table tenant_acme.customers drop constraint customers_phone_pattern_check, '
     'add constraint customers_phone_pattern_check check (phone <> name)', 'a check that says else'),
    ('update pg_constraint set convalidated = false where conname = $x$customers_phone_pattern_check$x$',
     'a check that was not validated'),
    ('create index by_hand on tenant_acme.customers (name)', 'an index that was made'),
    ('create rule by_hand as on insert to tenant_acme.customers do instead nothing', 'a rule'),
    ('create function tenant_acme.lower(text) returns text language sql as $x$select $1$x$',
     'a function that shadows another'),
    ('grant create on schema tenant_acme to bss_app', 'a schema that others write to'),
    ('grant usage on schema tenant_acme to public', 'a schema that is open to everybody'),
    ('alter default privileges in schema tenant_acme grant select on tables to public',
     'default privileges for what is to come'),
    ('alter table tenant_acme.customers set unlogged', 'a table that a crash would empty'),
    ('create table by_hand () inherits (tenant_acme.customers)', 'a table that another inherits'),
    ('alter table tenant_acme.customers alter column name type text collate "C"',
     'another collation'),
    ('alter table tenant_acme.customers add exclude using btree (name with =)', 'an exclusion'),
    ('alter table tenant_acme.customers drop constraint customers_phone_pattern_check, '
     'add constraint customers_phone_pattern_check check (phone ~ $x$^[0-9]+$$x$) no inherit',
     'a check that is not inherited'),
    ('alter table tenant_acme.customers add column by_hand text generated always as (name) stored',
     'a column that generates itself')
) as d (change, what);
select is(
    (select bss.apply_schema('acme', body) from document where name = 'v2'), 8,
    'apply_schema() goes on when the drift is gone'
);


-- who may ask, and of whom

select bss.suspend_tenant('acme') as suspended \gset
drop table before;
create temp table before as table facts;
select throws_ok(
    $$select bss.apply_schema('acme', body) from document where name = 'v1'$$, 'SB503',
    'tenant "acme" is not active', 'apply_schema() refuses a tenant that is suspended'
);
create role gateway login;
grant bss_app to gateway;
set session authorization gateway;
select throws_ok(
    $$select bss.apply_schema('acme', body) from document where name = 'v1'$$, '42501',
    'permission denied for function apply_schema', 'apply_schema() does not answer gateways'
);
reset session authorization;
grant execute on function bss.apply_schema(text, json, text, text) to gateway;
set session authorization gateway;
select throws_ok(
    $$select bss.apply_schema('acme', body) from document where name = 'v1'$$, 'SB505',
    'login may not operate tenants', 'apply_schema() refuses who is no operator, whatever was granted'
);
reset session authorization;
revoke execute on function bss.apply_schema(text, json, text, text) from gateway;
select results_eq('table facts', 'table before', 'apply_schema() leaves nothing behind for strangers');

select * from finish();
rollback;
