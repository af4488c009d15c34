-- What a value becomes when the type of its column changes. A value that means something in the
-- other type is that there; one that would have to be rounded, cut or guessed is nothing. It is
-- told from its JSON, in which a type prints what it has to say.

create or replace function bss_internal.convert_number(number text, target text)
    returns jsonb
    immutable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _number numeric;
    _scale integer := substring(target from '^numeric\(\d+,(-?\d+)\)$')::integer;
    _precision integer := substring(target from '^numeric\((\d+),')::integer;
    _found jsonb;
begin
    if number !~ '^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?$' then
        return null;
    end if;
    _number := number::numeric;
    if _precision is not null and abs(_number) >= 10::numeric ^ (_precision - _scale) then
        return null;
    end if;
    _found := case
        when target in ('smallint', 'integer', 'bigint') and _number % 1 <> 0 then null
        when target = 'smallint' then to_jsonb(_number::smallint)
        when target = 'integer' then to_jsonb(_number::integer)
        when target = 'bigint' then to_jsonb(_number::bigint)
        when target = 'real' then to_jsonb(_number::real)
        when target = 'double precision' then to_jsonb(_number::double precision)
        when _scale is not null then to_jsonb(round(_number, _scale))
        else to_jsonb(_number)
    end;
    return case when (_found #>> '{}')::numeric = _number then _found end;
end
$$;
comment on function bss_internal.convert_number(text, text) is
    'Gives a number in a numeric type; null if the type would have to round it, or has no room.';


create or replace function bss_internal.convert_word(word text, source text, target text)
    returns jsonb
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    set datestyle = 'ISO, MDY'
    set intervalstyle = 'iso_8601'
    set timezone = 'UTC'
    language plpgsql
as $$
declare
    _day constant text := '^[0-9]{4}-[0-9]{2}-[0-9]{2}';
    _time constant text := '[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?';
begin
    if target = 'date' and source = 'timestamp with time zone' then
        -- a moment is a day if it is the first of it, by the calendar of UTC
        return (
            select case when m.at = date_trunc('day', m.at) then to_jsonb(m.at::date) end
            from (select word::timestamptz at time zone 'UTC') as m (at)
        );
    end if;
    if target = 'timestamp with time zone' and source = 'date' then
        return to_jsonb(word::date::timestamp at time zone 'UTC');
    end if;
    return case target
        when 'text' then case source
            when 'interval' then to_jsonb(word::interval::text)
            else to_jsonb(to_jsonb(word::timestamptz) #>> '{}')
        end
        when 'boolean' then case when word in ('true', 'false') then to_jsonb(word::boolean) end
        when 'uuid' then to_jsonb(word::uuid)
        when 'inet' then to_jsonb(word::inet)
        when 'interval' then case when word ~ '^-?P' then to_jsonb(word::interval) end
        when 'date' then case when word ~ concat(_day, '$') then to_jsonb(word::date) end
        when 'time without time zone'
            then case when word ~ concat('^', _time, '$') then to_jsonb(word::time) end
        when 'timestamp with time zone'
            -- without an offset, it would be another moment in another session
            then case
                when word ~ concat(_day, '[Tt ]', _time, '([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)$')
                    then to_jsonb(word::timestamptz)
            end
    end;
end
$$;
comment on function bss_internal.convert_word(text, text, text) is
    'Gives what a JSON string spells in another type; null if it is not spelled so there.';


create or replace function bss_internal.convert_value(value jsonb, source text, target text)
    returns jsonb
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _text constant text := value #>> '{}';
begin
    return case
        when target = 'jsonb' then value
        when jsonb_typeof(value) in ('object', 'array', 'null') then null
        when target = 'text' and source not in ('timestamp with time zone', 'interval')
            then to_jsonb(_text)
        when target ~ '^(smallint|integer|bigint|real|double precision|numeric.*)$'
            then bss_internal.convert_number(_text, target)
        else bss_internal.convert_word(_text, source, target)
    end;
exception when data_exception then
    return null;
end
$$;
comment on function bss_internal.convert_value(jsonb, text, text) is
    'Gives a value of one type in another, both as JSON; null if it means nothing there.';


-- Its arguments are the two columns and their types, the name that values are listed by, whether
-- there must be a value, whether values are sensitive, and the columns of the primary key. It finds
-- names and types in JSON, so it fits any table; it acts as its owner because nobody else may call
-- what it calls.
create or replace function bss_internal.keep_in_step()
    returns trigger
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    set extra_float_digits = 1
    language plpgsql
as $$
declare
    _row constant jsonb := to_jsonb(new);
    _before constant jsonb := case when tg_op = 'UPDATE' then to_jsonb(old) else '{}' end;
    _value jsonb;
begin
    if
        tg_op = 'UPDATE' and _row ->> tg_argv[0] is not distinct from _before ->> tg_argv[0]
        and _row ->> tg_argv[1] is distinct from _before ->> tg_argv[1]
    then
        _value := bss_internal.convert_value(_row -> tg_argv[1], tg_argv[3], tg_argv[2]);
        return jsonb_populate_record(new, jsonb_build_object(tg_argv[0], _value));
    end if;
    -- though it may be as it was: the row goes where no batch comes any more
    _value := bss_internal.convert_value(_row -> tg_argv[0], tg_argv[2], tg_argv[3]);
    if _value is null and tg_argv[5]::boolean then
        _value := bss_internal.default_value(tg_relid, tg_argv[1]);
    end if;
    return jsonb_populate_record(new, jsonb_build_object(tg_argv[1], _value));
end
$$;
comment on function bss_internal.keep_in_step() is
    'Writes to the second of two columns what is written to the first, and the reverse, converted.';


-- Its arguments are those of keep_in_step(). It comes after the row is written, and so locked: it
-- and a batch never wait for each other.
create or replace function bss_internal.list_lost_value()
    returns trigger
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    set extra_float_digits = 1
    language plpgsql
as $$
declare
    _row constant jsonb := to_jsonb(new);
    _value constant jsonb := nullif(_row -> tg_argv[0], 'null');
    _key constant jsonb := (
        select jsonb_object_agg(k.name, _row -> k.name) from unnest(tg_argv[7:]) as k (name)
    );
begin
    delete from bss_metadata.quarantined_values as q
    where
        (q.tenant_id, q.relation, q.column_name, md5(q.row_key::text))
        = (new.tenant_id, tg_table_name, tg_argv[4], md5(_key::text));
    if
        _value is not null
        and bss_internal.convert_value(_value, tg_argv[2], tg_argv[3]) is null
    then
        insert into bss_metadata.quarantined_values (
            tenant_id, relation, column_name, row_key, value, reason
        )
        values (
            new.tenant_id, tg_table_name, tg_argv[4], _key,
            case when tg_argv[6]::boolean then 'null' else _value end,
            format('%s does not convert to %s', tg_argv[2], tg_argv[3])
        );
    end if;
    return null;
end
$$;
comment on function bss_internal.list_lost_value() is
    'Lists the value of a row that does not convert, in place of the one that it had before.';


-- It acts as its owner because nobody else may call what it calls.
create or replace function bss_internal.fill_new_rows()
    returns trigger
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    set extra_float_digits = 1
    language plpgsql
as $$
begin
    return jsonb_populate_record(
        new, jsonb_build_object(tg_argv[0], bss_internal.default_value(tg_relid, tg_argv[0]))
    );
end
$$;
comment on function bss_internal.fill_new_rows() is
    'Gives a row that is written the default of a column that is being filled.';


create or replace function bss_internal.default_value(relation oid, column_name text)
    returns jsonb
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _default record;
    _value jsonb;
begin
    for _default in
        select pg_get_expr(d.adbin, d.adrelid) as expression
        from pg_attrdef as d
        join pg_attribute as a on a.attrelid = d.adrelid and a.attnum = d.adnum
        where d.adrelid = relation and a.attname = column_name
    loop
        execute format('select to_jsonb(%s)', _default.expression) into _value;
    end loop;
    return _value;
end
$$;
comment on function bss_internal.default_value(oid, text) is
    'Gives what a column has by default in a new row; null if it has no default.';


create or replace view bss.quarantined_values
with (security_invoker = true)
as
select
    t.external_id as tenant, q.relation, q.column_name, q.row_key, q.value, q.reason,
    q.quarantined_at, q.tenant_id
from bss_metadata.quarantined_values as q
join bss_metadata.tenants as t on t.id = q.tenant_id;
comment on view bss.quarantined_values is
    'Lists the values that did not convert when the type of their column was changed; of a '
    'sensitive column, only their rows.';
comment on column bss.quarantined_values.tenant is 'The external id of the tenant.';
comment on column bss.quarantined_values.relation is 'The table.';
comment on column bss.quarantined_values.column_name is 'The column.';
comment on column bss.quarantined_values.row_key is 'The primary key of the row.';
comment on column bss.quarantined_values.value is
    'The value that the row had; JSON null for one that is sensitive.';
comment on column bss.quarantined_values.reason is 'Why it did not convert.';
comment on column bss.quarantined_values.quarantined_at is 'When it was to be converted.';
comment on column bss.quarantined_values.tenant_id is 'The tenant.';
