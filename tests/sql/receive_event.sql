begin;
set local search_path = tap, public;
select plan(55);

create role bob login;
create role alice login;
grant bss_admin to alice;
create schema app authorization alice;
grant usage on schema app to bss_owner;
create function pg_temp.sent(id text, topic text, data jsonb, more jsonb default '{}') returns jsonb
language sql as $$
    select jsonb_build_object(
        'specversion', '1.0', 'id', id, 'source', '/auth', 'type', topic, 'data', data
    ) || more
$$;
create function pg_temp.outcome(id text, kind text, tenant text, at text default null) returns text
language sql as $$
    select concat_ws(' ', r ->> 'status', r #>> format('{result,bss_internal.on_tenant_%s,outcome}', kind)::text[])
    from bss.receive_event(pg_temp.sent(
        id, 'auth.tenant.' || kind, jsonb_build_object('tenantId', tenant), jsonb_build_object('time', at)
    )) as r
$$;

create function pg_temp.detail(event jsonb) returns text language plpgsql as $$
declare _detail text;
begin
    perform bss.receive_event(event);
    return 'received';
exception when sqlstate 'SB730' then
    get stacked diagnostics _detail = pg_exception_detail;
    return _detail;
end
$$;
select is(pg_temp.detail(event), detail, format('receive_event() refuses %s', left(event::text, 60)))
from (values
    ('[]', 'It should be an object.'),
    ('{}', E'"specversion" is missing.\n"id" is missing.\n"source" is missing.\n"type" is missing.'),
    (pg_temp.sent('1', 'a', '1') || '{"specversion": "0.3"}', '"specversion" should be 1.0.'),
    (pg_temp.sent('', 'a', '1'), '"id" should be a string, and not empty.'),
    (pg_temp.sent('1', 'a', '1') || '{"id": 1}', '"id" should be a string, and not empty.'),
    (pg_temp.sent('1', 'a', '1') || '{"id": null}', '"id" is missing.'),
    (pg_temp.sent('1', 'a', '1') || '{"source": "a b"}', '"source" should be a URI reference.'),
    (pg_temp.sent('1', 'a', '1') || '{"source": "%zz"}', '"source" should be a URI reference.'),
    (pg_temp.sent('1', 'a', '1') || '{"time": "2026-02-30T00:00:00Z"}', '"time" should be a time as RFC 3339 has it.'),
    (pg_temp.sent('1', 'a', '1') || '{"time": "yesterday"}', '"time" should be a time as RFC 3339 has it.'),
    (pg_temp.sent('1', 'a', '1') || '{"dataschema": "x"}', '"dataschema" should be a URI.'),
    (pg_temp.sent('1', 'a', '1') || '{"datacontenttype": "json"}', '"datacontenttype" should be a media type.'),
    (pg_temp.sent('1', 'a', '1') || '{"Trace": 1}', '"Trace" should have a name of lower-case letters and digits.'),
    (pg_temp.sent('1', 'a', '1') || '{"trace": {}}', '"trace" should be a string, a number or a boolean.'),
    (pg_temp.sent('1', 'a', '1') || '{"trace": 2147483648}', '"trace" should be a whole number of 32 bits.'),
    (pg_temp.sent('1', 'a', '1') || '{"trace": "\u0007"}', '"trace" should have no control characters.'),
    (pg_temp.sent('1', 'a', '1') || '{"data_base64": "AA=="}', '"data" and "data_base64" should not occur together.'),
    (pg_temp.sent('1', 'a', '1') - 'data' || '{"data_base64": "A"}', '"data_base64" should be base64.'),
    (pg_temp.sent('1', 'a', to_jsonb(repeat('x', 262144))), 'It has 262221 bytes, more than "receive.max_bytes".')
) as wrong (event, detail);
select throws_ok(
    $$select bss.receive_event('{}')$$, 'SB730', 'event cannot be used', 'receive_event() refuses what is no event'
);
select is(
    pg_temp.detail(pg_temp.sent('all', 'a', null, '{
        "subject": "x", "time": "2026-11-21t10:00:00.5-01:00", "datacontenttype": "application/json; charset=utf-8",
        "dataschema": "urn:x:y", "trace": 7, "flag": true, "nothing": null
    }')), 'received', 'receive_event() takes every attribute'
);

-- tenants
select bss.set_setting('events.retry_delay', '"1 hour"');
select bss.publish_blueprint('shop', '{"title": "Note", "type": "object", "properties": {"note_id": {"type": "integer"}}}');
select bss.set_setting('receive.blueprint', '"shop"');
select is(
    bss.receive_event(pg_temp.sent('1', 'auth.tenant.created', '{"tenantId": "acme", "displayName": "Acme"}', '{"correlationid": "r 1"}'))
        #>> '{result,bss_internal.on_tenant_created,outcome}',
    'provisioned', 'auth.tenant.created provisions'
);
select results_eq(
    $$select external_id, display_name, status, blueprint, schema_version from bss.tenants$$,
    $$values ('acme', 'Acme', 'ACTIVE', 'shop', 1)$$, 'a tenant follows the blueprint of the setting'
);
select results_eq(
    $$select distinct initiator, correlation_id from bss.audit_log where tenant = 'acme'$$,
    $$values ('/auth', 'r 1')$$, 'what the event leads to is recorded with its source and its request'
);
select is(
    bss.receive_event(pg_temp.sent('1', 'auth.tenant.deleted', '{"tenantId": "acme"}')),
    (select jsonb_build_object('status', status, 'result', result) from bss.received_events where event_id = '1'),
    'receive_event() gives again what it gave, whatever else is sent'
);
select is(pg_temp.outcome('2', 'created', 'acme'), 'done existed', 'a tenant that exists is left as it is');
select is(pg_temp.outcome('3', 'deleted', 'globex'), 'done unknown', 'a tenant that does not exist is not deleted');
select is(pg_temp.outcome('4', 'deleted', 'acme'), 'done deprovisioned', 'auth.tenant.deleted deprovisions');
select is(
    (select drop_after - interval '30 days' between now() - interval '1 minute' and clock_timestamp() from bss.tenants where external_id = 'acme'),
    true, 'it leaves the grace period'
);
select is(pg_temp.outcome('5', 'deleted', 'acme'), 'done deprovisioned', 'it may come again');
select is(pg_temp.outcome('6', 'created', 'acme'), 'waiting', 'what cannot be done is tried again');
select matches(
    (select reason from bss.received_events where event_id = '6'), '^SB603: ', 'with the reason'
);
select is(pg_temp.outcome('7', 'deleted', 'late', '2026-11-21T10:00:02Z'), 'done unknown', 'events overtake each other');
select is(
    pg_temp.outcome('8', 'created', 'late', '2026-11-21T11:00:01+01:00'), 'done superseded',
    'what was deleted later is not provisioned'
);
select is(pg_temp.outcome('9', 'created', null), 'waiting', 'an event may name no tenant');
select is((select reason from bss.received_events where event_id = '9'), 'SB733: event names no tenant', 'for a reason');

-- handlers
create function app.on_test(event jsonb) returns jsonb
volatile security definer set search_path = pg_catalog, pg_temp language plpgsql as $$
begin
    if event -> 'data' = '"fail"' then raise 'out of ink'; end if;
    return jsonb_build_object(
        'user', current_user, 'data', event -> 'data',
        'request', current_setting('app.correlation_id'), 'tenant', bss.current_tenant_id()
    );
end
$$;
select throws_ok(
    $$select bss.register_handler('test.**', 'app.on_test(jsonb)')$$, 'SB731',
    'function "app.on_test(jsonb)" cannot handle events', 'register_handler() refuses a superuser''s function'
);
select throws_ok(
    $$select bss.register_handler('test.**', 'bss_internal.read_event(jsonb)')$$, 'SB731',
    'function "bss_internal.read_event(jsonb)" cannot handle events', 'register_handler() refuses the functions of BSS'
);
alter function app.on_test(jsonb) owner to alice;
select lives_ok($$select bss.register_handler('test.**', 'app.on_test(jsonb)')$$, 'register_handler() takes an operator''s function');
select is(
    bss.receive_event(pg_temp.sent('10', 'test.a.b', '7')),
    '{"status": "done", "result": {"app.on_test": {"user": "alice", "data": 7, "request": "10"}}}',
    'a handler runs as its owner, for no tenant, with the request of the event'
);
select is(
    bss.receive_event(pg_temp.sent('11', 'test.a', '"fail"')) ->> 'reason', 'P0001: out of ink',
    'a handler that fails is recorded'
);
alter function app.on_test(jsonb) owner to bob;
update bss_metadata.received_events set event = jsonb_set(event, '{data}', '1'), due_at = now() where event_id = '11';
select is(bss.retry_received(), 1, 'retry_received() tries what is due');
select is(
    (select reason from bss.received_events where event_id = '11'),
    'SB731: function "app.on_test" cannot handle events', 'a handler that is another''s since is not called'
);
alter function app.on_test(jsonb) owner to alice;
update bss_metadata.received_events set due_at = now() + interval '1 day' where event_id = '11';
select is(bss.retry_received(), 1, 'what is put off for too long was, by a clock that was set back');
select is(
    (select concat_ws(' ', status, attempts) from bss.received_events where event_id = '11'), 'done 3',
    'retry_received() has it handled'
);
select is(bss.retry_received(), 0, 'retry_received() tries nothing before its time');
select bss.set_setting('events.max_attempts', '2');
select bss.receive_event(pg_temp.sent('12', 'test.a', '"fail"'));
update bss_metadata.received_events set due_at = now() where event_id = '12';
select bss.retry_received();
select is((select status from bss.received_events where event_id = '12'), 'dead', 'what fails too often is given up');
select is(bss.revive_received('/auth', '12'), 1, 'revive_received() takes it up again');
select is(
    (select array_agg(action_type order by action_timestamp) from bss.audit_log where correlation_id = '12'),
    '{event.failed,event.dead}', 'all of it is recorded'
);
select lives_ok($$select bss.unregister_handler('test.**', 'app.on_test')$$, 'unregister_handler() has it called no more');
select is(bss.receive_event(pg_temp.sent('13', 'test.a', '1')), '{"status": "ignored", "result": {}}', 'what nobody handles is ignored');
select throws_ok(
    $$select bss.unregister_handler('test.**', 'app.on_test')$$, 'SB732',
    'function "app.on_test" does not handle "test.**"', 'unregister_handler() refuses what is not registered'
);
select throws_ok(
    $$select bss.retry_received(0)$$, 'SB736', 'number "0" cannot be used', 'retry_received() refuses to try nothing'
);
select is(
    bss.receive_event(pg_temp.sent(
        'by uuid', 'auth.tenant.created', '{"tenantId": "7f3a1d3e-52a4-4a0b-8a36-1b2b6f8f2e02"}'
    )) #>> '{result,bss_internal.on_tenant_created,id}',
    '7f3a1d3e-52a4-4a0b-8a36-1b2b6f8f2e02', 'a tenant that others name by a uuid has it as its own'
);

set session authorization bob;
select throws_ok($$select bss.receive_event('{}')$$, '42501', null, 'receive_event() refuses who is no operator');

select * from finish();
rollback;
