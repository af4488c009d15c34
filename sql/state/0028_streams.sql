-- Streams: the tenants that a consumer reads apart from the others, because they write so much. It
-- reads of all the others in one stream, which is in its own row.

alter table bss_metadata.consumers
    add column apart uuid[] not null default '{}',
    add column stream uuid;
comment on column bss_metadata.consumers.apart is 'The tenants that have a stream of their own.';
comment on column bss_metadata.consumers.stream is
    'The tenant of whose stream the last batch was; null for that of all the others.';


create table bss_metadata.consumer_streams (
    consumer text not null,
    tenant_id uuid not null,
    since pg_snapshot not null,
    until pg_snapshot not null,
    low bigint not null,
    floors jsonb not null,
    position bigint not null,
    constraint consumer_streams_consumer_tenant_id_pkey primary key (consumer, tenant_id),
    constraint consumer_streams_consumer_fkey foreign key (consumer)
        references bss_metadata.consumers (name) on delete cascade
)
with (fillfactor = 50);
comment on table bss_metadata.consumer_streams is
    'Knows how far a consumer is with a tenant that it reads apart from the others.';
comment on column bss_metadata.consumer_streams.consumer is 'The consumer.';
comment on column bss_metadata.consumer_streams.tenant_id is 'The tenant.';
comment on column bss_metadata.consumer_streams.since is 'What this snapshot sees has been read.';
comment on column bss_metadata.consumer_streams.until is
    'What this snapshot sees besides is being read.';
comment on column bss_metadata.consumer_streams.low is
    'An id below those of all transactions that began after the snapshot "until".';
comment on column bss_metadata.consumer_streams.floors is
    'The same for each transaction that was in progress in it.';
comment on column bss_metadata.consumer_streams.position is
    'Up to this id, what is being read has been acknowledged.';
alter table bss_metadata.consumer_streams
    enable row level security, force row level security;
