-- The question that comes before a fingerprint: are these still the rows of the catalog that it was
-- taken of? A row of the catalog is never changed, only replaced: it is known by its place and by
-- the transaction that wrote it. So equal stamps mean equal fingerprints; where a table was
-- rewritten, or the catalog restored, they differ, and the fingerprint is taken again. Each table
-- has stamps of its own, and those of its columns that are new have one: what a plan has not
-- changed need not be printed again to be proven.

create or replace view bss_internal.schema_rows
with (security_invoker = true)
as
select n.oid as schema, n.tableoid as catalog, n.ctid as place, n.xmin as writer
from pg_namespace as n
union all
select a.defaclnamespace as schema, a.tableoid as catalog, a.ctid as place, a.xmin as writer
from pg_default_acl as a
union all
select d.refobjid as schema, d.tableoid as catalog, d.ctid as place, d.xmin as writer
from pg_depend as d
where d.refclassid = 'pg_namespace'::regclass;
comment on view bss_internal.schema_rows is
    'Gives the rows of the catalog that schema_facts is made of.';
comment on column bss_internal.schema_rows.schema is 'The schema.';
comment on column bss_internal.schema_rows.catalog is 'The catalog that the row is in.';
comment on column bss_internal.schema_rows.place is 'Where it is.';
comment on column bss_internal.schema_rows.writer is 'The transaction that wrote it.';


create or replace view bss_internal.table_rows
with (security_invoker = true)
as
select
    c.oid as relation, c.tableoid as catalog, c.ctid as place, c.xmin as writer,
    'table' as part
from pg_class as c
union all
select
    d.objoid as relation, d.tableoid as catalog, d.ctid as place, d.xmin as writer,
    'columns' as part
from pg_description as d
where d.classoid = 'pg_class'::regclass
union all
select
    a.attrelid as relation, a.tableoid as catalog, a.ctid as place, a.xmin as writer,
    'columns' as part
from pg_attribute as a
where a.attnum > 0
union all
select
    d.adrelid as relation, d.tableoid as catalog, d.ctid as place, d.xmin as writer,
    'columns' as part
from pg_attrdef as d
union all
select
    c.conrelid as relation, c.tableoid as catalog, c.ctid as place, c.xmin as writer,
    'others' as part
from pg_constraint as c
union all
select
    i.indrelid as relation, i.tableoid as catalog, i.ctid as place, i.xmin as writer,
    'others' as part
from pg_index as i
union all
select
    i.indrelid as relation, c.tableoid as catalog, c.ctid as place, c.xmin as writer,
    'others' as part
from pg_index as i
join pg_class as c on c.oid = i.indexrelid
union all
select
    p.polrelid as relation, p.tableoid as catalog, p.ctid as place, p.xmin as writer,
    'others' as part
from pg_policy as p
union all
select
    t.tgrelid as relation, t.tableoid as catalog, t.ctid as place, t.xmin as writer,
    'others' as part
from pg_trigger as t
union all
select
    t.tgrelid as relation, p.tableoid as catalog, p.ctid as place, p.xmin as writer,
    'others' as part
from pg_trigger as t
join pg_proc as p on p.oid = t.tgfoid
-- else it is one of the installation's
where p.pronamespace = 'bss_capture'::regnamespace
union all
select
    r.ev_class as relation, r.tableoid as catalog, r.ctid as place, r.xmin as writer,
    'others' as part
from pg_rewrite as r
union all
select
    h.inhrelid as relation, h.tableoid as catalog, h.ctid as place, h.xmin as writer,
    'others' as part
from pg_inherits as h
union all
select
    h.inhparent as relation, h.tableoid as catalog, h.ctid as place, h.xmin as writer,
    'others' as part
from pg_inherits as h;
comment on view bss_internal.table_rows is
    'Gives the rows of the catalog that table_facts is made of.';
comment on column bss_internal.table_rows.relation is 'The table.';
comment on column bss_internal.table_rows.catalog is 'The catalog that the row is in.';
comment on column bss_internal.table_rows.place is 'Where it is.';
comment on column bss_internal.table_rows.writer is 'The transaction that wrote it.';
comment on column bss_internal.table_rows.part is
    'Whether it is that of the table itself, or one of those of its columns, or any other.';


create or replace function bss_internal.stamps(
    tenant bss_metadata.tenants, relations text[] default null
)
    returns jsonb
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    -- as for a fingerprint
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
    set jit = off
    language plpgsql
as $$
declare
    _schema constant oid := to_regnamespace(quote_ident(tenant.schema_name));
    _tables constant oid[] := bss_internal.tables_of(_schema, relations);
begin
    return (
        with found as (
            select 0::oid as relation, 'others' as part, s.catalog, s.place, s.writer
            from bss_internal.schema_rows as s where s.schema = _schema
            union all
            select t.relation, t.part, t.catalog, t.place, t.writer
            from bss_internal.table_rows as t where t.relation = any (_tables)
        ),
        hashed as (
            select
                f.relation, f.part, f.part = 'columns' and age(f.writer) <= 0 as is_added,
                hashtextextended(
                    f.writer::text, hashtidextended(f.place, f.catalog::bigint)
                ) as hash
            from found as f
        ),
        stamped as (
            select
                h.relation,
                jsonb_build_array(
                    sum(h.hash) filter (where h.part = 'table'),
                    sum(h.hash) filter (where h.part <> 'table' and not h.is_added),
                    sum(h.hash) filter (where h.is_added)
                ) as stamps
            from hashed as h
            group by h.relation
        )
        select jsonb_object_agg(s.relation, s.stamps) from stamped as s
    );
end
$$;
comment on function bss_internal.stamps(bss_metadata.tenants, text[]) is
    'Gives, by OID and as 0 for the schema, the sums of the hashes of a table''s own row, of its '
    'other rows, and of columns'' rows that are new.';


create or replace function bss_internal.known_fingerprint(
    tenant bss_metadata.tenants, stamps jsonb, changed oid[] default '{}'
)
    returns text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return (
        select s.fingerprint
        from bss_internal.catalog_stamps as s
        where
            s.tenant_id = tenant.id
            and not exists (
                select
                from jsonb_each(known_fingerprint.stamps) as t
                full join jsonb_each(s.stamps) as k on k.key = t.key
                where
                    t.value -> 1 is distinct from k.value -> 1
                    or (
                        (t.value -> 0 is distinct from k.value -> 0 or t.value ->> 2 is not null)
                        and t.key::oid <> all (changed)
                    )
            )
    );
end
$$;
comment on function bss_internal.known_fingerprint(bss_metadata.tenants, jsonb, oid[]) is
    'Gives the fingerprint that a tenant had before columns were added to changed tables, without '
    'taking it; null if anything else may have changed.';


create or replace function bss_internal.known_fingerprint(tenant bss_metadata.tenants)
    returns text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return bss_internal.known_fingerprint(tenant, bss_internal.stamps(tenant));
end
$$;
comment on function bss_internal.known_fingerprint(bss_metadata.tenants) is
    'Gives the fingerprint of a tenant without taking it; null if the catalog may have changed.';


create or replace function bss_internal.changed_fingerprint(
    tenant bss_metadata.tenants, relations text[], stamps jsonb, before text
)
    returns text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _changed oid[];
begin
    if stamps is null then
        return bss_internal.fingerprint(tenant, relations);
    end if;
    _changed := bss_internal.tables_of(
        to_regnamespace(quote_ident(tenant.schema_name)), relations
    );
    if before = bss_internal.known_fingerprint(tenant, stamps, _changed) then
        return bss_internal.added_fingerprint(tenant, _changed);
    end if;
    return null;
end
$$;
comment on function bss_internal.changed_fingerprint(
    bss_metadata.tenants, text[], jsonb, text
) is
    'Gives the hash of what the catalog has of changed tables; with the stamps of all, of added '
    'columns, and null if the rest is not as the fingerprint before says.';


create or replace function bss_internal.keep_stamps(
    tenant_id uuid, fingerprint text, model jsonb, stamps jsonb
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    -- what is added now will have been there before
    _stamps constant jsonb := (
        select
            jsonb_object_agg(
                t.key,
                jsonb_build_array(
                    t.value -> 0,
                    coalesce(
                        (t.value ->> 1)::numeric + (t.value ->> 2)::numeric,
                        (t.value ->> 1)::numeric, (t.value ->> 2)::numeric
                    ),
                    null
                )
            )
        from jsonb_each(stamps) as t
    );
begin
    if model ? 'functions' then
        -- they are nobody's own: no stamp would show that somebody replaced one
        delete from bss_internal.catalog_stamps as s where s.tenant_id = keep_stamps.tenant_id;
        return;
    end if;
    update bss_internal.catalog_stamps as s
    set fingerprint = keep_stamps.fingerprint, stamps = s.stamps || _stamps
    where s.tenant_id = keep_stamps.tenant_id;
    if not found then
        insert into bss_internal.catalog_stamps (tenant_id, fingerprint, stamps)
        values (keep_stamps.tenant_id, keep_stamps.fingerprint, _stamps);
    end if;
end
$$;
comment on function bss_internal.keep_stamps(uuid, text, jsonb, jsonb) is
    'Keeps the stamps of a tenant''s catalog that was proven to be what a model says, or of the '
    'tables that have changed since.';
