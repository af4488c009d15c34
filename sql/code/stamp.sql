-- The question that comes before a fingerprint: are these still the rows of the catalog that it was
-- taken of? A row of the catalog is never changed, only replaced: it is known by its place and by
-- the transaction that wrote it. So equal stamps mean equal fingerprints; where a table was
-- rewritten, or the catalog restored, they differ, and the fingerprint is taken again.

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
select c.oid as relation, c.tableoid as catalog, c.ctid as place, c.xmin as writer
from pg_class as c
union all
select d.objoid as relation, d.tableoid as catalog, d.ctid as place, d.xmin as writer
from pg_description as d
where d.classoid = 'pg_class'::regclass
union all
select a.attrelid as relation, a.tableoid as catalog, a.ctid as place, a.xmin as writer
from pg_attribute as a
where a.attnum > 0
union all
select d.adrelid as relation, d.tableoid as catalog, d.ctid as place, d.xmin as writer
from pg_attrdef as d
union all
select c.conrelid as relation, c.tableoid as catalog, c.ctid as place, c.xmin as writer
from pg_constraint as c
union all
select i.indrelid as relation, i.tableoid as catalog, i.ctid as place, i.xmin as writer
from pg_index as i
union all
select i.indrelid as relation, c.tableoid as catalog, c.ctid as place, c.xmin as writer
from pg_index as i
join pg_class as c on c.oid = i.indexrelid
union all
select p.polrelid as relation, p.tableoid as catalog, p.ctid as place, p.xmin as writer
from pg_policy as p
union all
select t.tgrelid as relation, t.tableoid as catalog, t.ctid as place, t.xmin as writer
from pg_trigger as t
union all
select t.tgrelid as relation, p.tableoid as catalog, p.ctid as place, p.xmin as writer
from pg_trigger as t
join pg_proc as p on p.oid = t.tgfoid
-- else it is one of the installation's
where p.pronamespace = 'bss_capture'::regnamespace
union all
select r.ev_class as relation, r.tableoid as catalog, r.ctid as place, r.xmin as writer
from pg_rewrite as r
union all
select h.inhrelid as relation, h.tableoid as catalog, h.ctid as place, h.xmin as writer
from pg_inherits as h
union all
select h.inhparent as relation, h.tableoid as catalog, h.ctid as place, h.xmin as writer
from pg_inherits as h;
comment on view bss_internal.table_rows is
    'Gives the rows of the catalog that table_facts is made of.';
comment on column bss_internal.table_rows.relation is 'The table.';
comment on column bss_internal.table_rows.catalog is 'The catalog that the row is in.';
comment on column bss_internal.table_rows.place is 'Where it is.';
comment on column bss_internal.table_rows.writer is 'The transaction that wrote it.';


create or replace function bss_internal.stamp(tenant bss_metadata.tenants)
    returns numeric
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
    _tables constant oid[] := bss_internal.tables_of(_schema);
begin
    return (
        with found as (
            select s.catalog, s.place, s.writer
            from bss_internal.schema_rows as s where s.schema = _schema
            union all
            select t.catalog, t.place, t.writer
            from bss_internal.table_rows as t where t.relation = any (_tables)
        )
        select
            sum(hashtextextended(f.writer::text, hashtidextended(f.place, f.catalog::bigint)))
        from found as f
    );
end
$$;
comment on function bss_internal.stamp(bss_metadata.tenants) is
    'Gives the sum of the hashes of all rows that the catalog has of a tenant''s schema.';


create or replace function bss_internal.known_fingerprint(tenant bss_metadata.tenants)
    returns text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _known bss_internal.catalog_stamps;
begin
    select s.* into _known from bss_internal.catalog_stamps as s where s.tenant_id = tenant.id;
    return case
        when _known.stamp = bss_internal.stamp(tenant) then _known.fingerprint
        else bss_internal.fingerprint(tenant)
    end;
end
$$;
comment on function bss_internal.known_fingerprint(bss_metadata.tenants) is
    'Gives the fingerprint of a tenant, without taking it where the catalog has not changed.';


create or replace function bss_internal.keep_stamp(
    tenant bss_metadata.tenants, fingerprint text, model jsonb
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    -- functions of checks are nobody's own: no stamp would show that somebody replaced one
    if model ? 'functions' then
        delete from bss_internal.catalog_stamps as s where s.tenant_id = tenant.id;
    else
        insert into bss_internal.catalog_stamps (tenant_id, fingerprint, stamp)
        values (tenant.id, keep_stamp.fingerprint, bss_internal.stamp(tenant))
        on conflict (tenant_id) do update
        set fingerprint = excluded.fingerprint, stamp = excluded.stamp;
    end if;
end
$$;
comment on function bss_internal.keep_stamp(bss_metadata.tenants, text, jsonb) is
    'Keeps the stamp of a tenant whose fingerprint has just been taken.';
