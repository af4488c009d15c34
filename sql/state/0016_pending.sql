-- What a migration leaves to be done beside those who use a large table. Runs as bss_owner.

insert into bss_metadata.settings (name, value, description) values
    (
        'apply.online_bytes', '67108864',
        'The size from which on a table is migrated while it is used, in bytes.'
    ),
    ('migrate.attempts', '20', 'How often a pending step is tried while its table is in use.'),
    ('migrate.batch_rows', '5000', 'The rows that a pending step writes in one transaction.');


create table bss_metadata.pending_steps (
    tenant_id uuid not null,
    version integer not null,
    position integer not null,
    kind text not null,
    relation text not null,
    object text not null,
    mode text not null,
    lock text not null,
    statement text not null,
    undo jsonb not null,
    state text not null,
    attempts integer not null default 0,
    last_error text,
    rows_done bigint not null default 0,
    rows_estimated bigint not null,
    progress jsonb,
    started_at timestamptz,
    finished_at timestamptz,
    constraint pending_steps_tenant_id_version_position_pkey
        primary key (tenant_id, version, position),
    constraint pending_steps_tenant_id_version_fkey foreign key (tenant_id, version)
        references bss_metadata.tenant_schemas (tenant_id, version),
    constraint pending_steps_mode_check check (
        mode in ('now', 'transaction', 'batch', 'concurrently')
    ),
    constraint pending_steps_state_check check (
        state in ('waiting', 'running', 'failed', 'done', 'cancelled')
        and (state in ('done', 'cancelled')) = (finished_at is not null)
    )
);
create index pending_steps_open_idx
    on bss_metadata.pending_steps (tenant_id, position) where finished_at is null;
comment on table bss_metadata.pending_steps is
    'Lists the steps of migrations of large tables: those of the migration itself, which are done, '
    'and those after it.';
comment on column bss_metadata.pending_steps.tenant_id is 'The tenant.';
comment on column bss_metadata.pending_steps.version is 'The version that the step belongs to.';
comment on column bss_metadata.pending_steps.position is 'The order of the step in its version.';
comment on column bss_metadata.pending_steps.kind is 'What kind of step it is.';
comment on column bss_metadata.pending_steps.relation is 'The table or the partition.';
comment on column bss_metadata.pending_steps.object is 'The column, the constraint or the index.';
comment on column bss_metadata.pending_steps.mode is
    'Where it is executed: now, in a transaction, in one for each batch of rows, or concurrently.';
comment on column bss_metadata.pending_steps.lock is 'The lock that it takes on the table.';
comment on column bss_metadata.pending_steps.statement is 'The statement.';
comment on column bss_metadata.pending_steps.undo is 'What takes it away if it is cancelled.';
comment on column bss_metadata.pending_steps.state is 'How far it is.';
comment on column bss_metadata.pending_steps.attempts is
    'How often it was tried since it last got on.';
comment on column bss_metadata.pending_steps.last_error is 'Why it did not get on.';
comment on column bss_metadata.pending_steps.rows_done is 'How many rows it has gone through.';
comment on column bss_metadata.pending_steps.rows_estimated is
    'How many rows the table was believed to have.';
comment on column bss_metadata.pending_steps.progress is 'Where the next batch begins.';
comment on column bss_metadata.pending_steps.started_at is 'When it was first tried.';
comment on column bss_metadata.pending_steps.finished_at is 'When it was done, or cancelled.';
alter table bss_metadata.pending_steps enable row level security, force row level security;


create table bss_metadata.quarantined_values (
    tenant_id uuid not null,
    relation text not null,
    column_name text not null,
    row_key jsonb not null,
    value jsonb not null,
    reason text not null,
    quarantined_at timestamptz not null default now(),
    constraint quarantined_values_tenant_id_fkey foreign key (tenant_id)
        references bss_metadata.tenants (id)
);
-- a key can be longer than an index takes
create unique index quarantined_values_row_key_idx
    on bss_metadata.quarantined_values (tenant_id, relation, column_name, md5(row_key::text));
comment on table bss_metadata.quarantined_values is
    'Keeps the values that did not convert when the type of their column was changed.';
comment on column bss_metadata.quarantined_values.tenant_id is 'The tenant.';
comment on column bss_metadata.quarantined_values.relation is 'The table.';
comment on column bss_metadata.quarantined_values.column_name is 'The column.';
comment on column bss_metadata.quarantined_values.row_key is 'The primary key of the row.';
comment on column bss_metadata.quarantined_values.value is 'The value that the row had.';
comment on column bss_metadata.quarantined_values.reason is 'Why it did not convert.';
comment on column bss_metadata.quarantined_values.quarantined_at is 'When it was to be converted.';
alter table bss_metadata.quarantined_values enable row level security, force row level security;


create type bss_internal.outcome as (
    outcome text,
    statement text,
    code text,
    message text,
    hint text
);
comment on type bss_internal.outcome is 'What became of an attempt at a pending step.';
comment on column bss_internal.outcome.outcome is
    'One of done, more, blocked, failed, and outside: to be executed outside a transaction.';
comment on column bss_internal.outcome.statement is 'What is to be executed outside.';
comment on column bss_internal.outcome.code is 'The SQLSTATE, if it failed.';
comment on column bss_internal.outcome.message is 'What is in its way.';
comment on column bss_internal.outcome.hint is 'What to do about it.';

-- replaced by another of the same name with one more parameter
drop function if exists bss_internal.fingerprint(bss_metadata.tenants, text[]);
