-- What other services tell us, what we ask of them, and the tasks that are done for us, by them or
-- here. The services themselves are called by bss work; nothing in the database opens a connection.

insert into bss_metadata.settings (name, value, description) values
    ('receive.blueprint', '""', 'What tenants follow that an event provisions; empty for nothing.'),
    ('receive.max_bytes', '262144', 'The largest event that is received, in bytes.'),
    ('services.patience', '"30 s"', 'How long an answer is waited for before there is a fallback.'),
    ('services.retention', '"30 days"', 'How long is kept what was received, asked and done.'),
    ('tasks.lease', '"5 minutes"', 'How long a task belongs to who claimed it.'),
    ('tasks.limit', '10000', 'The unfinished tasks of one tenant.'),
    ('tasks.max_attempts', '5', 'How often a task is claimed before it is given up.'),
    ('tasks.max_bytes', '65536', 'The largest payload of a task, in bytes.');


create table bss_metadata.handlers (
    topics text not null,
    schema_name text not null,
    function_name text not null,
    owner_name text not null,
    registered_by text not null default session_user,
    registered_at timestamptz not null default now(),
    constraint handlers_topics_schema_name_function_name_pkey
        primary key (topics, schema_name, function_name)
);
comment on table bss_metadata.handlers is 'Says which functions are called for which events.';
comment on column bss_metadata.handlers.topics is 'A topic, or a pattern of topics.';
comment on column bss_metadata.handlers.schema_name is 'The schema of the function.';
comment on column bss_metadata.handlers.function_name is
    'Its name; it takes the event and gives a result.';
comment on column bss_metadata.handlers.owner_name is
    'Whose function it was when it was registered; it is called as long as it is theirs.';
comment on column bss_metadata.handlers.registered_by is 'The login that registered it.';
comment on column bss_metadata.handlers.registered_at is 'When it was registered.';
insert into bss_metadata.handlers (topics, schema_name, function_name, owner_name) values
    ('auth.tenant.created', 'bss_internal', 'on_tenant_created', 'bss_owner'),
    ('auth.tenant.deleted', 'bss_internal', 'on_tenant_deleted', 'bss_owner');
alter table bss_metadata.handlers enable row level security, force row level security;


create table bss_metadata.received_events (
    source text not null,
    event_id text not null,
    topic text not null,
    tenant text,
    event_time timestamptz,
    event jsonb not null,
    correlation_id text not null,
    status text not null default 'waiting',
    attempts integer not null default 0,
    due_at timestamptz default now(),
    result jsonb,
    reason text,
    received_by text not null default session_user,
    received_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz,
    constraint received_events_source_event_id_pkey primary key (source, event_id),
    constraint received_events_status_check check (
        status in ('waiting', 'done', 'ignored', 'dead')
    ),
    constraint received_events_due_at_check check ((status = 'waiting') = (due_at is not null)),
    constraint received_events_finished_at_check check (
        (status = 'waiting') = (finished_at is null)
    )
);
create index received_events_status_due_at_idx
    on bss_metadata.received_events (status, due_at) where status in ('waiting', 'dead');
create index received_events_source_tenant_idx on bss_metadata.received_events (source, tenant);
comment on table bss_metadata.received_events is
    'Holds the events of other services, each once, and what came of it.';
comment on column bss_metadata.received_events.source is 'Who sent it.';
comment on column bss_metadata.received_events.event_id is 'Its identity at the source.';
comment on column bss_metadata.received_events.topic is 'What kind of event it is: its type.';
comment on column bss_metadata.received_events.tenant is 'The tenant that it names; null for none.';
comment on column bss_metadata.received_events.event_time is
    'When it happened, by the clock of its source.';
comment on column bss_metadata.received_events.event is 'The event as CloudEvents 1.0 has it.';
comment on column bss_metadata.received_events.correlation_id is 'The request that it belongs to.';
comment on column bss_metadata.received_events.status is
    'Whether it is waiting to be tried again, done, ignored because nobody handles it, or dead.';
comment on column bss_metadata.received_events.attempts is 'How often its handlers were called.';
comment on column bss_metadata.received_events.due_at is 'When they are called again.';
comment on column bss_metadata.received_events.result is 'What each of its handlers gave.';
comment on column bss_metadata.received_events.reason is 'Why one failed last.';
comment on column bss_metadata.received_events.received_by is 'The login that handed it in.';
comment on column bss_metadata.received_events.received_at is 'When it was first handed in.';
comment on column bss_metadata.received_events.finished_at is 'When it was done or given up.';
alter table bss_metadata.received_events enable row level security, force row level security;


create table bss_metadata.services (
    name text not null,
    url text,
    request_timeout interval not null default '2 s',
    max_attempts integer not null default 3,
    fallback text not null,
    breaker_threshold integer not null default 5,
    breaker_rest interval not null default '30 s',
    failures integer not null default 0,
    open_until timestamptz not null default '-infinity',
    last_failure text,
    last_failed_at timestamptz,
    constraint services_name_pkey primary key (name),
    constraint services_fallback_check check (fallback in ('refuse', 'local', 'queue'))
);
comment on table bss_metadata.services is
    'Says where other services are, how they are called, and whether they answer.';
comment on column bss_metadata.services.name is 'The service.';
comment on column bss_metadata.services.url is
    'Where it is; null while there is none, and everything is done here.';
comment on column bss_metadata.services.request_timeout is 'How long one call may take.';
comment on column bss_metadata.services.max_attempts is 'How often a call is tried.';
comment on column bss_metadata.services.fallback is
    'What becomes of a call without an answer: refuse what needs it, do it here, or go on trying.';
comment on column bss_metadata.services.breaker_threshold is
    'How many failures in a row stop the calls.';
comment on column bss_metadata.services.breaker_rest is
    'How long they stop before one is made to see.';
comment on column bss_metadata.services.failures is 'The failures since it last answered.';
comment on column bss_metadata.services.open_until is
    'Until when it is not called, once there are so many.';
comment on column bss_metadata.services.last_failure is 'Why a call failed last.';
comment on column bss_metadata.services.last_failed_at is 'When that was.';
insert into bss_metadata.services (name, fallback) values
    ('auth', 'queue'), ('task', 'local'), ('validation', 'refuse');
alter table bss_metadata.services enable row level security, force row level security;


create table bss_metadata.calls (
    id bigint not null generated always as identity,
    service text not null,
    operation text not null,
    tenant_id uuid,
    key text not null,
    payload json not null,
    correlation_id text,
    attempts integer not null default 0,
    due_at timestamptz not null default clock_timestamp(),
    token bigint not null default 0,
    leased_until timestamptz,
    worker text,
    outcome text,
    response jsonb,
    reason text,
    created_by text not null default session_user,
    created_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz,
    constraint calls_id_pkey primary key (id),
    constraint calls_service_fkey foreign key (service) references bss_metadata.services (name),
    constraint calls_tenant_id_fkey foreign key (tenant_id) references bss_metadata.tenants (id),
    constraint calls_outcome_check check (outcome in ('answered', 'failed', 'cancelled')),
    constraint calls_finished_at_check check ((outcome is null) = (finished_at is null))
);
-- of what asks the same, one is under way
create unique index calls_service_operation_key_key
    on bss_metadata.calls (service, operation, key) where outcome is null;
create index calls_service_due_at_idx on bss_metadata.calls (service, due_at) where outcome is null;
create index calls_service_operation_key_id_idx
    on bss_metadata.calls (service, operation, key, id);
comment on table bss_metadata.calls is
    'Holds what is asked of other services, and what they answered.';
comment on column bss_metadata.calls.id is 'The identity of the call.';
comment on column bss_metadata.calls.service is 'Who is asked.';
comment on column bss_metadata.calls.operation is 'What is asked.';
comment on column bss_metadata.calls.tenant_id is 'The tenant that it is about; null for none.';
comment on column bss_metadata.calls.key is 'What it is about: the same is asked once at a time.';
comment on column bss_metadata.calls.payload is 'What is sent.';
comment on column bss_metadata.calls.correlation_id is 'The request that it belongs to.';
comment on column bss_metadata.calls.attempts is 'How often it was tried.';
comment on column bss_metadata.calls.due_at is 'When it is tried next.';
comment on column bss_metadata.calls.token is 'Grows with every lease; an older one is refused.';
comment on column bss_metadata.calls.leased_until is 'When another may take the lease.';
comment on column bss_metadata.calls.worker is 'Who had the lease last.';
comment on column bss_metadata.calls.outcome is 'What came of it; null while it is under way.';
comment on column bss_metadata.calls.response is 'The answer.';
comment on column bss_metadata.calls.reason is 'Why it failed last.';
comment on column bss_metadata.calls.created_by is 'The login that asked for it.';
comment on column bss_metadata.calls.created_at is 'When that was.';
comment on column bss_metadata.calls.finished_at is 'When it was answered or given up.';
alter table bss_metadata.calls enable row level security, force row level security;


create table bss_metadata.tasks (
    id bigint not null generated always as identity,
    tenant_id uuid,
    name text not null,
    key text,
    payload jsonb not null,
    correlation_id text,
    status text not null default 'waiting',
    due_at timestamptz not null,
    attempts integer not null default 0,
    token bigint not null default 0,
    leased_until timestamptz,
    worker text,
    result jsonb,
    reason text,
    created_by text not null default session_user,
    created_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz,
    constraint tasks_id_pkey primary key (id),
    constraint tasks_tenant_id_fkey foreign key (tenant_id) references bss_metadata.tenants (id),
    constraint tasks_status_check check (
        status in ('forwarding', 'waiting', 'running', 'forwarded', 'done', 'dead', 'cancelled')
    ),
    constraint tasks_finished_at_check check (
        (status in ('forwarding', 'waiting', 'running')) = (finished_at is null)
    )
);
create unique index tasks_tenant_id_key_key
    on bss_metadata.tasks (coalesce(tenant_id, '00000000-0000-0000-0000-000000000000'), key);
create index tasks_due_at_idx on bss_metadata.tasks (due_at)
    where status in ('waiting', 'running');
create index tasks_tenant_id_idx on bss_metadata.tasks (tenant_id) where finished_at is null;
comment on table bss_metadata.tasks is 'Holds what is to be done later, and what came of it.';
comment on column bss_metadata.tasks.id is 'The identity of the task.';
comment on column bss_metadata.tasks.tenant_id is 'Whose it is; null for one of the installation.';
comment on column bss_metadata.tasks.name is 'What is to be done.';
comment on column bss_metadata.tasks.key is
    'What is scheduled once, however often that is asked for; null for a task without.';
comment on column bss_metadata.tasks.payload is 'What is to be known for it.';
comment on column bss_metadata.tasks.correlation_id is 'The request that it belongs to.';
comment on column bss_metadata.tasks.status is
    'Whether it is forwarding or forwarded to the task service; waiting, running, done or dead '
    'here; or cancelled.';
comment on column bss_metadata.tasks.due_at is 'When it is to be done, or tried again.';
comment on column bss_metadata.tasks.attempts is 'How often it was claimed.';
comment on column bss_metadata.tasks.token is 'Grows with every lease; an older one is refused.';
comment on column bss_metadata.tasks.leased_until is 'When another may take the lease.';
comment on column bss_metadata.tasks.worker is 'Who had the lease last.';
comment on column bss_metadata.tasks.result is 'What came of it.';
comment on column bss_metadata.tasks.reason is 'Why it failed last.';
comment on column bss_metadata.tasks.created_by is 'The login that scheduled it.';
comment on column bss_metadata.tasks.created_at is 'When that was.';
comment on column bss_metadata.tasks.finished_at is 'When it was done, given up or cancelled.';
alter table bss_metadata.tasks enable row level security, force row level security;


create table bss_metadata.counts (
    name text not null,
    value bigint not null default 1
);
comment on table bss_metadata.counts is
    'Counts what happens. Who counts adds a row, so that nobody waits for another.';
comment on column bss_metadata.counts.name is 'What is counted.';
comment on column bss_metadata.counts.value is 'How often it happened since the row before.';
alter table bss_metadata.counts enable row level security, force row level security;
