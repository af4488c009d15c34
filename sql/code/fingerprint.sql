-- What the catalog says of a tenant's schema, as one hash: the cheap question that comes before a
-- snapshot. Whatever a snapshot shows is in it, in the words of the catalog and of the server's own
-- printers, so schemas with the same fingerprint have the same snapshot; the reverse need not hold.
-- CREATE SCHEMA makes the server plan everything anew, so a join costs more than the rows that it
-- gives: each catalog is read by itself.

create or replace view bss_internal.schema_facts
with (security_invoker = true)
as
select
    n.oid as schema, 'schema' as kind, null as name,
    row(
        n.nspowner::regrole,
        array(
            select g.line
            from bss_internal.schema_grants as g
            where g.schema = n.oid
            order by g.line collate "C"
        )
    )::text as facts
from pg_namespace as n
union all
select
    a.defaclnamespace as schema, 'default privileges' as kind, null as name,
    row(a.defaclrole::regrole, a.defaclobjtype, a.defaclacl)::text as facts
from pg_default_acl as a
union all
select
    d.refobjid as schema, 'object' as kind, pg_describe_object(d.classid, d.objid, 0) as name,
    null as facts
from pg_depend as d
where
    d.refclassid = 'pg_namespace'::regclass and d.deptype = 'n'
    -- a table is known by its facts; what else there is, should not be there
    and (
        d.classid <> 'pg_class'::regclass
        or exists (
            select from pg_class as c
            where c.oid = d.objid and c.relkind not in ('r', 'p', 'f', 'v', 'm')
        )
    );
comment on view bss_internal.schema_facts is
    'Gives what the catalog says of every schema itself, and of what it has besides tables.';
comment on column bss_internal.schema_facts.schema is 'The schema.';
comment on column bss_internal.schema_facts.kind is 'What the facts are about.';
comment on column bss_internal.schema_facts.name is 'The name of what is neither schema nor table.';
comment on column bss_internal.schema_facts.facts is 'The owner, the privileges.';


create or replace view bss_internal.column_facts
with (security_invoker = true)
as
select
    c.oid as relation, 'table' as kind, c.relname as name,
    row(
        c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity, c.relowner::regrole,
        c.relacl
    )::text as facts,
    case when c.relkind = 'p' or c.relispartition then
        concat_ws('; ', pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid))
    end as definition,
    c.xmin as writer
from pg_class as c
union all
select
    d.objoid as relation, 'comment' as kind,
    (
        select a.attname from pg_attribute as a
        where a.attrelid = d.objoid and a.attnum = d.objsubid
    ) as name,
    null as facts, d.description as definition, d.xmin as writer
from pg_description as d
where d.classoid = 'pg_class'::regclass
union all
select
    a.attrelid as relation, 'column' as kind, a.attname as name,
    row(
        format_type(a.atttypid, a.atttypmod), a.attcollation, a.attnotnull, a.attidentity,
        a.attgenerated, a.attacl
    )::text as facts,
    case when a.atthasdef then (
        select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef as d
        where d.adrelid = a.attrelid and d.adnum = a.attnum
    ) end as definition,
    a.xmin as writer
from pg_attribute as a
where a.attnum > 0 and not a.attisdropped;
comment on view bss_internal.column_facts is
    'Gives what the catalog says of every table itself and of its columns, as far as a snapshot '
    'has it.';
comment on column bss_internal.column_facts.relation is 'The table.';
comment on column bss_internal.column_facts.kind is 'The kind of the part.';
comment on column bss_internal.column_facts.name is 'The name of the part.';
comment on column bss_internal.column_facts.facts is 'What is said of it in the catalog itself.';
comment on column bss_internal.column_facts.definition is 'What the server prints of it.';
comment on column bss_internal.column_facts.writer is 'The transaction that wrote it.';


create or replace view bss_internal.table_facts
with (security_invoker = true)
as
select
    c.relation as relation, c.kind as kind, c.name as name, c.facts as facts,
    c.definition as definition
from bss_internal.column_facts as c
union all
select
    c.conrelid as relation,
    case c.contype when 'f' then 'foreign key' else 'constraint' end as kind,
    c.conname as name, null as facts, pg_get_constraintdef(c.oid) as definition
from pg_constraint as c
union all
select
    i.indrelid as relation, 'index' as kind, c.relname as name,
    -- pg_get_indexdef() of the whole index would look for the default of every operator class
    row(
        c.relam, c.reloptions, i.indisunique, i.indnullsnotdistinct, i.indimmediate, i.indisvalid,
        i.indnkeyatts, i.indclass, i.indoption, i.indcollation, pg_get_expr(i.indpred, i.indrelid)
    )::text as facts,
    (
        select
            string_agg(pg_get_indexdef(i.indexrelid, k.position, false), ', ' order by k.position)
        from generate_series(1, i.indnatts) as k (position)
    ) as definition
from pg_index as i
join pg_class as c on c.oid = i.indexrelid
where not i.indisprimary
union all
select
    p.polrelid as relation, 'policy' as kind, p.polname as name,
    row(
        p.polcmd, p.polpermissive, p.polroles::regrole[], pg_get_expr(p.polwithcheck, p.polrelid)
    )::text as facts,
    pg_get_expr(p.polqual, p.polrelid) as definition
from pg_policy as p
union all
select
    t.tgrelid as relation, 'trigger' as kind, t.tgname as name,
    row(
        t.tgtype, t.tgenabled, t.tgattr, t.tgnargs, t.tgisinternal,
        -- pg_get_expr() does not print what is about two rows
        case when t.tgqual is not null then
            substring(pg_get_triggerdef(t.oid) from ' WHEN \((.*)\) EXECUTE FUNCTION ')
        end,
        t.tgoldtable, t.tgnewtable,
        -- a function of captures is the table's own, but for the others that have the same
        (
            select row(md5(p.prosrc), p.prosecdef, p.proconfig, p.proowner::regrole)
            from pg_proc as p
            where p.oid = t.tgfoid and p.pronamespace = 'bss_capture'::regnamespace
        )
    )::text as facts,
    t.tgfoid::regproc::text as definition
from pg_trigger as t
where not t.tgisinternal or t.tgenabled <> 'O'
union all
select
    r.ev_class as relation, 'rule' as kind, r.rulename as name, null as facts, null as definition
from pg_rewrite as r
union all
select
    h.inhrelid as relation, 'parent' as kind, null as name, null as facts,
    format('of %s', h.inhparent::regclass) as definition
from pg_inherits as h
union all
select
    h.inhparent as relation, 'heir' as kind, null as name, null as facts,
    format('of %s', h.inhrelid::regclass) as definition
from pg_inherits as h;
comment on view bss_internal.table_facts is
    'Gives what the catalog says of every table, part by part, as far as a snapshot has it.';
comment on column bss_internal.table_facts.relation is 'The table.';
comment on column bss_internal.table_facts.kind is 'The kind of the part.';
comment on column bss_internal.table_facts.name is 'The name of the part.';
comment on column bss_internal.table_facts.facts is 'What is said of it in the catalog itself.';
comment on column bss_internal.table_facts.definition is 'What the server prints of it.';


create or replace function bss_internal.tables_of(schema oid, relations text[] default null)
    returns oid[]
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    -- else it is planned anew for each list of names
    set plan_cache_mode = force_generic_plan
    language plpgsql
as $$
begin
    if relations is null then
        return (
            select array_agg(c.oid order by c.relname)
            from pg_depend as d
            join pg_class as c on c.oid = d.objid
            where
                d.refclassid = 'pg_namespace'::regclass and d.refobjid = tables_of.schema
                and d.classid = 'pg_class'::regclass and c.relkind in ('r', 'p', 'f', 'v', 'm')
        );
    end if;
    return (
        with named as (
            select c.oid, c.relname
            from pg_class as c
            where
                c.relnamespace = tables_of.schema and c.relname = any (relations)
                and c.relkind in ('r', 'p', 'f', 'v', 'm')
        ),
        found as (
            select n.oid, n.relname from named as n
            union
            select c.oid, c.relname
            from named as n
            join pg_inherits as i on i.inhparent = n.oid
            join pg_class as c on c.oid = i.inhrelid
        )
        select array_agg(f.oid order by f.relname) from found as f
    );
end
$$;
comment on function bss_internal.tables_of(oid, text[]) is
    'Lists the tables of a schema by their names; with names, only these and their partitions.';


create or replace function bss_internal.fingerprint(
    tenant bss_metadata.tenants, relations text[] default null, but_index text default null
)
    returns text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    set datestyle = 'ISO, MDY'
    set intervalstyle = 'iso_8601'
    set timezone = 'UTC'
    set bytea_output = 'hex'
    set extra_float_digits = 1
    set quote_all_identifiers = off
    set standard_conforming_strings = on
    -- planned once and by index: what it takes depends on the tables of the tenant, not on how many
    -- tenants there are
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
    set jit = off
    language plpgsql
as $$
declare
    _default constant text := format('%L::uuid', tenant.id);
    _check constant text := format('CHECK ((tenant_id = %L::uuid))', tenant.id);
    _in_schema constant text := format(' %I.', tenant.schema_name);
    _schema constant oid := to_regnamespace(quote_ident(tenant.schema_name));
    -- a table is known by its place among the others, so that the schema is not in its name
    _tables constant oid[] := bss_internal.tables_of(_schema);
    _named constant oid[] := case
        when relations is null then _tables else bss_internal.tables_of(_schema, relations)
    end;
begin
    return (
        -- materialized, so that each definition is printed once
        with fact as materialized (
            select array_position(_tables, t.relation) as place, t.kind, t.name, t.facts, t.definition
            from bss_internal.table_facts as t
            where t.relation = any (_named) and (t.kind, t.name) is distinct from ('index', but_index)
        ),
        line (line) as (
            select row(s.kind, s.name, s.facts)::text
            from bss_internal.schema_facts as s where s.schema = _schema
            union all
            select row(
                f.kind, f.place, f.name,
                case f.kind when 'policy' then replace(f.facts, _default, '%2$L::uuid')
                    else f.facts end,
                case
                    when f.kind = 'policy' then replace(f.definition, _default, '%2$L::uuid')
                    when f.name = 'tenant_id' and f.definition = _default then '%2$L::uuid'
                    when f.definition = _check then 'CHECK ((tenant_id = %2$L::uuid))'
                    when f.kind in ('foreign key', 'parent', 'heir')
                        then replace(f.definition, _in_schema, ' ')
                    else f.definition end
            )::text
            from fact as f
            union all
            select bss_internal.snapshot_checks(tenant.schema_name)::text
            where exists (select from fact as f where strpos(f.definition, 'bss_checks.') > 0)
        )
        select encode(sha256(convert_to(
            string_agg(l.line, E'\n' order by l.line collate "C"), 'UTF8'
        )), 'hex')
        from line as l
    );
end
$$;
comment on function bss_internal.fingerprint(bss_metadata.tenants, text[], text) is
    'Gives the hash of what the catalog has of a tenant''s tables, or of some of them, but for an '
    'index: the same for all tenants that have the same.';


create or replace function bss_internal.added_fingerprint(
    tenant bss_metadata.tenants, relations oid[]
)
    returns text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    set datestyle = 'ISO, MDY'
    set intervalstyle = 'iso_8601'
    set timezone = 'UTC'
    set bytea_output = 'hex'
    set extra_float_digits = 1
    set quote_all_identifiers = off
    set standard_conforming_strings = on
    -- as for all of a table
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
    set jit = off
    language plpgsql
as $$
declare
    _default constant text := format('%L::uuid', tenant.id);
begin
    return (
        with line (line) as (
            select row(
                c.kind, array_position(relations, c.relation), c.name, c.facts,
                case
                    when c.name = 'tenant_id' and c.definition = _default then '%2$L::uuid'
                    else c.definition
                end
            )::text
            from bss_internal.column_facts as c
            where c.relation = any (relations) and (c.kind = 'table' or age(c.writer) <= 0)
        )
        select encode(sha256(convert_to(
            coalesce(string_agg(l.line, E'\n' order by l.line collate "C"), ''), 'UTF8'
        )), 'hex')
        from line as l
    );
end
$$;
comment on function bss_internal.added_fingerprint(bss_metadata.tenants, oid[]) is
    'Gives the hash of what the catalog has of some tables themselves, and of their columns that '
    'were written since this transaction began to write.';
