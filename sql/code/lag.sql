-- How far consumers are behind, and what they have given up.

create or replace view bss.dead_letters
with (security_invoker = true)
as
-- without what it says: it is for the consumer, which bss.revive() gives it to
select d.consumer, d.event_id, d.dead_at, d.attempts, d.reason
from bss_metadata.deliveries as d
where d.dead_at is not null;
comment on view bss.dead_letters is 'Lists the events that were given up, with the last reason.';
comment on column bss.dead_letters.consumer is 'The consumer that failed.';
comment on column bss.dead_letters.event_id is 'The event.';
comment on column bss.dead_letters.dead_at is 'When it was given up.';
comment on column bss.dead_letters.attempts is 'How often it failed.';
comment on column bss.dead_letters.reason is 'Why it failed last, in the consumer''s words.';


create or replace view bss.consumers
with (security_invoker = true)
as
select
    c.name, c.owner_name, c.topics,
    (select array_agg(t.external_id) from bss_metadata.tenants as t where t.id = any (c.tenants))
        as tenants,
    coalesce(w.events, 0) + d.waiting as lag_events,
    extract(epoch from clock_timestamp() - least(w.oldest, f.created_at)) as lag_seconds,
    c.unacknowledged, d.waiting, d.dead, c.leased_until, c.acked_at,
    case
        when pg_notification_queue_usage() > 0.5 then 'poll only: the queue is full'
        else s.value #>> '{}'
    end as wake_up,
    (select array_agg(t.external_id) from bss_metadata.tenants as t where t.id = any (c.apart))
        as apart
from bss_metadata.consumers as c
join bss_metadata.settings as s on s.name = 'events.notify'
cross join (select max(p.first_id) as first_id from bss_metadata.epochs as p) as e
cross join lateral (
    select
        count(*) filter (where l.dead_at is null) as waiting,
        count(*) filter (where l.dead_at is not null) as dead,
        min(l.event_id) filter (where l.dead_at is null) as first_waiting
    from bss_metadata.deliveries as l where l.consumer = c.name
) as d
left join bss_metadata.outbox as f on f.id = d.first_waiting
cross join lateral (
    select sum(u.events)::bigint as events, min(u.oldest) as oldest
    from (
        select
            null::uuid as tenant_id, c.since as since, c.until as until, c.low as low,
            c.floors as floors, c.position as position
        union all
        select
            a.tenant_id as tenant_id, a.since as since, a.until as until, a.low as low,
            a.floors as floors, a.position as position
        from bss_metadata.consumer_streams as a where a.consumer = c.name
    ) as r
    cross join lateral (
        select count(*) as events, min(o.created_at) as oldest
        from bss_metadata.outbox as o
        where
            o.id > least(
                r.position, r.low,
                (select min(f.value::bigint) from jsonb_each_text(r.floors) as f)
            )
            -- as bss_internal.is_unread(), which readers of the view may not call
            and case
                when o.id <= e.first_id then o.id > r.position and r.since::text = '1:1:'
                else
                    (o.id > r.position or not pg_visible_in_snapshot(o.xid, r.until))
                    and not pg_visible_in_snapshot(o.xid, r.since)
            end
            and case
                when r.tenant_id is null then (o.tenant_id = any (c.apart)) is not true
                else o.tenant_id = r.tenant_id
            end
            and starts_with(o.topic, c.topic_prefix)
            and (c.topic_pattern is null or o.topic ~ c.topic_pattern)
            and (c.tenants is null or o.tenant_id = any (c.tenants))
            -- those were counted above, or are dead letters
            and (
                d.waiting + d.dead = 0
                or not exists (
                    select from bss_metadata.deliveries as l
                    where l.consumer = c.name and l.event_id = o.id
                )
            )
    ) as u
) as w;
comment on view bss.consumers is 'Lists who reads events, and how far behind each is.';
comment on column bss.consumers.name is 'The name of the consumer.';
comment on column bss.consumers.owner_name is 'The login that reads as it.';
comment on column bss.consumers.topics is 'The patterns of the topics that it reads.';
comment on column bss.consumers.tenants is 'The tenants that it reads of; null for all.';
comment on column bss.consumers.lag_events is 'The events that it has not acknowledged.';
comment on column bss.consumers.lag_seconds is 'The age of the oldest of them; null for none.';
comment on column bss.consumers.unacknowledged is 'Those of them that were handed out.';
comment on column bss.consumers.waiting is 'Those of them that failed, or wait behind one.';
comment on column bss.consumers.dead is 'Its dead letters.';
comment on column bss.consumers.leased_until is 'When another may take its lease.';
comment on column bss.consumers.acked_at is 'When it last acknowledged.';
comment on column bss.consumers.wake_up is 'When writers send a notification.';
comment on column bss.consumers.apart is
    'The tenants that it reads in turn with all the others; null for none.';
