-- The rows of a tenant that moves: copied while it goes on writing, and made up for when it is held
-- off. What that takes depends on what was written: a row that is as old as the copy is as it was.

create or replace function bss_internal.moved_columns(schema_name text)
    returns table (relation text, columns text, hash text, is_same text)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select
        r.relation,
        string_agg(quote_ident(a.attname), ', ' order by a.attname) as columns,
        format(
            'hash_record_extended(row(%s), 0)',
            -- as text, unless equal values of the type are the same in every respect
            string_agg(
                format(
                    case
                        when
                            a.atttypid::regtype::text in (
                                'uuid', 'text', 'bigint', 'integer', 'boolean', 'date',
                                'timestamp with time zone'
                            )
                            then 'x.%I'
                        -- its cast to text decrypts it
                        when a.atttypid = to_regtype('bss.secret') then 'x.%I::bytea'
                        else 'x.%I::text'
                    end, a.attname
                ),
                ', ' order by a.attname
            )
        ) as hash,
        string_agg(format('s.%1$I = x.%1$I', a.attname), ' and ')
            filter (where a.attnum = any (k.indkey)) as is_same
    from bss_internal.tables_in(moved_columns.schema_name) as r
    join pg_attribute as a
        on
            a.attrelid = to_regclass(format('%I.%I', moved_columns.schema_name, r.relation))
            and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    join pg_index as k on k.indrelid = a.attrelid and k.indisprimary
    group by r.relation;
end;
comment on function bss_internal.moved_columns(text) is
    'Lists the tables of a schema: their columns, the hash of a row x, and when s has its key.';


create or replace function bss_internal.move_statements(source text, target text)
    returns table (relation text, puts text, counts text, removes text)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    with part as (
        select
            c.*, format('%I.%I', move_statements.source, c.relation) as there,
            format('%I.%I', move_statements.target, c.relation) as here
        from bss_internal.moved_columns(move_statements.source) as c
    )

    -- what is older than the horizon, $2, is as it was copied: what is written is a new row
    select
        p.relation,
        -- each row is compared as it was read and as it is stored
        format(
            'with given as materialized (select %1$s from %2$s as s '
            'where s.tenant_id = $1 and ($2 is null or age(s.xmin) <= age($2))), '
            'made as (insert into %3$s as x (%1$s) select %1$s from given returning %4$s as hash) '
            'select g.rows as given, m.rows, coalesce(m.sum, 0) as sum, '
            '(g.rows, g.sum) is not distinct from (m.rows, m.sum) as is_same '
            'from (select count(*) as rows, sum(%4$s) as sum from given as x) as g, '
            '(select count(*) as rows, sum(hash) as sum from made) as m',
            p.columns, p.there, p.here, p.hash
        ) as puts,
        format(
            'select count(*) as rows, count(*) filter (where age(s.xmin) > age($2)) as old '
            'from %s as s where s.tenant_id = $1',
            p.there
        ) as counts,
        format(
            'with gone as (delete from %s as x where x.tenant_id = $1 and not exists ('
            'select from %s as s where s.tenant_id = $1 and %s and age(s.xmin) > age($2)) '
            'returning %s as hash) '
            'select count(*) as rows, coalesce(sum(hash), 0) as sum from gone',
            p.here, p.there, p.is_same, p.hash
        ) as removes
    from part as p;
end;
comment on function bss_internal.move_statements(text, text) is
    'Gives the statements that move the rows of a tenant, $1, between two schemas with the same '
    'tables: all, or those from the horizon on.';


create or replace function bss_internal.refuse_other_rows(
    relation text, target bss_metadata.tenants, given bigint, made bigint
)
    returns void
    -- not immutable: it would be called where a statement is planned
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    raise exception using
        errcode = 'SB656',
        message = format('rows of table "%s" are not moved as they are', relation),
        detail = format('There are %s, and %s were moved.', given, made),
        hint = 'Somebody has triggers or rules on the tables: see bss.drift() and bss.lint(). '
            'Nothing has been changed.',
        schema = target.schema_name, table = relation;
end
$$;
comment on function bss_internal.refuse_other_rows(
    text, bss_metadata.tenants, bigint, bigint
) is
    'Refuses to go on, because the rows of a tenant differ in two places.';


create or replace function bss_internal.copy_rows(
    source bss_metadata.tenants, target bss_metadata.tenants
)
    returns jsonb
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _horizon constant xid := pg_snapshot_xmin(pg_current_snapshot())::xid;
    _table record;
    _made record;
    _copied jsonb := '{}';
begin
    perform bss_internal.silence(true);
    for _table in
        select m.relation, m.puts
        from bss_internal.move_statements(source.schema_name, target.schema_name) as m
    loop
        execute _table.puts into _made using source.id, null::xid;
        perform bss_internal.refuse_other_rows(_table.relation, target, _made.given, _made.rows)
        where not _made.is_same;
        _copied := _copied || jsonb_build_object(
            _table.relation, jsonb_build_object('rows', _made.rows, 'checksum', _made.sum)
        );
    end loop;
    perform bss_internal.silence(false);
    return jsonb_build_object('horizon', _horizon::text, 'tables', _copied);
end
$$;
comment on function bss_internal.copy_rows(bss_metadata.tenants, bss_metadata.tenants) is
    'Copies the rows of a tenant; gives the horizon, from which on there may be others, and of '
    'each table the number of rows and the sum of their hashes.';


create or replace function bss_internal.make_up(
    source bss_metadata.tenants, target bss_metadata.tenants, copied jsonb
)
    returns jsonb
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    -- the planner does not know how many rows this transaction has written
    set enable_nestloop = off
    language plpgsql
as $$
declare
    _horizon constant xid := copied ->> 'horizon';
    _table record;
    _now record;
    _gone record;
    _made record;
    _rows bigint;
    _checksum numeric;
    _moved jsonb := '[]';
begin
    perform bss_internal.silence(true);
    for _table in
        select m.relation, m.puts, m.counts, m.removes
        from bss_internal.move_statements(source.schema_name, target.schema_name) as m
    loop
        _rows := copied #> array['tables', _table.relation, 'rows'];
        _checksum := copied #> array['tables', _table.relation, 'checksum'];
        execute _table.counts into _now using source.id, _horizon;
        if _now.old <> _rows then
            execute _table.removes into _gone using source.id, _horizon;
            _rows := _rows - _gone.rows;
            _checksum := _checksum - _gone.sum;
        end if;
        if _now.rows > _now.old then
            execute _table.puts into _made using source.id, _horizon;
            perform bss_internal.refuse_other_rows(
                _table.relation, target, _made.given, _made.rows
            )
            where not _made.is_same;
            _rows := _rows + _made.rows;
            _checksum := _checksum + _made.sum;
        end if;
        perform bss_internal.refuse_other_rows(_table.relation, target, _now.rows, _rows)
        where _rows <> _now.rows;
        _moved := _moved || jsonb_build_object(
            'relation', _table.relation, 'rows', _rows, 'checksum', _checksum
        );
    end loop;
    perform bss_internal.silence(false);
    return _moved;
end
$$;
comment on function bss_internal.make_up(bss_metadata.tenants, bss_metadata.tenants, jsonb) is
    'Makes up for what a tenant has written since its rows were copied; gives the number of rows '
    'of each table, and the sum of their hashes.';
