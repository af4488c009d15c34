-- Violations: from the constraint that the server names to the keyword that asked for it.

create or replace function bss_internal.path_of(pointer text)
    returns text[]
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
    return array(
        select replace(replace(t.token, '~1', '/'), '~0', '~')
        from regexp_split_to_table(substr(pointer, 2), '/') with ordinality as t (token, position)
        where pointer <> ''
        order by t.position
    );
comment on function bss_internal.path_of(text) is 'Gives the tokens of a JSON pointer.';


create or replace function bss_internal.place(properties text[])
    returns text
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
    return case
        when cardinality(properties) = 1
            then '/' || replace(replace(properties[1], '~', '~0'), '/', '~1')
        else ''
    end;
comment on function bss_internal.place(text[]) is
    'Gives the pointer to the one property that is concerned, or to the record.';


create or replace function bss_internal.table_of_entity(model jsonb, entity text)
    returns jsonb
    immutable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _table jsonb;
begin
    select t.value into _table
    from jsonb_array_elements(model -> 'tables') as t
    where t.value ->> 'entity' = entity and t.value -> 'deprecated' is distinct from 'true';
    if not found then
        raise exception using
            errcode = 'SB801',
            message = format('entity "%s" does not exist', left(entity, 80)),
            detail = 'The document in force does not describe it.',
            hint = 'See bss.schema() for the entities; they are named as in the document.';
    end if;
    return _table;
end
$$;
comment on function bss_internal.table_of_entity(jsonb, text) is
    'Gives the table that a model has for an entity; refuses if there is none.';


create or replace function bss_internal.find_part(
    model jsonb, relation text, constraint_name text, column_name text
)
    returns table (owner jsonb, part jsonb)
    immutable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    with parts as (
        select t.value as owner, c.value as part
        from
            jsonb_array_elements(model -> 'tables') as t,
            lateral jsonb_array_elements(
                coalesce(t.value -> 'constraints', '[]') || coalesce(t.value -> 'indexes', '[]')
            ) as c
        where
            c.value ->> 'name' = find_part.constraint_name
            and t.value ->> 'name' = coalesce(find_part.relation, t.value ->> 'name')
        union all
        select s.owner, s.part
        from bss_internal.checks_of_secrets(find_part.model) as s
        where
            s.part ->> 'name' = find_part.constraint_name
            and s.owner ->> 'name' = coalesce(find_part.relation, s.owner ->> 'name')
    )
    select p.owner, p.part
    from parts as p
    union all
    -- the server reports a missing value by its column; some versions name the constraint, too
    select t.value, jsonb_build_object('kind', 'not_null', 'columns', jsonb_build_array(c.value))
    from
        jsonb_array_elements(model -> 'tables') as t,
        lateral jsonb_array_elements(jsonb_path_query_array(t.value, '$.columns.name')) as c
    where
        t.value ->> 'name' = find_part.relation and c.value #>> '{}' = find_part.column_name
        and not exists (select from parts);
end;
comment on function bss_internal.find_part(jsonb, text, text, text) is
    'Finds a constraint in a model, by its name or, of a value that is missing, by its column.';


create or replace function bss_internal.columns_of_part(
    schema_name text, relation text, part jsonb
)
    returns text[]
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select case
        when part ? 'columns' then array(select jsonb_array_elements_text(part -> 'columns'))
        when part ? 'keys' then array(
            select k.value #>> '{}' from jsonb_path_query(part, '$.keys.column') as k (value)
        )
        else array(
            select a.attname::text
            from pg_constraint as c
            join pg_class as r on r.oid = c.conrelid
            join pg_namespace as n on n.oid = r.relnamespace
            join pg_attribute as a on a.attrelid = r.oid and a.attnum = any (c.conkey)
            where
                n.nspname = columns_of_part.schema_name
                and r.relname = columns_of_part.relation
                and c.conname = columns_of_part.part ->> 'name'
            order by a.attnum
        )
    end;
end;
comment on function bss_internal.columns_of_part(text, text, jsonb) is
    'Gives the columns of a constraint; those of a check as the server found them.';


create or replace function bss_internal.required_place(
    document jsonb, owner jsonb, property text
)
    returns text
    immutable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select (owner ->> 'pointer') || '/required'
    where document #> (bss_internal.path_of(owner ->> 'pointer') || 'required'::text) ? property;
end;
comment on function bss_internal.required_place(jsonb, jsonb, text) is
    'Gives the pointer to the keyword by which an entity requires a property; null if it does not.';


create or replace function bss_internal.origin(document jsonb, owner jsonb, part jsonb)
    returns table (kind text, keyword text, pointer text)
    immutable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _column jsonb;
begin
    kind := coalesce(part ->> 'kind', 'unique');
    pointer := part ->> 'pointer';
    case kind
        when 'primary_key' then keyword := 'x-bss.primaryKey';
        when 'foreign_key' then keyword := 'x-bss.references';
        when 'unique' then keyword := 'x-bss.unique';
        when 'check' then
            keyword := part ->> 'keyword';
            -- a model of an earlier release has pointers only; that to a column is to its schema
            if keyword is null and not owner -> 'columns'
                @> jsonb_build_array(jsonb_build_object('pointer', pointer))
            then
                keyword := coalesce(
                    'x-bss.' || substring(pointer from '/x-bss/([A-Za-z]+)/[0-9]+$'),
                    regexp_replace(pointer, '^.*/', '')
                );
            end if;
        else
            _column := jsonb_path_query_first(
                owner, '$.columns[*] ? (@.name == $name)',
                jsonb_build_object('name', part #> '{columns,0}')
            );
            pointer := bss_internal.required_place(document, owner, _column ->> 'property');
            keyword := 'required';
            if pointer is null then
                pointer := _column ->> 'pointer';
                keyword := case when pointer is not null then 'x-bss.primaryKey' end;
            end if;
    end case;
    return next;
end
$$;
comment on function bss_internal.origin(jsonb, jsonb, jsonb) is
    'Says which keyword of a document a constraint comes from, and where that is.';


create or replace function bss_internal.violation_words(
    kind text, keyword text, pointer text, properties text[], referenced text
)
    returns table (message text, hint text)
    immutable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _listed constant text := (
        select string_agg(format('"%s"', p.name), ', ' order by p.position)
        from unnest(properties) with ordinality as p (name, position)
    );
begin
    if pointer is null then
        message := 'row belongs to another tenant, or lacks what BSS fills in';
        hint := 'Leave out the columns that the document does not declare.';
    elsif kind = 'primary_key' then
        message := 'another record has the same key';
        hint := 'Change that record, or give this one another key.';
    elsif kind = 'unique' then
        message := format('another record has the same %s', _listed);
        hint := 'Change that record, or the value of this one.';
    elsif kind = 'foreign_key' then
        message := format('property %s should lead to a record of "%s"', _listed, referenced);
        hint := 'Store that record first, and delete it last.';
    elsif kind = 'not_null' then
        message := format('property %s is missing', _listed);
        hint := 'Give it a value.';
    elsif keyword is null then
        message := format('value of property %s does not match its schema', _listed);
        hint := 'bss.validate() lists what is wrong inside the value.';
    elsif cardinality(properties) = 1 then
        message := format('value of property %s violates keyword "%s"', _listed, keyword);
        hint := 'Correct the value.';
    else
        message := format('record violates keyword "%s"', keyword);
        hint := format('Correct %s.', coalesce(_listed, 'the record'));
    end if;
    return next;
end
$$;
comment on function bss_internal.violation_words(text, text, text, text[], text) is
    'Says in words what the violation of a constraint means, and what to do about it.';


create or replace function bss_internal.properties_of(owner jsonb, columns text[])
    returns text[]
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
    return array(
        select c.value ->> 'property'
        from jsonb_array_elements(owner -> 'columns') with ordinality as c
        where
            c.value ->> 'name' = any (bss_internal.columns_of_digests(owner, columns))
            and c.value ? 'property'
        order by c.ordinality
    );
comment on function bss_internal.properties_of(jsonb, text[]) is
    'Names the properties that columns of a table come from.';


create or replace function bss_internal.whole_of_part(
    schema_name text, relation text, constraint_name text
)
    returns table (relation_name text, part_name text)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    with whole as (
        select p.relname::text as part, w.relname::text as name
        from pg_namespace as n
        join pg_class as p on p.relnamespace = n.oid and p.relispartition
        join pg_class as w on w.oid = pg_partition_root(p.oid)
        where
            n.nspname = whole_of_part.schema_name
            and p.relname in (whole_of_part.relation, whole_of_part.constraint_name)
    )
    select
        coalesce(
            (select w.name from whole as w where w.part = whole_of_part.relation),
            whole_of_part.relation
        ),
        coalesce(
            (select w.name from whole as w where w.part = whole_of_part.constraint_name),
            whole_of_part.constraint_name
        );
end;
comment on function bss_internal.whole_of_part(text, text, text) is
    'Gives the table and the key that a partition and its index belong to, if they are such.';


-- In PL/pgSQL, step by step: as one query it would be estimated at millions of rows.
create or replace function bss_internal.explain(
    tenant bss_metadata.tenants, relation text, constraint_name text, column_name text
)
    returns table (
        entity text, properties text[], keyword text, pointer text, message text, hint text
    )
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _whole record;
    _source record;
    _found record;
    _origin record;
    _words record;
    _referenced text;
begin
    select w.relation_name, w.part_name into _whole
    from bss_internal.whole_of_part(tenant.schema_name, relation, constraint_name) as w;
    select s.document, s.model into _source
    from bss_internal.source_of(tenant, _whole.relation_name, _whole.part_name) as s;
    for _found in
        select p.owner, p.part
        from bss_internal.find_part(
            _source.model, _whole.relation_name, _whole.part_name, column_name
        ) as p
    loop
        entity := _found.owner ->> 'entity';
        properties := bss_internal.properties_of(
            _found.owner,
            bss_internal.columns_of_part(
                tenant.schema_name, _found.owner ->> 'name', _found.part
            )
        );
        select o.kind, o.keyword, o.pointer into _origin
        from bss_internal.origin(_source.document::jsonb, _found.owner, _found.part) as o;
        select t.value ->> 'entity' into _referenced
        from jsonb_array_elements(_source.model -> 'tables') as t
        where t.value ->> 'name' = _found.part ->> 'table';
        select w.message, w.hint into _words
        from bss_internal.violation_words(
            _origin.kind, _origin.keyword, _origin.pointer, properties, _referenced
        ) as w;
        keyword := _origin.keyword;
        pointer := _origin.pointer;
        message := _words.message;
        hint := _words.hint;
        return next;
    end loop;
end
$$;
comment on function bss_internal.explain(bss_metadata.tenants, text, text, text) is
    'Explains a constraint of a tenant''s table, by its name or by the column that is null.';


create or replace function bss.explain_violation(
    constraint_name text,
    table_name text default null,
    column_name text default null,
    schema_name text default null
)
    returns table (
        entity text, properties text[], keyword text, pointer text, message text, hint text
    )
    stable
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants;
begin
    if explain_violation.schema_name = 'bss_shared' then
        _tenant := bss_internal.shared_tenant();
    else
        select t.* into _tenant
        from bss_metadata.tenants as t
        where case
            when explain_violation.schema_name is null then t.id = bss.current_tenant_id()
            else
                t.schema_name = explain_violation.schema_name and t.status <> 'DELETED'
                and (
                    t.id = bss.current_tenant_id()
                    or (bss_internal.is_operator() and t.isolation <> 'pool')
                )
        end;
    end if;
    if _tenant.schema_name is null then
        raise exception using
            errcode = 'SB803',
            message = 'it is not known whose constraint was violated',
            hint = 'Enter the tenant with bss.use_tenant(); or, as an operator, give the schema '
                'that the error reports.';
    end if;
    return query
    select e.entity, e.properties, e.keyword, e.pointer, e.message, e.hint
    from bss_internal.explain(_tenant, table_name, constraint_name, column_name) as e;
end
$$;
comment on function bss.explain_violation(text, text, text, text) is
    'Says which keyword of the document a violated constraint comes from.';
