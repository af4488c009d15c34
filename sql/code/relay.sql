-- Relays: how delivery goes, as those say who deliver, and events in the columns that others know.

create or replace function bss.report_relay(
    name text, token bigint, endpoint text, delivered integer, refused integer, failures integer,
    rest interval, reason text
)
    returns interval
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _consumer bss_metadata.consumers := bss_internal.lock_consumer(name);
    _now timestamptz := clock_timestamp();
begin
    perform bss_internal.refuse_lost_lease(_consumer, token);
    insert into bss_metadata.relays as r (
        consumer, endpoint, delivered, refused, failures, open_until, reason, delivered_at,
        reported_at
    )
    values (
        _consumer.name, left(report_relay.endpoint, 500), coalesce(report_relay.delivered, 0),
        coalesce(report_relay.refused, 0), coalesce(report_relay.failures, 0), _now + rest,
        left(report_relay.reason, 1000),
        case when report_relay.delivered > 0 then _now end, _now
    )
    on conflict (consumer) do update
    set
        endpoint = excluded.endpoint, delivered = r.delivered + excluded.delivered,
        refused = r.refused + excluded.refused, failures = excluded.failures,
        open_until = excluded.open_until, reason = excluded.reason,
        delivered_at = coalesce(excluded.delivered_at, r.delivered_at),
        reported_at = excluded.reported_at;
    return bss_internal.setting('events.lease')::interval;
end
$$;
comment on function bss.report_relay(
    text, bigint, text, integer, integer, integer, interval, text
) is 'Adds up what whoever has a consumer''s lease delivered; gives how long a lease is.';


create or replace function bss.release(name text, token bigint)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _consumer bss_metadata.consumers := bss_internal.lock_consumer(name);
begin
    perform bss_internal.refuse_lost_lease(_consumer, token);
    update bss_metadata.consumers as c set leased_until = '-infinity' where c.name = _consumer.name;
end
$$;
comment on function bss.release(text, bigint) is
    'Gives the lease on a consumer back, so that another need not wait for its end.';


create or replace view bss.relays
with (security_invoker = true)
as
select
    r.consumer, r.endpoint,
    case
        when r.open_until is null then 'closed'
        when r.open_until > clock_timestamp() then 'open'
        else 'half open'
    end as breaker,
    r.failures, r.open_until, r.reason, r.delivered, r.refused, r.delivered_at, r.reported_at
from bss_metadata.relays as r;
comment on view bss.relays is 'Lists where events are delivered to outside, and how that goes.';
comment on column bss.relays.consumer is 'The consumer that is read.';
comment on column bss.relays.endpoint is 'Where its events go, without what is secret.';
comment on column bss.relays.breaker is
    'Whether events are sent: closed for all, open for none, half open for one to see.';
comment on column bss.relays.failures is 'How often in a row nothing was taken.';
comment on column bss.relays.open_until is 'When the breaker lets the next through.';
comment on column bss.relays.reason is 'Why something failed last; null after a success.';
comment on column bss.relays.delivered is 'How many events were taken.';
comment on column bss.relays.refused is 'How often one was refused.';
comment on column bss.relays.delivered_at is 'When an event was last taken.';
comment on column bss.relays.reported_at is 'When the relay last said anything.';


-- The columns that Debezium's outbox event router expects unless it is told of others.
create or replace view bss.debezium_outbox
with (security_invoker = true)
as
select
    md5(concat(e.event ->> 'source', '/', e.id))::uuid as id,
    a.type as aggregatetype,
    coalesce(nullif(concat_ws('/', e.tenant, a.key), ''), a.type) as aggregateid,
    e.topic as type, e.event as payload, e.tenant as tenantid, e.created_at, e.id as event_id
from bss.events as e
cross join lateral (
    select
        case
            when r.is_record then e.event #>> '{data,resource}'
            else split_part(e.topic, '.', 2)
        end as type,
        case when r.is_record then e.event #>> '{data,recordId}' end as key
    from (select starts_with(e.topic, 'business_store.data.') as is_record) as r
) as a;
comment on view bss.debezium_outbox is
    'Shows the events in the columns of the outbox table that Debezium''s event router reads.';
comment on column bss.debezium_outbox.id is 'The identity of the event, in whichever cluster.';
comment on column bss.debezium_outbox.aggregatetype is
    'What the event is about: the table, or what follows "business_store" in the topic.';
comment on column bss.debezium_outbox.aggregateid is
    'Which of them: the tenant, and the key of the record if it is about one.';
comment on column bss.debezium_outbox.type is 'The topic.';
comment on column bss.debezium_outbox.payload is 'The event as CloudEvents 1.0 has it.';
comment on column bss.debezium_outbox.tenantid is 'The external id of the tenant.';
comment on column bss.debezium_outbox.created_at is 'When it happened.';
comment on column bss.debezium_outbox.event_id is 'The identity of the event in this cluster.';
