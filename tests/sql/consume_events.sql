begin;
set local search_path = tap, public;
select plan(44);

select bss.provision_tenant('acme', '{"title": "Note", "type": "object", "properties": {
    "note_id": {"type": "integer"}, "body": {"type": "string"}
}}') as acme \gset
select bss.provision_tenant('globex') as globex \gset
select set_config('app.correlation_id', 'request 7', true) as set \gset
create role reader login;
create role other_reader login;
grant bss_subscriber to reader, other_reader;

create function pg_temp.polled(consumer text, held bigint default null) returns text
language sql as $$
    select coalesce(string_agg(p.id || ' ' || p.attempt, ', ' order by p.ordinality), '')
    from bss.poll(consumer, 10, held) with ordinality as p
$$;
-- event n of those that are written below
create function pg_temp.n(place integer) returns bigint language sql security definer as $$
    select o.id from bss_metadata.outbox as o where o.topic like 'business_store.data.%'
    order by o.id offset place - 1 limit 1
$$;
grant execute on function pg_temp.polled(text, bigint) to reader;

select throws_ok(
    $$select bss.subscribe('-', '{**}')$$, 'SB709', 'consumer name "-" cannot be used',
    'subscribe() refuses a name of another form'
);
select throws_ok(
    $$select bss.subscribe('a', '{}')$$, 'SB707', 'topics cannot be used',
    'subscribe() refuses no topics'
);
select throws_ok(
    $$select bss.subscribe('a', '{a,""}')$$, 'SB707', 'topics cannot be used',
    'subscribe() refuses an empty topic'
);
select throws_ok(
    format('select bss.subscribe(''a'', %L)', t.topics), 'SB707', 'topics cannot be used',
    'subscribe() refuses ' || t.topics
) from unnest('{"{data.order**}","{data.order*,a}","{a,data.***}"}'::text[]) as t (topics);
select throws_ok(
    $$select bss.subscribe('a', '{a}', '{nobody}')$$, 'SB601', 'tenant "nobody" does not exist',
    'subscribe() refuses a tenant that does not exist'
);
select throws_ok(
    $$select bss.subscribe('a', '{a}', '{}')$$, 'SB711', 'no tenant is named',
    'subscribe() refuses an empty list of tenants, which is not all of them'
);
select throws_ok(
    $$select bss.subscribe('a', '{a}', null, 'soon')$$, 'SB708', 'start "soon" cannot be used',
    'subscribe() refuses a start that is none'
);
set session authorization reader;
select lives_ok(
    $$select bss.subscribe('all', '{business_store.data.**}', null, 'beginning')$$,
    'subscribe() makes a consumer for a subscriber'
);
reset session authorization;
select throws_ok(
    $$select bss.subscribe('all', '{**}')$$, 'SB702', 'consumer "all" exists already',
    'subscribe() refuses a name that is taken'
);
select bss.subscribe('created', '{business_store.data.*.created}', '{acme}');
select bss.subscribe('tenants', '{business_store.tenant.*,business_store.schema.updated}', null, 'beginning');
select bss.subscribe('elsewhere', '{**}', '{globex}');

insert into tenant_acme.notes values (:'acme', 1, 'a'), (:'acme', 2, 'b'), (:'acme', 3, 'c');
update tenant_acme.notes set body = upper(body) where note_id < 3;
update tenant_acme.notes set body = body;

select results_eq(
    $$select event::jsonb - 'id' - 'source' - 'time' from bss.events where id = pg_temp.n(1)$$,
    $$values ('{
        "specversion": "1.0", "type": "business_store.data.notes.created", "subject": "notes/1",
        "datacontenttype": "application/json", "dataschema": "urn:bss:schema:acme:1",
        "tenantid": "acme", "correlationid": "request 7",
        "data": {"tenantId": "acme", "resource": "notes", "recordId": 1}
    }'::jsonb)$$,
    'events are CloudEvents'
);
select is(
    (select count(*) from bss_metadata.outbox where topic like '%.updated' and resource is not null),
    2::bigint, 'an update that changes nothing is no event'
);
-- what this transaction writes is not there before it commits: these read as if it had
update bss_metadata.consumers set until = concat_ws(':', pg_current_xact_id()::text::bigint + 1, pg_current_xact_id()::text::bigint + 1, '')::pg_snapshot,
    since = '1:1:', position = 0;

select is((select string_agg(topic, ' ' order by id) from bss.poll('created')), repeat('business_store.data.notes.created ', 2) || 'business_store.data.notes.created', 'poll() gives what the topics say');
select is((select count(*) from bss.poll('elsewhere') where tenant <> 'globex'), 0::bigint, 'poll() gives events of the tenants that were named');
select is(
    (select string_agg(topic, ' ' order by id) from bss.poll('tenants') where tenant = 'acme'),
    'business_store.tenant.provisioned business_store.schema.updated business_store.tenant.active',
    'the life of a tenant and its schema is told'
);
set session authorization other_reader;
select throws_ok(
    $$select bss.poll('all')$$, 'SB703', 'consumer "all" is another login''s',
    'poll() refuses who did not subscribe'
);
select throws_ok(
    $$select bss.unsubscribe('all')$$, 'SB703', 'consumer "all" is another login''s',
    'unsubscribe() refuses who did not subscribe'
);
select throws_ok(
    $$select bss.poll('nobody')$$, 'SB701', 'consumer "nobody" does not exist',
    'poll() refuses a consumer that does not exist'
);
select throws_ok(
    $$select bss.poll('all', 0)$$, 'SB710', 'number of events "0" cannot be used',
    'poll() refuses to give nothing'
);
reset session authorization;
select token as first_token from bss_metadata.consumers where name = 'all' \gset
set session authorization reader;
select is(bss.ack('all', :first_token), 0, 'ack() leases nothing to who was given nothing');
select is(pg_temp.polled('all'), format('%s 1, %s 1, %s 1, %s 1, %s 1', pg_temp.n(1), pg_temp.n(2), pg_temp.n(3), pg_temp.n(4), pg_temp.n(5)), 'poll() gives events in their order');
select throws_ok(
    $$select bss.poll('all')$$, 'SB704', 'consumer "all" is in use',
    'poll() refuses a second reader while the lease lasts'
);
reset session authorization;
select token from bss_metadata.consumers where name = 'all' \gset
select is(pg_temp.polled('all', :token), format('%s 1, %s 1, %s 1, %s 1, %s 1', pg_temp.n(1), pg_temp.n(2), pg_temp.n(3), pg_temp.n(4), pg_temp.n(5)), 'poll() gives the same again until it is acknowledged');
select throws_ok(
    $$select bss.ack('all', 1)$$, 'SB705', 'lease on consumer "all" was lost', 'ack() refuses an old token'
);
select throws_ok(
    format('select bss.ack(''all'', %s, 0)', :token), 'SB706', 'event 0 is not in the batch',
    'ack() refuses an event that was not handed out'
);
select is(bss.ack('all', :token, pg_temp.n(2)), 2, 'ack() acknowledges through an event');
select is(pg_temp.polled('all', :token), format('%s 1, %s 1, %s 1', pg_temp.n(3), pg_temp.n(4), pg_temp.n(5)), 'poll() goes on behind it');

select throws_ok(
    format('select bss.nack(''all'', %s, 0, ''x'')', :token), 'SB706', 'event 0 is not in the batch',
    'nack() refuses an event that was not handed out'
);
select lives_ok(format('select bss.nack(''all'', %s, %s, ''out of ink'')', :token, pg_temp.n(4)), 'nack() takes an event that failed');
select is(bss.ack('all', :token), 1, 'nack() takes it out of the batch, with what its tenant has behind it');
select is(pg_temp.polled('all', :token), '', 'nack() puts it off');
update bss_metadata.deliveries set due_at = now() where due_at is not null;
select is(pg_temp.polled('all', :token), format('%s 2', pg_temp.n(4)), 'poll() gives it again, alone, when it is due');
select results_eq(
    $$select waiting, dead from bss.consumers where name = 'all'$$, $$values (2::bigint, 0::bigint)$$,
    'consumers counts what waits'
);
select bss.set_setting('events.max_attempts', '2');
select bss.nack('all', :token, pg_temp.n(4), 'out of paper');
select results_eq(
    $$select event_id, attempts, reason from bss.dead_letters$$,
    $$values (pg_temp.n(4), 2, 'out of paper')$$,
    'nack() makes a dead letter of what fails too often'
);
select is(pg_temp.polled('all', :token), format('%s 1', pg_temp.n(5)), 'what waited behind a dead letter comes');
select is(bss.ack('all', :token), 1, 'ack() acknowledges what waited');
select is(bss.revive('all'), 1, 'revive() takes up a dead letter');
select is(pg_temp.polled('all', :token), format('%s 1', pg_temp.n(4)), 'revive() has it delivered again');
set local synchronous_commit = off;
select bss.ack('all', :token);
select is(current_setting('synchronous_commit'), 'off', 'ack() leaves it to the reader whether to wait for the disk');
select bss.release('all', :token);
select pg_temp.polled('all');
select is(current_setting('synchronous_commit'), 'on', 'poll() waits for it before anybody has a new token');
select token from bss_metadata.consumers where name = 'all' \gset
select lives_ok(format('select bss.replay(''all'', %L)', pg_temp.n(5)), 'replay() goes back to an event');
select throws_ok(
    format('select bss.ack(''all'', %s)', :token), 'SB705', 'lease on consumer "all" was lost',
    'replay() takes the lease away'
);
select lives_ok($$select bss.unsubscribe('all')$$, 'unsubscribe() gives a consumer up');

select * from finish();
rollback;
