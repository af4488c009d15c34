-- Events: what happened, who reads of it, and what could not be delivered yet.
--
-- Partitions of the outbox are in bss_internal, which is open to nobody: a privilege on one of them
-- would pass by the policies of the whole.

insert into bss_metadata.settings (name, value, description) values
    ('events.notify', '"on demand"', 'When writers notify: on demand, always or off.'),
    ('events.lease', '"30 s"', 'How long a batch belongs to who polled it.'),
    ('events.max_attempts', '10', 'How often an event is delivered before it is a dead letter.'),
    ('events.retry_delay', '"1 s"', 'The wait after the first failure; it doubles with each.'),
    ('events.retry_delay_limit', '"1 hour"', 'The longest wait between two deliveries.'),
    ('events.retention', '"7 days"', 'How long events are kept at least.'),
    ('events.partition', '"1 day"', 'The time that one partition of the outbox covers.'),
    ('events.partitions_ahead', '3', 'The partitions that are made before they are needed.');


create table bss_metadata.epochs (
    epoch integer not null,
    origin uuid not null default gen_random_uuid(),
    place text not null,
    first_id bigint not null,
    started_at timestamptz not null default now(),
    constraint epochs_epoch_pkey primary key (epoch)
);
comment on table bss_metadata.epochs is
    'Counts the places that this database has lived in: transaction ids start anew in each.';
comment on column bss_metadata.epochs.epoch is 'Counts from 1.';
comment on column bss_metadata.epochs.origin is 'The identity of the source of its events.';
comment on column bss_metadata.epochs.place is
    'The cluster, as it names itself, and the oid of the database.';
comment on column bss_metadata.epochs.first_id is
    'Events with this id or a lower one were written before.';
comment on column bss_metadata.epochs.started_at is 'When the place was first noticed.';

insert into bss_metadata.epochs (epoch, place, first_id)
select 1, concat(s.system_identifier, '/', d.oid), 0
from pg_control_system() as s, pg_database as d
where d.datname = current_database();
alter table bss_metadata.epochs enable row level security, force row level security;


create table bss_metadata.outbox (
    id bigint not null generated always as identity,
    xid xid8 not null default pg_current_xact_id(),
    tenant_id uuid,
    topic text not null,
    resource text,
    record_id jsonb,
    data jsonb,
    correlation_id text default nullif(left(current_setting('app.correlation_id', true), 200), ''),
    created_at timestamptz not null default clock_timestamp(),
    constraint outbox_id_created_at_pkey primary key (id, created_at)
)
partition by range (created_at);
comment on table bss_metadata.outbox is
    'Holds what happened, written in the transaction in which it happened.';
comment on column bss_metadata.outbox.id is
    'The order: what can depend on an event has a higher id.';
comment on column bss_metadata.outbox.xid is 'The transaction in which it happened.';
comment on column bss_metadata.outbox.tenant_id is
    'The tenant; null where it concerns the installation.';
comment on column bss_metadata.outbox.topic is 'What kind of event it is.';
comment on column bss_metadata.outbox.resource is 'The table; null where it is not about a record.';
comment on column bss_metadata.outbox.record_id is
    'The key of the record: its value, or an object of them.';
comment on column bss_metadata.outbox.data is 'What else the event carries.';
comment on column bss_metadata.outbox.correlation_id is 'The request that it belongs to.';
comment on column bss_metadata.outbox.created_at is 'When it happened.';
alter table bss_metadata.outbox enable row level security, force row level security;

create table bss_internal.outbox_default (
    like bss_metadata.outbox including all excluding identity
);
comment on table bss_internal.outbox_default is
    'Takes the events for which no partition of the outbox was made.';
alter table bss_metadata.outbox attach partition bss_internal.outbox_default default;


create table bss_metadata.consumers (
    name text not null,
    owner_name text not null default session_user,
    topics text[] not null,
    topic_prefix text not null,
    topic_pattern text,
    tenants uuid[],
    since pg_snapshot not null,
    until pg_snapshot not null,
    low bigint not null,
    floors jsonb not null default '{}',
    position bigint not null,
    batch bigint[] not null default '{}',
    batch_position bigint not null default 0,
    unacknowledged integer not null default 0,
    token bigint not null default 0,
    leased_until timestamptz not null default '-infinity',
    created_at timestamptz not null default now(),
    acked_at timestamptz,
    constraint consumers_name_pkey primary key (name),
    constraint consumers_name_check check (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$')
)
with (fillfactor = 50);
comment on table bss_metadata.consumers is
    'Knows who reads events, which, and how far: what a snapshot saw, and where in the next.';
comment on column bss_metadata.consumers.name is 'The name of the consumer.';
comment on column bss_metadata.consumers.owner_name is 'The login that reads as it.';
comment on column bss_metadata.consumers.topics is 'The patterns of the topics that it reads.';
comment on column bss_metadata.consumers.topic_prefix is 'What all of them begin with.';
comment on column bss_metadata.consumers.topic_pattern is
    'They as a regular expression; null where the prefix says it all.';
comment on column bss_metadata.consumers.tenants is 'The tenants that it reads of; null for all.';
comment on column bss_metadata.consumers.since is 'What this snapshot sees has been read.';
comment on column bss_metadata.consumers.until is 'What this snapshot sees besides is being read.';
comment on column bss_metadata.consumers.low is
    'An id below those of all transactions that began after the snapshot "until".';
comment on column bss_metadata.consumers.floors is
    'The same for each transaction that was in progress in it.';
comment on column bss_metadata.consumers.position is
    'Up to this id, what is being read has been acknowledged.';
comment on column bss_metadata.consumers.batch is
    'The events that were handed out once more and not acknowledged, in their order.';
comment on column bss_metadata.consumers.batch_position is
    'Up to this id, what follows the position was handed out.';
comment on column bss_metadata.consumers.unacknowledged is
    'How many events were handed out and not acknowledged.';
comment on column bss_metadata.consumers.token is
    'Grows with every lease; an older one is refused.';
comment on column bss_metadata.consumers.leased_until is 'When another may take the lease.';
comment on column bss_metadata.consumers.created_at is 'When it subscribed.';
comment on column bss_metadata.consumers.acked_at is 'When it last acknowledged.';
alter table bss_metadata.consumers enable row level security, force row level security;


create table bss_metadata.deliveries (
    consumer text not null,
    event_id bigint not null,
    ordinal bigint not null generated always as identity,
    tenant_id uuid,
    attempts integer not null default 0,
    due_at timestamptz,
    reason text,
    dead_at timestamptz,
    event json,
    constraint deliveries_consumer_event_id_pkey primary key (consumer, event_id),
    constraint deliveries_consumer_fkey foreign key (consumer)
        references bss_metadata.consumers (name) on delete cascade
);
comment on table bss_metadata.deliveries is
    'Holds events that failed, those of the same tenant that wait behind them, and dead letters.';
comment on column bss_metadata.deliveries.consumer is 'The consumer.';
comment on column bss_metadata.deliveries.event_id is 'The event.';
comment on column bss_metadata.deliveries.ordinal is 'The order in which they are delivered again.';
comment on column bss_metadata.deliveries.tenant_id is 'The tenant of the event.';
comment on column bss_metadata.deliveries.attempts is
    'How often it failed; 0 for one that waits behind another.';
comment on column bss_metadata.deliveries.due_at is 'When it is tried again.';
comment on column bss_metadata.deliveries.reason is 'Why it failed last, in the consumer''s words.';
comment on column bss_metadata.deliveries.dead_at is
    'When it was given up; null while it is tried again.';
comment on column bss_metadata.deliveries.event is 'A dead letter''s event as it was delivered.';
alter table bss_metadata.deliveries enable row level security, force row level security;
