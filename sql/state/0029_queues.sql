-- What waits is found by an index, however much of it there is. What is tried again has an order
-- for each tenant, of which the first is found without the others. Runs as bss_owner.

alter table bss_metadata.deliveries
add column queue uuid not null
    generated always as (coalesce(tenant_id, '00000000-0000-0000-0000-000000000000')) stored;
comment on column bss_metadata.deliveries.queue is
    'The tenant, or zeros: each event of it waits for the one before.';

create index deliveries_consumer_queue_ordinal_idx
    on bss_metadata.deliveries (consumer, queue, ordinal) where dead_at is null;

create index tasks_leased_until_idx on bss_metadata.tasks (leased_until)
    where status = 'running';

drop index bss_metadata.tasks_due_at_idx;
create index tasks_due_at_id_idx on bss_metadata.tasks (due_at, id)
    where status in ('waiting', 'running');
