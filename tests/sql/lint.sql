begin;
set local search_path = tap, public;
select plan(46);

create function pg_temp.found_after(variadic statements text [])
    returns setof text
    language plpgsql
as $$
declare
    _statement text;
begin
    foreach _statement in array statements loop
        execute _statement;
    end loop;
    return query select concat_ws(' ', l.lint, l.object, l.detail) from bss.lint() as l;
    raise exception using errcode = 'ZZ001';
exception when sqlstate 'ZZ001' then
    return;
end
$$;
create function pg_temp.finds(expected text, about text, variadic statements text [])
    returns text
    language sql
as $$
    select set_eq(
        format('select pg_temp.found_after(variadic %L)', statements), array[expected], 'lint() finds ' || about
    )
$$;

select is_empty('select * from bss.lint()', 'lint() finds nothing in a new installation');
select bss.provision_tenant('acme', '{
    "title": "Note", "type": "object",
    "properties": {"note_id": {"type": "integer"}, "text": {"type": "string"}, "at": {"type": "string", "format": "date"}}, "required": ["note_id", "at"],
    "x-bss": {"partitionBy": {"column": "at", "strategy": "range", "interval": "month"}, "primaryKey": ["note_id", "at"]}
}') as acme \gset
select is_empty('select * from bss.lint()', 'lint() finds nothing in a new tenant, its partitions included');

select pg_temp.finds(
    'row_security_is_off tenant_acme.notes It is off.', 'a table without row-level security',
    'alter table tenant_acme.notes disable row level security'
);
select pg_temp.finds(
    'row_security_is_off tenant_acme.notes It is not forced on the owner.', 'a table whose owner sees all rows',
    'alter table tenant_acme.notes no force row level security'
);
select pg_temp.finds(
    'row_security_is_off bss_metadata.tenants It is off.', 'metadata without row-level security',
    'alter table bss_metadata.tenants disable row level security'
);
select pg_temp.finds(
    'policy_of_another_form tenant_acme.notes Its policy "all_read" gives rows by another rule than their tenant.',
    'a policy that widens', 'create policy all_read on tenant_acme.notes for select using (true)'
);
select pg_temp.finds(
    'policy_of_another_form tenant_acme.notes Its policy "by_setting" gives rows by another rule than their tenant.',
    'a policy that believes a setting',
    $$create policy by_setting on tenant_acme.notes using (tenant_id = current_setting('app.current_tenant_id')::uuid)$$
);
select set_eq(
    $$select pg_temp.found_after('drop policy tenant_isolation on tenant_acme.notes')$$,
    array['no_policy_of_the_tenant tenant_acme.notes No policy gives a tenant its rows, for reading and writing alike.'],
    'lint() finds a policy that is gone'
);
select set_eq(
    $$select pg_temp.found_after(
        'drop policy tenant_isolation on tenant_acme.notes',
        'create policy tenant_isolation on tenant_acme.notes for select using (tenant_id = (select bss.current_tenant_id()))'
    )$$,
    array[
        'policy_of_another_form tenant_acme.notes Its policy "tenant_isolation" gives rows by another rule than their tenant.',
        'no_policy_of_the_tenant tenant_acme.notes No policy gives a tenant its rows, for reading and writing alike.'
    ],
    'lint() finds a policy that does not check what is written'
);
select pg_temp.finds(
    'policy_of_another_form tenant_acme.notes Its policy "another" gives rows by another rule than their tenant.',
    'a policy that is about another tenant',
    format(
        'create policy another on tenant_acme.notes using ((select nullif(bss.current_tenant_id() = %1$L, false)) is not null) '
        'with check ((select nullif(bss.current_tenant_id() = %1$L, false)) is not null and tenant_id = %1$L)',
        gen_random_uuid()
    )
);
select pg_temp.finds(
    'policy_of_another_form tenant_acme.notes Its policy "another" gives rows by another rule than their tenant.',
    'a policy that lets the tenant write rows of others',
    format(
        'create policy another on tenant_acme.notes using ((select nullif(bss.current_tenant_id() = %1$L, false)) is not null)', :'acme'
    )
);
select pg_temp.finds(
    'policy_of_another_form tenant_acme.notes Its policy "another" gives rows by another rule than their tenant.',
    'a policy for whoever is not the tenant',
    format('create policy another on tenant_acme.notes using ((select bss.current_tenant_id() = %L) is not null)', :'acme')
);
select is_empty(
    $$select pg_temp.found_after(
        'alter policy tenant_isolation on tenant_acme.notes using (tenant_id = (select bss.current_tenant_id())) '
        'with check (tenant_id = (select bss.current_tenant_id()))'
    )$$,
    'lint() finds nothing in a policy that tells rows apart, as those of earlier versions do'
);
select set_eq(
    $$select distinct split_part(f, ' ', 1) from pg_temp.found_after('alter table tenant_acme.notes drop constraint notes_tenant_id_check') as f$$,
    array['not_tied_to_its_tenant'], 'lint() finds a table that may have rows of others'
);
select pg_temp.finds(
    'not_tied_to_its_tenant tenant_globex.notes No check keeps out the rows of others, which its tenant would see.',
    'a check that the rows which are there need not pass',
    $$select bss.provision_tenant('globex', '{"title": "Note", "type": "object", "properties": {"note_id": {"type": "integer"}}}')$$,
    'alter table tenant_globex.notes drop constraint notes_tenant_id_check',
    $x$do $do$ begin execute format(
        'alter table tenant_globex.notes add constraint notes_tenant_id_check check (tenant_id = %L) not valid',
        (select id from bss.tenants where external_id = 'globex')
    ); end $do$$x$
);
select pg_temp.finds(
    'not_tied_to_its_tenant tenant_globex.notes No check keeps out the rows of others, which its tenant would see.',
    'a check that is about another tenant',
    $$select bss.provision_tenant('globex', '{"title": "Note", "type": "object", "properties": {"note_id": {"type": "integer"}}}')$$,
    'alter table tenant_globex.notes drop constraint notes_tenant_id_check',
    $$alter table tenant_globex.notes add constraint notes_tenant_id_check check (tenant_id = '00000000-0000-0000-0000-000000000001')$$
);
select pg_temp.finds(
    'view_with_the_rights_of_its_owner tenant_acme.seen It lacks security_invoker.', 'a view that sees what its owner sees',
    'create view tenant_acme.seen as select 1 as one', 'alter view tenant_acme.seen owner to bss_owner'
);
select pg_temp.finds(
    'view_with_the_rights_of_its_owner bss.tenants It lacks security_invoker.', 'a view of BSS that lost its option',
    'alter view bss.tenants reset (security_invoker)'
);
select pg_temp.finds(
    'relation_that_policies_do_not_cover tenant_acme.copied Its kind is "m".', 'a materialized view',
    'create materialized view tenant_acme.copied as select 1 as one', 'alter table tenant_acme.copied owner to bss_owner'
);
select pg_temp.finds(
    'rule tenant_acme.notes It has the rule "copied".', 'a rule',
    'create rule copied as on delete to tenant_acme.notes do also select 1'
);
create role somebody;
select pg_temp.finds(
    'owner_is_another tenant_acme.notes It belongs to somebody.', 'a table of another owner',
    'alter table tenant_acme.notes owner to somebody'
);
select pg_temp.finds(
    'granted_to_everyone tenant_acme.notes SELECT is granted to everyone.', 'a table that everyone may read',
    'grant select on tenant_acme.notes to public'
);
select pg_temp.finds(
    'granted_to_everyone tenant_acme.notes.text UPDATE is granted to everyone.', 'a column that everyone may write',
    'grant update (text) on tenant_acme.notes to public'
);
select pg_temp.finds(
    'granted_to_everyone tenant_acme USAGE is granted to everyone.', 'a schema that everyone may use',
    'grant usage on schema tenant_acme to public'
);
select pg_temp.finds(
    'granted_more_than_rows tenant_acme.notes TRUNCATE is granted to bss_app.', 'a right to truncate, which no policy stops',
    'grant truncate on tenant_acme.notes to bss_app'
);
select pg_temp.finds(
    'granted_more_than_rows tenant_acme CREATE is granted to bss_app.', 'a right to create in a schema',
    'grant create on schema tenant_acme to bss_app'
);
select pg_temp.finds(
    'granted_with_grant_option tenant_acme.notes SELECT is granted to somebody.', 'a right that is handed on',
    'grant select on tenant_acme.notes to somebody with grant option'
);
select pg_temp.finds(
    'internals_are_granted bss_internal.plans SELECT is granted to bss_app.', 'internals that others may read',
    'grant select on bss_internal.plans to bss_app'
);
select pg_temp.finds(
    'internals_are_granted bss_capture.tell() Whoever is bss_app can have it call casts of theirs, as its owner.',
    'a trigger with rights of its owner that others may make one of their own tables',
    'create function bss_capture.tell() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $f$ begin return null; end $f$',
    'revoke all on function bss_capture.tell() from public',
    'grant execute on function bss_capture.tell() to bss_app',
    'alter function bss_capture.tell() owner to bss_owner'
);
select pg_temp.finds(
    'granted_to_everyone bss_internal.new() EXECUTE is granted to everyone.', 'a new function, which everyone may execute',
    'create function bss_internal.new() returns int language sql as $f$ select 1 $f$',
    'alter function bss_internal.new() owner to bss_owner'
);
select pg_temp.finds(
    'definer_without_search_path bss.suspend_tenant(text,text,text) It runs with the rights of its owner, and finds names where its caller says.',
    'a function without its search path', 'alter function bss.suspend_tenant(text, text, text) reset search_path'
);
select p.oid::regprocedure::text as captures from pg_proc as p
join pg_trigger as t on t.tgfoid = p.oid where t.tgrelid = 'tenant_acme.notes'::regclass and t.tgname = 'capture_insert' \gset
select pg_temp.finds(
    format('definer_without_search_path %s It runs with the rights of its owner, and finds names where its caller says.', :'captures'),
    'a function of captures that is not what its name says',
    format('create or replace function %s returns trigger volatile security definer language plpgsql as $f$begin return null; end$f$', :'captures')
);
select pg_temp.finds(
    format('definer_with_rights_of_a_superuser bss.suspend_tenant(text,text,text) It belongs to %s.', session_user),
    'a function that lends the rights of a superuser',
    format('alter function bss.suspend_tenant(text, text, text) owner to %I', session_user)
);
select pg_temp.finds(
    'leakproof bss_internal.setting(text) The server would call it before it checks whose a row is.',
    'a function that claims to leak nothing', 'alter function bss_internal.setting(text) leakproof'
);
select pg_temp.finds(
    'context_is_not_stable bss.current_tenant_id() Its answer would outlive the transaction in a plan, or be asked for again for each row.',
    'a context that the planner takes for constant', 'alter function bss.current_tenant_id() immutable'
);
select pg_temp.finds(
    'role_with_an_attribute bss_app bypassrls.', 'a role that no policy binds', 'alter role bss_app bypassrls'
);
select pg_temp.finds(
    'role_is_a_member bss_app It is a member of pg_read_all_data.', 'a role that reads everything',
    'grant pg_read_all_data to bss_app'
);
select pg_temp.finds(
    'owner_has_members bss_owner somebody is one.', 'whoever can become the owner', 'grant bss_owner to somebody'
);
select pg_temp.finds(
    'context_can_be_set backtrace_functions somebody may set it.', 'whoever can be any tenant',
    'grant set on parameter backtrace_functions to somebody'
);
select bss.apply_shared('{"title": "Unit", "type": "object", "properties": {"unit_id": {"type": "string"}},
    "x-bss": {"scope": "shared", "partitionBy": {"column": "unit_id", "strategy": "hash", "partitions": 2}}}') as shared \gset
select is_empty('select * from bss.lint()', 'lint() finds nothing in a new shared table, its partitions included');
select pg_temp.finds(
    'shared_rows_are_open bss_shared.units Its policy "all_read" lets through whoever is bound to no tenant.',
    'a shared table that everyone reads', 'create policy all_read on bss_shared.units for select using (true)'
);
select pg_temp.finds(
    'shared_rows_are_writable bss_shared.units UPDATE is granted to bss_app.',
    'a shared table that gateways write', 'grant update on bss_shared.units to bss_app'
);
select pg_temp.finds(
    'records_are_open bss_metadata.tenant_audit_log Its policy "open" gives others than operators more than to read what is about their tenant.',
    'records that everyone reads', 'create policy open on bss_metadata.tenant_audit_log for select using (true)'
);
select pg_temp.finds(
    'records_are_open bss_metadata.tenants Its policy "own" gives others than operators more than to read what is about their tenant.',
    'records that a tenant may change',
    'create policy own on bss_metadata.tenants for update using (id = (select bss.current_tenant_id()))'
);
select pg_temp.finds(
    'records_are_writable bss_metadata.tasks DELETE is granted to bss_admin.',
    'records that an operator deletes', 'grant delete on bss_metadata.tasks to bss_admin'
);
grant bss_app to somebody;
set session authorization somebody;
select throws_ok('select * from bss.lint()', '42501', 'permission denied for function lint', 'lint() is the operators''');
reset session authorization;

select * from finish();
rollback;
