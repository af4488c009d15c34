begin;
set local search_path = tap, public;
select plan(20);

select bss.provision_tenant('acme', '{"title": "Größe 1", "type": "object", "properties": {
    "größe_id": {"type": "integer"}, "code": {"type": "string"}
}, "x-bss": {"table": "Größe 1", "primaryKey": ["größe_id", "code"]}}') as acme \gset
create role reader login;
create role monitor login;
create role outsider login;
grant bss_subscriber to reader, outsider;
grant bss_monitor to monitor;

set session authorization reader;
select bss.subscribe('world', '{business_store.data.**}');
reset session authorization;
insert into tenant_acme."Größe 1" values (:'acme', 1, 'a');
-- what this transaction writes is not there before it commits: this reads as if it had
update bss_metadata.consumers set until = format('%1$s:%1$s:', pg_current_xact_id()::text::bigint + 1)::pg_snapshot,
    since = '1:1:', position = 0;
set session authorization reader;
select token from bss.poll('world') \gset

select throws_ok(
    $$select bss.report_relay('nobody', 1, 'x', 0, 0, 0, null, null)$$, 'SB701',
    'consumer "nobody" does not exist', 'report_relay() refuses a consumer that does not exist'
);
select throws_ok(
    format($$select bss.report_relay('world', %s, 'x', 0, 0, 0, null, null)$$, :token - 1), 'SB705',
    'lease on consumer "world" was lost', 'report_relay() refuses who has not the lease'
);
select is(
    bss.report_relay('world', :token, 'https://example.com:443/', 5, 1, 0, null, null),
    interval '30 s', 'report_relay() gives how long a lease is'
);
select lives_ok(
    format(
        $$select bss.report_relay('world', %s, %L, 2, 1, 3, '1 hour', 'no answer')$$,
        :token, repeat('x', 600)
    ),
    'report_relay() takes another report'
);
select throws_ok(
    'select * from bss.relays', '42501', 'permission denied for view relays',
    'relays is not for subscribers'
);
set session authorization outsider;
select throws_ok(
    format($$select bss.report_relay('world', %s, 'x', 0, 0, 0, null, null)$$, :token), 'SB703',
    'consumer "world" is another login''s', 'report_relay() refuses another login'
);
select throws_ok(
    format($$select bss.release('world', %s)$$, :token), 'SB703',
    'consumer "world" is another login''s', 'release() refuses another login'
);
set session authorization monitor;
select results_eq(
    'select consumer, length(endpoint), breaker, failures, reason, delivered, refused from bss.relays',
    $$values ('world', 500, 'open', 3, 'no answer', 7::bigint, 2::bigint)$$,
    'relays adds up what was reported, and has the last of the rest'
);
select ok(delivered_at <= reported_at, 'relays says when') from bss.relays;
reset session authorization;
update bss_metadata.relays set open_until = now() - interval '1 s';
select is(breaker, 'half open', 'relays says that the next may go') from bss.relays;
set session authorization reader;
select bss.report_relay('world', :token, 'x', 0, 0, 0, null, null) as lease \gset
reset session authorization;
select is(breaker, 'closed', 'relays says that all may go') from bss.relays;

set session authorization reader;
select throws_ok(
    $$select * from bss.poll('world')$$, 'SB704', 'consumer "world" is in use',
    'poll() refuses a second reader'
);
select throws_ok(
    format($$select bss.release('world', %s)$$, :token - 1), 'SB705',
    'lease on consumer "world" was lost', 'release() refuses who has not the lease'
);
select lives_ok(format($$select bss.release('world', %s)$$, :token), 'release() gives the lease back');
select is(token, :token + 1::bigint, 'release() lets another begin with the same events') from bss.poll('world');
select is(bss.ack('world', :token + 1), 1, 'release() acknowledges nothing');
reset session authorization;

select columns_are(
    'bss', 'debezium_outbox',
    '{id,aggregatetype,aggregateid,type,payload,tenantid,created_at,event_id}',
    'debezium_outbox has the columns of the outbox event router, and others'
);
select results_eq(
    $$select
        d.aggregatetype, d.aggregateid, d.type, d.payload::text, d.tenantid,
        md5((d.payload ->> 'source') || '/' || (d.payload ->> 'id'))::uuid = d.id
      from bss.debezium_outbox as d where d.type like 'business_store.data.%'$$,
    $$select
        'Größe 1', 'acme/{"code": "a", "größe_id": 1}', 'business_store.data.Größe 1.created',
        e.event::text, 'acme', true
      from bss.events as e where e.topic like 'business_store.data.%'$$,
    'debezium_outbox shows a change by the table and the key of the record'
);
select results_eq(
    $$select distinct aggregatetype, aggregateid from bss.debezium_outbox
      where type !~ '\.data\.' order by 1$$,
    $$values ('schema', 'acme'), ('tenant', 'acme')$$,
    'debezium_outbox shows what else happens by the tenant'
);

select bss.unsubscribe('world');
select is_empty('select from bss.relays', 'unsubscribe() takes the relay with it');

select * from finish();
rollback;
