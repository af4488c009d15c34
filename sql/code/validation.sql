-- Validation: what is wrong with a record, keyword by keyword, without storing it.
--
-- The compiler evaluates, and the server tries the types of columns and the checks of tables. So a
-- record is refused here if, and only if, its table would refuse it.

create or replace function bss_internal.goes_in(
    schema_name text, relation text, members jsonb
)
    returns boolean
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _row record;
begin
    execute format('select jsonb_populate_record(null::%I.%I, $1)', schema_name, relation)
    into _row
    using members;
    return true;
exception when data_exception or program_limit_exceeded then
    return false;
end
$$;
comment on function bss_internal.goes_in(text, text, jsonb) is
    'Says whether the types of a table''s columns take values, given by the names of the columns.';


create or replace function bss_internal.stored_row(
    schema_name text, relation text, members jsonb
)
    returns text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    -- what an insert would store: the value, or the default where there is none; then what is
    -- computed from these
    select format(
        'select %s from (select %s from jsonb_populate_record(null::%I.%I, $1) as given) as base',
        string_agg(
            case
                when a.attgenerated = '' then format('base.%I', a.attname)
                else format(
                    '(%s)::%s as %I', pg_get_expr(d.adbin, d.adrelid),
                    format_type(a.atttypid, a.atttypmod), a.attname
                )
            end,
            ', ' order by a.attnum
        ),
        string_agg(
            case
                when d.adbin is null or stored_row.members ? a.attname
                    then format('given.%I', a.attname)
                else format(
                    '(%s)::%s as %I', pg_get_expr(d.adbin, d.adrelid),
                    format_type(a.atttypid, a.atttypmod), a.attname
                )
            end,
            ', ' order by a.attnum
        ) filter (where a.attgenerated = ''),
        stored_row.schema_name, stored_row.relation
    )
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where n.nspname = stored_row.schema_name and c.relname = stored_row.relation;
end;
comment on function bss_internal.stored_row(text, text, jsonb) is
    'Writes the query that gives the row which a table would store of a record.';


create or replace function bss_internal.trial(
    schema_name text, relation text, members jsonb, failed text[]
)
    returns table (statement text)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    with target as (
        select format('%I.%I', schema_name, relation)::regclass as oid
    ),
    checks as (
        select string_agg(
            format(
                'case when not (%s) then %L end', pg_get_expr(c.conbin, c.conrelid), c.conname
            ),
            ', ' order by c.conname
        ) as tests
        from target as t
        join pg_constraint as c on c.conrelid = t.oid and c.contype = 'c'
        where not exists (
            select from pg_attribute as a
            where
                a.attrelid = t.oid and a.attnum = any (c.conkey) and a.attname = any (trial.failed)
        )
        -- what is tried is not encrypted
        and not starts_with(pg_get_expr(c.conbin, c.conrelid), 'bss_checks.is_secret_of(')
    ),
    computed as (
        select string_agg(
            format('case when %I is null then %L end', a.attname, a.attname), ', '
            order by a.attnum
        ) as tests
        from target as t
        join pg_attribute as a on a.attrelid = t.oid and a.attnotnull and a.attgenerated <> ''
    )
    select format(
        'select array_remove(array[%s]::text[], null), array_remove(array[%s]::text[], null) '
        'from (%s) as stored',
        c.tests, g.tests, bss_internal.stored_row(schema_name, relation, members)
    )
    from checks as c, computed as g;
end;
comment on function bss_internal.trial(text, text, jsonb, text[]) is
    'Writes the query that tries a row against a table, without the checks of some columns.';


create or replace function bss_internal.try_row(
    schema_name text, relation text, members jsonb, failed text[]
)
    returns table (violated text[], missing text[])
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _trial record;
begin
    for _trial in
        select t.statement from bss_internal.trial(schema_name, relation, members, failed) as t
    loop
        execute _trial.statement into violated, missing using members;
    end loop;
    return next;
exception when data_exception then
    -- what is computed from the row is out of range
    return query select null::text[], null::text[];
end
$$;
comment on function bss_internal.try_row(text, text, jsonb, text[]) is
    'Names the checks that a row would violate, and the computed columns that it leaves empty.';


create or replace function bss_internal.refused_members(
    schema_name text, relation text, members jsonb
)
    returns text[]
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select case
        when bss_internal.goes_in(schema_name, relation, members) then '{}'
        else array(
            select m.key
            from jsonb_each(members) as m
            where not bss_internal.goes_in(
                schema_name, relation, jsonb_build_object(m.key, m.value)
            )
        )
    end;
end;
comment on function bss_internal.refused_members(text, text, jsonb) is
    'Names the columns of a table whose types do not take the values they are given.';


create or replace function bss_internal.unfilled_columns(
    schema_name text, relation text, members jsonb
)
    returns text[]
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select array(
        select a.attname
        from pg_attribute as a
        join pg_class as c on c.oid = a.attrelid
        join pg_namespace as n on n.oid = c.relnamespace
        where
            n.nspname = unfilled_columns.schema_name and c.relname = unfilled_columns.relation
            and a.attnum > 0 and not a.attisdropped and a.attnotnull
            and members ->> a.attname is null
            and (members ? a.attname or not a.atthasdef and a.attidentity = '')
        order by a.attnum
    );
end;
comment on function bss_internal.unfilled_columns(text, text, jsonb) is
    'Names the columns that may not be null and would be, for lack of a value and of a default.';


create or replace function bss_internal.row_violations(
    tenant bss_metadata.tenants, relation text, given jsonb, failed text[], record jsonb
)
    returns table (pointer text, keyword text, schema_pointer text, message text)
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _schema constant text := tenant.schema_name;
    _members jsonb := case tenant.isolation
        when 'pool' then jsonb_build_object('tenant_id', tenant.id) else '{}'
    end;
    _refused text[];
    _violated text[];
    _missing text[];
begin
    select _members || coalesce(
        jsonb_object_agg(
            g.column, coalesce(to_jsonb(g.text), row_violations.record -> g.property)
        ),
        '{}'
    )
    into _members
    from jsonb_to_recordset(given) as g ("column" text, property text, text text);
    _refused := bss_internal.refused_members(_schema, relation, _members - failed);
    return query
    select
        m.value ->> 'pointer', m.value ->> 'keyword', m.value ->> 'schema_pointer',
        m.value ->> 'message'
    from jsonb_to_recordset(given) as g ("column" text, misfit jsonb),
        lateral (select g.misfit as value) as m
    where g.column = any (_refused);

    select t.violated, t.missing into _violated, _missing
    from bss_internal.try_row(
        _schema, relation, _members - failed - _refused, failed || _refused
    ) as t;
    if _violated is null then
        return query
        select '', null::text, null::text, 'what is computed from the record is out of range';
    end if;

    return query
    select bss_internal.place(e.properties), e.keyword, e.pointer, e.message
    from unnest(bss_internal.unfilled_columns(_schema, relation, _members) || _missing) as u (name),
        lateral bss_internal.explain(tenant, relation, null, u.name) as e
    where u.name <> all (failed);
    return query
    select bss_internal.place(e.properties), e.keyword, e.pointer, e.message
    from unnest(_violated) as c (name),
        lateral bss_internal.explain(tenant, relation, c.name, null) as e;
end
$$;
comment on function bss_internal.row_violations(
    bss_metadata.tenants, text, jsonb, text[], jsonb
) is
    'Lists what a table would refuse in a record, beside the columns that are known to fail.';


create or replace function bss.validate(tenant text, entity text, record jsonb)
    returns table (pointer text, keyword text, schema_pointer text, message text)
    volatile strict
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants := bss_internal.require_own_tenant(tenant);
    _schema bss_metadata.tenant_schemas := bss_internal.schema_in_force(_tenant.id);
    _document json := _schema.schema_json;
    _model jsonb := _schema.model;
    _table jsonb := bss_internal.table_of_entity(_model, entity);
    _answer jsonb;
begin
    if _table ->> 'placement' = 'shared' then
        -- the table is as it is now, whatever it was when the tenant's document declared it
        _tenant := bss_internal.shared_tenant();
        select s.document, s.model into _document, _model
        from bss_internal.source_of(_tenant, _table ->> 'name', null) as s;
    end if;
    _answer := bss_internal.evaluate(
        'validate_record',
        jsonb_build_object(
            'document', _document::text, 'model', _model,
            'relation', _table ->> 'name', 'record', record::text
        )
    );
    return query
    select v.pointer, v.keyword, v.schema_pointer, v.message
    from jsonb_to_recordset(_answer -> 'violations')
        as v (pointer text, keyword text, schema_pointer text, message text);
    if jsonb_typeof(record) = 'object' then
        return query
        select v.pointer, v.keyword, v.schema_pointer, v.message
        from bss_internal.row_violations(
            _tenant, _table ->> 'name', _answer -> 'given',
            array(select jsonb_array_elements_text(_answer -> 'failed')), record
        ) as v;
    end if;
end
$$;
comment on function bss.validate(text, text, jsonb) is
    'Lists everything that keeps a record out of an entity''s table, but for other records.';
