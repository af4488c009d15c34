-- Relays: what those who deliver events outside say of where they deliver to. Addresses are here as
-- they may be shown; what is secret in them stays with the relay.

create table bss_metadata.relays (
    consumer text not null,
    endpoint text not null,
    delivered bigint not null default 0,
    refused bigint not null default 0,
    failures integer not null default 0,
    open_until timestamptz,
    reason text,
    created_at timestamptz not null default now(),
    delivered_at timestamptz,
    reported_at timestamptz not null default now(),
    constraint relays_consumer_pkey primary key (consumer),
    constraint relays_consumer_fkey foreign key (consumer)
        references bss_metadata.consumers (name) on delete cascade
)
with (fillfactor = 50);
comment on table bss_metadata.relays is
    'Knows where the events of consumers are delivered to, and how that goes.';
comment on column bss_metadata.relays.consumer is 'The consumer that is read.';
comment on column bss_metadata.relays.endpoint is 'Where its events go, without what is secret.';
comment on column bss_metadata.relays.delivered is 'How many were taken there.';
comment on column bss_metadata.relays.refused is 'How often one was refused.';
comment on column bss_metadata.relays.failures is 'How often in a row nothing was taken.';
comment on column bss_metadata.relays.open_until is
    'When the breaker lets the next through; null while it is closed.';
comment on column bss_metadata.relays.reason is 'Why something failed last; null after a success.';
comment on column bss_metadata.relays.created_at is 'When it was first reported.';
comment on column bss_metadata.relays.delivered_at is 'When an event was last taken.';
comment on column bss_metadata.relays.reported_at is 'When the relay last said anything.';
alter table bss_metadata.relays enable row level security, force row level security;
