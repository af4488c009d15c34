-- Where the functions are that checks of jsonb values call, and what keeps their makers apart.
-- Runs as a superuser, who may create a schema. Who may use the functions is in access.sql.

create schema bss_checks authorization bss_owner;
comment on schema bss_checks is
    'Functions that checks of values call: named by their content, shared by all tenants.';


-- A table, because nobody else can lock it: an advisory lock is anyone's to take.
create table bss_internal.check_lock (
    is_single boolean not null default true,
    constraint check_lock_is_single_key unique (is_single),
    constraint check_lock_is_single_check check (is_single)
);
alter table bss_internal.check_lock owner to bss_owner;
comment on table bss_internal.check_lock is
    'Is locked by whoever uses, creates or drops functions of bss_checks. It has no rows.';
comment on column bss_internal.check_lock.is_single is 'Is there because a table has columns.';
