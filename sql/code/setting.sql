-- What an operator may adjust.

create or replace function bss_internal.setting(name text)
    returns text
    stable strict
    security invoker
    set search_path = pg_catalog, pg_temp
    -- not in SQL, of which each call would be planned anew
    language plpgsql
as $$
begin
    return (select s.value #>> '{}' from bss_metadata.settings as s where s.name = setting.name);
end
$$;
comment on function bss_internal.setting(text) is 'Gives a setting as text; null if there is none.';


-- In PL/pgSQL, because that keeps its plan: every change of a tenant asks for it.
create or replace function bss_internal.limits()
    returns jsonb
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return (
        select coalesce(jsonb_object_agg(substr(s.name, 7), s.value), '{}')
        from bss_metadata.settings as s
        where s.name like 'limit.%'
    );
end
$$;
comment on function bss_internal.limits() is 'Gives the limits that a document has to keep.';


-- In PL/pgSQL, because that keeps its plan: every change of a tenant asks for it.
create or replace function bss_internal.setting_milliseconds(name text)
    returns integer
    stable strict
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return (
        -- from 1 on, since the server takes 0 for no limit
        select
            least(greatest(extract(epoch from (s.value #>> '{}')::interval) * 1000, 1), 2147483647)
        from bss_metadata.settings as s
        where s.name = setting_milliseconds.name
    );
end
$$;
comment on function bss_internal.setting_milliseconds(text) is
    'Gives a setting that is an interval as the server''s own timeouts have it.';


create or replace function bss_internal.setting_range(name text)
    returns int8range
    immutable parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
    -- up to where one document still leaves the server its memory, and the compiler its stack;
    -- the columns are those of the server itself
    return case name
        when 'limit.document_bytes' then int8range(1, 8388608, '[]')
        when 'limit.depth' then int8range(1, 100, '[]')
        when 'limit.entities' then int8range(1, 5000, '[]')
        when 'limit.columns' then int8range(1, 1600, '[]')
        when 'limit.enum_values' then int8range(1, 50000, '[]')
        when 'limit.schema_nodes' then int8range(1, 100000, '[]')
        when 'limit.pattern_length' then int8range(1, 10000, '[]')
        when 'limit.number_digits' then int8range(1, 4000, '[]')
        when 'limit.partitions' then int8range(2, 10000, '[]')
        when 'partition.ahead' then int8range(0, 100, '[]')
        when 'events.max_attempts' then int8range(1, 1000, '[]')
        when 'receive.max_bytes' then int8range(1024, 16777216, '[]')
        when 'tasks.limit' then int8range(1, 1000000, '[]')
        when 'tasks.max_attempts' then int8range(1, 1000, '[]')
        when 'tasks.max_bytes' then int8range(2, 16777216, '[]')
        when 'events.partitions_ahead' then int8range(1, 1000, '[]')
        when 'apply.online_bytes' then int8range(0, 1125899906842624, '[]')
        when 'migrate.attempts' then int8range(1, 1000, '[]')
        when 'migrate.batch_rows' then int8range(1, 1000000, '[]')
        when 'move.attempts' then int8range(1, 1000, '[]')
        else int8range(0, 2147483647, '[]')
    end;
comment on function bss_internal.setting_range(text) is
    'Gives the whole numbers that a setting can have, if it is a number.';


create or replace function bss_internal.setting_words(name text)
    returns text
    immutable parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
    return case name
        when 'context.tenant_switch' then '^(deny|allow)$'
        when 'drift.foreign_ddl' then '^(record|refuse)$'
        when 'events.notify' then '^(on demand|always|off)$'
        when 'receive.blueprint' then '^([a-z0-9][a-z0-9._-]{0,47})?$'
        when 'token.audience' then '^[!-~]{0,200}$'
        when 'token.tenant_claim' then '^[!-~]{1,200}$'
    end;
comment on function bss_internal.setting_words(text) is
    'Gives the pattern of a setting that is a word; null for one that is a number or a period.';


create or replace function bss_internal.is_setting_value(name text, value jsonb, example jsonb)
    returns boolean
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return case
        when value is null or jsonb_typeof(value) <> jsonb_typeof(example) then false
        when bss_internal.setting_words(name) is not null
            then value #>> '{}' ~ bss_internal.setting_words(name)
        when jsonb_typeof(value) = 'string'
            then (value #>> '{}')::interval between interval '0' and interval '1000 years'
        else (value #>> '{}')::numeric % 1 = 0
            and bss_internal.setting_range(name) @> (value #>> '{}')::bigint
    end;
exception when data_exception then
    return false;
end
$$;
comment on function bss_internal.is_setting_value(text, jsonb, jsonb) is
    'Says whether a value can be that of a setting, given another that can.';


create or replace function bss.set_setting(name text, value jsonb)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _before jsonb;
begin
    perform bss_internal.require_operator();
    select s.value into _before
    from bss_metadata.settings as s where s.name = set_setting.name for update;
    if not found then
        raise exception using
            errcode = 'SB604',
            message = format('setting "%s" does not exist', left(name, 80)),
            hint = 'The settings are listed in bss.settings.';
    end if;
    if not bss_internal.is_setting_value(name, value, _before) then
        raise exception using
            errcode = 'SB605',
            message = format('value of setting "%s" cannot be used', name),
            detail = case
                when bss_internal.setting_words(name) is not null
                    then format('It should match %s.', bss_internal.setting_words(name))
                when jsonb_typeof(_before) = 'number' then format(
                    'It should be a whole number from %s to %s.',
                    lower(bss_internal.setting_range(name)),
                    upper(bss_internal.setting_range(name)) - 1
                )
                else 'It should be a string that is read as an interval, from 0 to 1000 years.'
            end,
            hint = format('It is %s now.', _before);
    end if;
    update bss_metadata.settings as s set value = set_setting.value
    where s.name = set_setting.name;
    perform bss_internal.audit(
        null, 'setting.changed', null, null,
        jsonb_build_object('name', name, 'before', _before, 'after', value)
    );
end
$$;
comment on function bss.set_setting(text, jsonb) is 'Changes a setting, and records that it did.';


create or replace view bss.settings
with (security_invoker = true)
as
select s.name, s.value, s.description
from bss_metadata.settings as s;
comment on view bss.settings is 'Lists what an operator may adjust, with its present value.';
comment on column bss.settings.name is 'The name, with a prefix for the subject.';
comment on column bss.settings.value is
    'A number, or a string: a period or, where the description says so, a word.';
comment on column bss.settings.description is 'What it governs, and its unit.';
