begin;
set local search_path = tap, public;
select plan(36);

select bss.set_setting('events.retry_delay', '"1 hour"');
select bss.provision_tenant('acme'), bss.provision_tenant('globex');
create role gate login;
create role bound login;
grant bss_app to gate;
grant bss_tenant to bound;
select bss.bind_login('bound', 'globex');
create function pg_temp.claimed(worker text, number integer default 10) returns text language sql as $$
    select string_agg(concat_ws(' ', tenant, name, attempt), ', ' order by id) from bss.claim_tasks(worker, number)
$$;
grant execute on function pg_temp.claimed(text, integer) to public;

select throws_ok(format('select bss.schedule_task(%s)', arguments), 'SB745', 'task cannot be scheduled', format('schedule_task() refuses %s', arguments))
from (values ($$'a b'$$), ($$''$$), ($$'a', null$$), ($$'a', '{}', 'infinity'$$), ($$'a', to_jsonb(repeat('x', 65536))$$)) as wrong (arguments);
select bss.schedule_task('sweep', '{"a": 1}') as sweep \gset
set session authorization gate;
select throws_ok($$select bss.schedule_task('a')$$, 'SB743', 'transaction acts for no tenant', 'schedule_task() refuses who acts for no tenant');
select bss.use_tenant('acme');
set local search_path = tap, public;
select set_config('app.correlation_id', 'r 1', true) as set \gset
select bss.schedule_task('mail', '{"to": "Ada"}', key => 'mail 1') as mail \gset
select is(bss.schedule_task('mail', key => 'mail 1'), :mail::bigint, 'schedule_task() schedules once what has a key');
select bss.schedule_task('later', '{}', now() + interval '1 hour') as later \gset
select is((select string_agg(concat_ws(' ', tenant, name, status, correlation_id), ', ' order by id) from bss.tasks), 'acme mail waiting r 1, acme later waiting r 1', 'a tenant sees its own tasks');
reset session authorization;
-- the transaction of the gateway is over
set local backtrace_functions = '';
set session authorization bound;
select bss.schedule_task('print', key => 'mail 1') as print \gset
select isnt(:print::bigint, :mail::bigint, 'keys are of a tenant');
select throws_ok(format('select bss.cancel_task(%s)', :mail), 'SB747', format('task %s is not waiting', :mail), 'cancel_task() refuses another tenant''s');
select is(pg_temp.claimed('w'), 'globex print 1', 'claim_tasks() gives a tenant its own');
select throws_ok(format('select bss.finish_task(%s, 1)', :mail), 'SB746', format('lease on task %s was lost', :mail), 'finish_task() refuses another tenant''s');
select lives_ok(format('select bss.finish_task(%s, 1, ''{"pages": 3}'')', :print), 'finish_task() takes its own');
reset session authorization;
select is(pg_temp.claimed('w', 1), 'sweep 1', 'claim_tasks() gives an operator what is due, in order');
select is(pg_temp.claimed('w'), 'acme mail 1', 'of all tenants');
select is(pg_temp.claimed('w'), null, 'once');
select throws_ok($$select bss.claim_tasks('w', 0)$$, 'SB736', 'number "0" cannot be used', 'claim_tasks() refuses to give nothing');
select bss.fail_task(:mail, 1, 'out of ink');
select is((select concat_ws(' ', status, reason, due_at > clock_timestamp()) from bss.tasks where id = :mail), 'waiting out of ink t', 'fail_task() puts it off');
select throws_ok(format('select bss.finish_task(%s, 1)', :mail), 'SB746', null, 'finish_task() refuses a task that was put off');
update bss_metadata.tasks set due_at = now() where id = :mail;
select is(pg_temp.claimed('w'), 'acme mail 2', 'it is tried again');
update bss_metadata.tasks set leased_until = now() - interval '1 s' where id = :mail;
select is(pg_temp.claimed('other'), 'acme mail 3', 'so is what a lost worker had');
select throws_ok(format('select bss.extend_task(%s, 2)', :mail), 'SB746', null, 'which has no lease any more');
select is(bss.extend_task(:mail, 3) > clock_timestamp() + interval '4 minutes', true, 'extend_task() begins the lease anew');
update bss_metadata.tasks set leased_until = now() + interval '1 day' where id = :mail;
select is(pg_temp.claimed('w'), 'acme mail 4', 'a lease that is too long is over: the clock was set back');
update bss_metadata.tasks set attempts = 5, leased_until = now() - interval '1 s' where id = :mail;
select is(pg_temp.claimed('w'), null, 'what loses too many workers is given up');
select is((select concat_ws(' ', status, reason) from bss.tasks where id = :mail), 'dead nobody said what came of it', 'with a reason');
select bss.fail_task(:sweep, 1, 'no broom', true);
select is((select status from bss.tasks where id = :sweep), 'dead', 'fail_task() gives up what is final');
select lives_ok(format('select bss.cancel_task(%s)', :later), 'cancel_task() takes back what waits');
select is(
    (select array_agg(value order by name) from bss.metrics where type = 'counter' and name like 'tasks\_%'), array[2, 1, 2]::numeric[],
    'what becomes of tasks is counted'
);
select bss.schedule_task('sweep');
select bss.set_setting('tasks.limit', '1');
set session authorization bound;
select bss.schedule_task('print');
select throws_ok($$select bss.schedule_task('print')$$, 'SB744', 'tenant has too many tasks', 'schedule_task() refuses more than the limit');
reset session authorization;
select bss.suspend_tenant('globex');
select is(pg_temp.claimed('w'), 'sweep 1', 'claim_tasks() passes over tenants that are suspended');

create function pg_temp.tasks_looked_at() returns bigint language sql as $$
    select s.seq_tup_read + s.idx_tup_fetch from pg_stat_xact_all_tables as s where s.relid = 'bss_metadata.tasks'::regclass
$$;
insert into bss_metadata.tasks (name, payload, due_at) select 'one of many', '{}', now() from generate_series(1, 2000);
select pg_temp.tasks_looked_at() as before \gset
select count(*) from bss.claim_tasks('w', 5);
select cmp_ok(pg_temp.tasks_looked_at() - :before, '<', 100::bigint, 'claim_tasks() does not look at all that wait');
delete from bss_metadata.tasks where name = 'one of many';

-- the task service
select bss.set_service('task', 'http://t', max_attempts => 1);
select bss.schedule_task('far', '{"a": 1}', '2030-01-01 00:00:00Z', 'k', 'r 2') as far \gset
select is(
    (select payload::jsonb from bss.claim_call('task', 'w')),
    '{"name": "far", "payload": {"a": 1}, "dueAt": "2030-01-01T00:00:00+00:00", "tenantId": null, "correlationId": "r 2"}',
    'a task is forwarded to the task service'
);
select bss.finish_call(id, token, '{"id": "remote"}') from bss_metadata.calls where service = 'task';
select is((select status || result from bss.tasks where id = :far), 'forwarded{"id": "remote"}', 'which takes it');
select bss.schedule_task('near') as near \gset
select bss.fail_call(id, token, 'status 500') from bss.claim_call('task', 'w');
select is((select status || ' ' || reason from bss.tasks where id = :near), 'waiting not forwarded: status 500', 'or does not: then it is done here');
select is(pg_temp.claimed('w'), 'near 1', 'by who claims it');

select * from finish();
rollback;
