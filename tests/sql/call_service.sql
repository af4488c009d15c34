begin;
set local search_path = tap, public;
select plan(53);

select bss.set_setting('events.retry_delay', '"1 hour"');
\set note '{"title": "Note", "type": "object", "properties": {"note_id": {"type": "integer"}}}'
select format('select bss.provision_tenant(''acme'', %L)', :'note') as provision \gset
create function pg_temp.claimed(service text) returns text language sql as $$
    select string_agg(concat_ws(' ', operation, key, token), ', ') from bss.claim_call(service, 'w')
$$;
create function pg_temp.metric(name text) returns numeric language sql as $$
    select m.value from bss.metrics as m where m.name = $1
$$;
-- as if time had passed
create function pg_temp.later() returns void language sql as $$
    update bss_metadata.calls set due_at = now() where outcome is null;
    update bss_metadata.services set open_until = now() where failures >= breaker_threshold;
$$;

select throws_ok(
    $$select bss.set_service('mail', 'http://mail')$$, 'SB734', 'service "mail" does not exist',
    'set_service() refuses a service that there is not'
);
select throws_ok(
    format('select bss.set_service(%s)', options), 'SB735', 'service "validation" cannot be called like that',
    format('set_service() refuses %s', options)
)
from (values
    ($$'validation', 'ftp://v'$$), ($$'validation', 'http://me:word@v'$$), ($$'validation', 'http://v/?a=b'$$),
    ($$'validation', 'http://v/a b'$$), ($$'validation', 'http://v', fallback => 'queue'$$),
    ($$'validation', 'http://v', request_timeout => '1 hour'$$), ($$'validation', 'http://v', max_attempts => 0$$),
    ($$'validation', 'http://v', breaker_rest => '-1 s'$$)
) as wrong (options);
select throws_ok(
    $$select bss.set_service('auth', 'http://a', fallback => 'local')$$, 'SB735',
    'service "auth" cannot be called like that', 'set_service() refuses a fallback that there is not'
);
select throws_ok(
    $$select bss.request_validation('{}')$$, 'SB739', 'there is no validation service',
    'request_validation() refuses without a service'
);
select lives_ok(:'provision', 'documents are checked here while there is no service');
select bss.set_service('validation', 'http://v:1/', max_attempts => 2, breaker_threshold => 2);
select is((select url from bss.services where name = 'validation'), 'http://v:1', 'set_service() says where it is');

-- validation
\set note '{"title": "Memo", "type": "object", "properties": {"memo_id": {"type": "integer"}}}'
select format('select bss.apply_schema(''acme'', %L)', :'note') as apply \gset
select throws_ok(:'apply', 'SB742', 'validation service has not answered for the document', 'apply_schema() waits for the service');
select throws_ok(
    format('select bss.%s', call), 'SB742', 'validation service has not answered for the document', format('%s as well', call)
)
from (values
    ($$provision_tenant('globex', '{}')$$), ($$apply_entity('acme', '{}')$$), ($$publish_blueprint('shop', '{}')$$), ($$apply_shared('{}')$$)
) as waits (call);
select bss.request_validation(:'note', 'r 1') as first \gset
select is(bss.request_validation(:'note'), :first::bigint, 'request_validation() asks once');
select is(
    (select concat_ws(' ', url, operation, request_timeout, payload, correlation_id) from bss.claim_call('validation', 'w')),
    format('http://v:1 validate 00:00:02 %s r 1', :'note'), 'claim_call() gives a call to make'
);
select is(pg_temp.claimed('validation'), null, 'claim_call() gives it to one worker');
select throws_ok(format('select bss.finish_call(%s, 0, ''{}'')', :first), 'SB737', format('lease on call %s was lost', :first), 'finish_call() refuses another token');
update bss_metadata.calls set leased_until = now() + interval '1 day';
select isnt(pg_temp.claimed('validation'), null, 'a lease that is too long is over: the clock was set back');
select throws_ok(format('select bss.finish_call(%s, 1, ''{"valid": true}'')', :first), 'SB737', format('lease on call %s was lost', :first), 'finish_call() refuses the worker before');
select lives_ok(format('select bss.finish_call(%s, 2, ''{"valid": true}'')', :first), 'finish_call() takes the answer');
select lives_ok(:'apply', 'apply_schema() takes a document that the service found valid');
select is(bss.request_validation(:'note'), :first::bigint, 'the answer is kept');
select bss.request_validation('{"title": "Bad"}') as second \gset
select bss.finish_call(id, token, '{"valid": false, "errors": [{"path": "", "message": "is bad"}, "really"]}') from bss.claim_call('validation', 'w');
create function pg_temp.detail(call text) returns text language plpgsql as $$
declare _detail text;
begin
    execute call;
    return 'done';
exception when sqlstate 'SB740' then
    get stacked diagnostics _detail = pg_exception_detail;
    return _detail;
end
$$;
select is(
    pg_temp.detail($$select bss.apply_schema('acme', '{"title": "Bad"}')$$), E'is bad\nreally',
    'apply_schema() refuses what the service refuses, with its words'
);
select throws_ok(
    $$select bss.apply_schema('acme', '{"title": "Bad"}')$$, 'SB740', 'validation service refuses the document', 'by a code of its own'
);

-- failures, and the breaker
select bss.request_validation('{"title": "C"}') as third \gset
select bss.fail_call(id, token, 'status 500') from bss.claim_call('validation', 'w');
select is(pg_temp.claimed('validation'), null, 'what failed is put off');
select throws_ok($$select bss.apply_schema('acme', '{"title": "C"}')$$, 'SB742', null, 'a failure may pass');
select pg_temp.later();
select bss.fail_call(id, token, 'status 503') from bss.claim_call('validation', 'w');
select is((select concat_ws(' ', status, attempts, reason) from bss.service_calls where id = :third), 'failed 2 status 503', 'what fails too often is given up');
select is((select concat_ws(' ', breaker, failures, last_failure) from bss.services where name = 'validation'), 'open 2 status 503', 'the breaker opens');
select throws_ok($$select bss.apply_schema('acme', '{"title": "C"}')$$, 'SB741', 'validation service is unavailable', 'apply_schema() says that the service is down');
select is(pg_temp.metric('validation_service_errors_total'), 2::numeric, 'errors are counted');
select is(pg_temp.metric('validation_service_requests_total'), 4::numeric, 'requests are counted');
select bss.request_validation('{"title": "D"}') as fourth \gset
select bss.request_validation('{"title": "E"}') as fifth \gset
select is(pg_temp.claimed('validation'), null, 'nobody calls while the breaker is open');
select pg_temp.later();
select isnt(pg_temp.claimed('validation'), null, 'half open, one call is made');
select is(pg_temp.claimed('validation'), null, 'and no second');
select pg_temp.later();
select lives_ok($$select bss.finish_call(id, token, '{"valid": true}') from bss.claim_call('validation', 'w')$$, 'if that is lost, another is');
select is((select breaker from bss.services where name = 'validation'), 'closed', 'an answer closes the breaker');

-- patience, and what is done here
select bss.set_service('validation', 'http://v', fallback => 'local');
select bss.request_validation('{"title": "F", "type": "object", "properties": {"f": {"type": "integer"}}}') as sixth \gset
update bss_metadata.calls set created_at = now() - interval '1 minute' where id = :sixth;
select lives_ok(
    $$select bss.apply_schema('acme', '{"title": "F", "type": "object", "properties": {"f": {"type": "integer"}}}')$$,
    'apply_schema() goes on without an answer that does not come'
);
select is(pg_temp.metric('validation_service_fallbacks_total'), 1::numeric, 'that is counted');
select pg_temp.claimed('validation');
select is((select concat_ws(' ', status, reason) from bss.service_calls where id = :sixth), 'failed nobody called the service', 'claim_call() gives up what is late');
select bss.cancel_call(:fifth) from bss_metadata.calls where id = :fifth and outcome is null;
select throws_ok(format('select bss.cancel_call(%s)', :sixth), 'SB738', format('call %s is not under way', :sixth), 'cancel_call() refuses what is over');

-- auth
select bss.set_service('auth', 'http://a', max_attempts => 1);
select bss.resolve_tenant('acme') as seventh \gset
select bss.fail_call(id, token, 'status 500', retry_after => '1 minute') from bss.claim_call('auth', 'w');
select is(
    (select concat_ws(' ', status, due_at > now() + interval '30 s') from bss.service_calls where id = :seventh),
    'waiting t', 'a service that queues is tried until it answers, not before it wants'
);
update bss_metadata.calls set due_at = now(), created_at = now() - interval '1 year' where id = :seventh;
select is((select concat_ws(' ', operation, key) from bss.claim_call('auth', 'w')), 'tenant acme', 'however late that is');
select bss.finish_call(:seventh, 2, '{"plan": "gold"}');
select is((select config from bss.tenants where external_id = 'acme'), '{"auth": {"plan": "gold"}}', 'the answer is put into the config of the tenant');
select bss.resolve_tenant('acme') as eighth \gset
select bss.fail_call(id, token, 'status 404', true) from bss.claim_call('auth', 'w');
select is((select status || failures from bss.service_calls as c, bss.services as s where c.id = :eighth and s.name = 'auth'), 'failed0', 'a refusal is final, and no failure of the service');

update bss_metadata.calls set finished_at = now() - interval '31 days' where outcome is not null;
select bss.maintain_services();
select is((select count(*) from bss_metadata.calls where outcome is not null), 0::bigint, 'maintain_services() deletes what is old');
select is(
    (select array[count(*), sum(value)] from bss_metadata.counts where name = 'validation_service_requests_total'),
    array[1, 5]::numeric[], 'and adds up what was counted'
);

create role watcher login;
grant bss_monitor to watcher;
grant usage on schema tap to watcher;
set session authorization watcher;
select lives_ok('select * from bss.metrics; select * from bss.services', 'monitoring sees how services do');
select throws_ok('select * from bss.service_calls', '42501', null, 'but not what they are asked');
reset session authorization;

select * from finish();
rollback;
