-- What is counted, and how things stand, in the names that monitoring knows.

create or replace function bss_internal.add_count(name text)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    insert into bss_metadata.counts (name) values (add_count.name);
end
$$;
comment on function bss_internal.add_count(text) is 'Counts something, once this commits.';


create or replace function bss_internal.add_up_counts()
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    with counted as (
        delete from bss_metadata.counts as c returning c.name, c.value
    )
    insert into bss_metadata.counts (name, value)
    select d.name, sum(d.value) from counted as d group by d.name;
end
$$;
comment on function bss_internal.add_up_counts() is
    'Makes one row for each thing that is counted; what is counted meanwhile stays beside it.';


create or replace view bss.metrics
with (security_invoker = true)
as
select
    n.name, 'counter' as type, '{}'::jsonb as labels, coalesce(sum(c.value), 0)::numeric as value
from (
    select s.name || '_service_' || k.kind as name
    from bss_metadata.services as s
    cross join unnest(
        array['requests_total', 'errors_total', 'given_up_total', 'fallbacks_total']
    ) as k (kind)
    union all
    select k.kind as name
    from unnest(
        array[
            'received_events_total', 'received_events_errors_total', 'tasks_done_total',
            'tasks_errors_total', 'tasks_dead_total'
        ]
    ) as k (kind)
) as n
left join bss_metadata.counts as c on c.name = n.name
group by n.name
union all
select
    s.name || '_service_breaker_open' as name, 'gauge' as type, '{}'::jsonb as labels,
    case s.breaker when 'closed' then 0 when 'half open' then 0.5 else 1 end as value
from bss.services as s
union all
select
    s.name || '_service_calls_waiting' as name, 'gauge' as type, '{}'::jsonb as labels,
    s.calls_waiting as value
from bss.services as s
union all
select
    'received_events' as name, 'gauge' as type, jsonb_build_object('status', w.status) as labels,
    (select count(*) from bss_metadata.received_events as r where r.status = w.status) as value
from unnest(array['waiting', 'dead']) as w (status)
union all
select
    'tasks' as name, 'gauge' as type, jsonb_build_object('status', w.status) as labels,
    (select count(*) from bss_metadata.tasks as t where t.status = w.status) as value
from unnest(array['forwarding', 'waiting', 'running', 'dead']) as w (status)
union all
select
    'tasks_lag_seconds' as name, 'gauge' as type, '{}'::jsonb as labels,
    coalesce(
        extract(epoch from greatest(clock_timestamp() - min(t.due_at), interval '0')), 0
    ) as value
from bss_metadata.tasks as t
where t.status in ('waiting', 'running')
union all
select
    'consumer_lag_events' as name, 'gauge' as type,
    jsonb_build_object('consumer', c.name) as labels, c.lag_events as value
from bss.consumers as c
union all
select
    'consumer_lag_seconds' as name, 'gauge' as type,
    jsonb_build_object('consumer', c.name) as labels, coalesce(c.lag_seconds, 0) as value
from bss.consumers as c;
comment on view bss.metrics is 'Lists what monitoring watches, by names that Prometheus takes.';
comment on column bss.metrics.name is 'The name of the metric.';
comment on column bss.metrics.type is 'What kind it is: a counter only grows, a gauge does not.';
comment on column bss.metrics.labels is 'What it is about.';
comment on column bss.metrics.value is 'The value.';


create or replace function bss.maintain_services()
    returns table (relation text, rows_deleted bigint)
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _before timestamptz := clock_timestamp() - bss_internal.setting('services.retention')::interval;
begin
    perform bss_internal.require_operator();
    relation := 'received_events';
    delete from bss_metadata.received_events as r where r.finished_at < _before;
    get diagnostics rows_deleted = row_count;
    return next;
    relation := 'calls';
    delete from bss_metadata.calls as c where c.finished_at < _before;
    get diagnostics rows_deleted = row_count;
    return next;
    relation := 'tasks';
    delete from bss_metadata.tasks as t where t.finished_at < _before;
    get diagnostics rows_deleted = row_count;
    return next;
    perform bss_internal.add_up_counts();
end
$$;
comment on function bss.maintain_services() is
    'Deletes what was received, asked and done before the retention, and adds up what was counted.';
