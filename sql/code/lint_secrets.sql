-- What must hold for every column that has secrets; bss.lint() asks.

create or replace function bss_internal.lint_secrets()
    returns table (lint text, object text, detail text)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    with columns as (
        select c.relation, format('%I.%I.%I', s.name, c.relation_name, c.column_name) as name,
            a.attnum as number
        from bss_internal.lint_schemas() as s
        cross join lateral bss_internal.secret_columns(s.name) as c
        join pg_attribute as a on a.attrelid = c.relation and a.attname = c.column_name
    )

    select
        'secret_may_be_plain' as lint, c.name as object,
        'No constraint holds it to what is encrypted for its place.' as detail
    from columns as c
    where not exists (
        select from pg_constraint as k
        where
            k.conrelid = c.relation and k.contype = 'c' and c.number = any (k.conkey)
            and starts_with(pg_get_expr(k.conbin, k.conrelid), 'bss_checks.is_secret_of(')
    );
end;
comment on function bss_internal.lint_secrets() is
    'Lists columns of secrets that would take what is not encrypted.';
