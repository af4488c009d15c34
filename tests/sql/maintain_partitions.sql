begin;
set local search_path = tap, public;
select plan(32);

create temp table document (name text, body json);
insert into document values
    ('range', '{"$defs": {
        "Event": {"type": "object", "properties": {
            "event_id": {"type": "integer"}, "At": {"type": "string", "format": "date-time",
            "x-bss": {"column": "At"}}, "code": {"type": "string"}}, "x-bss": {
            "primaryKey": ["event_id", "At"], "table": "Events %s", "softDelete": true,
            "unique": [["code", "At"]],
            "partitionBy": {"column": "At", "strategy": "range", "interval": "month"}}},
        "Reading": {"type": "object", "properties": {
            "reading_id": {"type": "integer", "format": "int32"}}, "x-bss": {
            "partitionBy": {"column": "reading_id", "strategy": "range", "interval": 1000}}},
        "Note": {"type": "object", "properties": {
            "note_id": {"type": "integer"}, "reading_id": {"type": "integer", "format": "int32"}}}
    }}'),
    ('daily', '{"title": "Visit", "type": "object", "properties": {
        "on": {"type": "string", "format": "date"}, "visit_id": {"type": "integer"}}, "x-bss": {
        "primaryKey": ["visit_id", "on"],
        "partitionBy": {"column": "on", "strategy": "range", "interval": "day"}}}'),
    ('weekly', '{"title": "Visit", "type": "object", "properties": {
        "on": {"type": "string", "format": "date"}, "visit_id": {"type": "integer"}}, "x-bss": {
        "primaryKey": ["visit_id", "on"],
        "partitionBy": {"column": "on", "strategy": "range", "interval": "week"}}}');
grant select on document to public;
select bss.provision_tenant('acme', body) as acme from document where name = 'range' \gset
select bss.provision_tenant('globex', body) as globex from document where name = 'daily' \gset
create role operator login;
grant bss_admin to operator;
create role gateway login;
grant bss_app to gateway;
grant usage on schema tap to operator, gateway;

create function pg_temp.children(name text)
    returns bigint
    language sql
    return (select count(*) from pg_inherits where inhparent = name::regclass);
create function pg_temp.schema_is_kept(name text)
    returns boolean
    language sql
    return not exists (
        select from document as d, bss.plan_schema('acme', d.body) where d.name = schema_is_kept.name
    );


select is(
    pg_temp.children('tenant_acme."Events %s"'), 5::bigint,
    'apply_schema() makes the partition of now, the next three, and the default'
);
select is(
    pg_temp.children('tenant_globex.visits'), 5::bigint, 'apply_schema() does so for each tenant'
);
select has_table(
    'tenant_acme', ('Events %s' || to_char(now() at time zone 'UTC', '"_p"YYYY_MM'))::name,
    'a partition is named by where it begins'
);
select is_empty(
    $$select * from bss.maintain_partitions('acme')$$,
    'maintain_partitions() does nothing where nothing is to do'
);


set session authorization gateway;
select bss.use_tenant('acme') \gset
set local search_path = tenant_acme, tap, public;
insert into "Events %s" (event_id, "At", code) values
    (1, now(), 'a'), (2, '2001-02-03 00:00Z', 'b'), (3, '2001-02-28 23:59:59.999999Z', 'c'),
    (4, '2001-03-01 00:00Z', 'd'), (5, 'infinity', 'e'), (6, '-infinity', 'f');
insert into readings (reading_id) values (-1), (0), (3500), (2147483647);
insert into notes (note_id, reading_id) values (1, 0);
select results_eq(
    'select event_id from "Events %s" order by 1', 'select n::bigint from generate_series(1, 6) n',
    'no row is refused'
);
select throws_ok(
    format('select * from %I.%I', 'tenant_acme', name), '42501', null,
    format('a gateway does not read: %s', name)
)
from (values ('Events %s_default'), ('readings_p0')) as p (name);
select throws_ok(
    $$select * from bss.maintain_partitions('acme')$$, '42501', null,
    'a gateway does not maintain partitions'
);
set session authorization operator;
set local search_path = tap, public;
select results_eq(
    $$select relation, partition, action, moved
    from bss.maintain_partitions('acme', 'cron', 'r-1')$$,
    $$values
        ('Events %s', 'Events %s_p2001_02', 'made', 2::bigint),
        ('Events %s', 'Events %s_p2001_03', 'made', 1),
        ('readings', 'readings_p4000', 'made', 0), ('readings', 'readings_p5000', 'made', 0),
        ('readings', 'readings_p6000', 'made', 0), ('readings', 'readings_pm1000', 'made', 1)$$,
    'maintain_partitions() makes what rows need, moves them, and makes what comes next'
);
select is_empty(
    $$select * from bss.maintain_partitions()$$, 'maintain_partitions() has then nothing to do'
);
select results_eq(
    $$select initiator, correlation_id, jsonb_array_length(details -> 'partitions')
    from bss.audit_log where action_type = 'partitions.maintained'$$,
    $$values ('cron', 'r-1', 6)$$, 'maintain_partitions() is audited'
);
select throws_ok(
    $$select * from bss.maintain_partitions('nobody')$$, 'SB601', null,
    'maintain_partitions() refuses a tenant that does not exist'
);


reset session authorization;
select results_eq(
    $$select event_id, tableoid::regclass::text from tenant_acme."Events %s"
    where event_id > 1 order by 1$$,
    $$values
        (2::bigint, 'tenant_acme."Events %s_p2001_02"'),
        (3, 'tenant_acme."Events %s_p2001_02"'), (4, 'tenant_acme."Events %s_p2001_03"'),
        (5, 'tenant_acme."Events %s_default"'), (6, 'tenant_acme."Events %s_default"')$$,
    'rows are in the partition of their month, in UTC; what is in no month stays'
);
select results_eq(
    'select count(*) filter (where is_archived) from tenant_acme."Events %s"',
    'values (0::bigint)', 'rows that are moved are not archived'
);
select results_eq(
    $$select reading_id from tenant_acme.readings_default$$, 'values (2147483647)',
    'a range that is larger than the type is not made'
);
select is(
    (
        select count(*) from pg_class c
        where
            c.relnamespace = 'tenant_acme'::regnamespace and c.relkind in ('r', 'p')
            and not (
                c.relrowsecurity and c.relforcerowsecurity and c.relowner = 'bss_owner'::regrole
                and (select count(*) from pg_policy p where p.polrelid = c.oid) = 3
                and (c.relispartition = (c.relacl is null))
            )
    ),
    0::bigint, 'every partition is protected as its table, and nobody has privileges on it'
);
select ok(pg_temp.schema_is_kept('range'), 'partitions that are made are no drift');
delete from tenant_acme."Events %s" where event_id in (1, 2);
select results_eq(
    $$select event_id, tableoid::regclass::text ~ 'p2001_02' from tenant_acme."Events %s"
    where is_archived order by 1$$, $$values (1::bigint, false), (2, true)$$,
    'a row of a partition is archived where it is'
);

create function pg_temp.drift(change text)
    returns text
    language plpgsql
as $$
declare
    _detail text;
begin
    execute change;
    perform bss.plan_schema('acme', body) from document where name = 'range';
    return 'none';
exception when sqlstate 'SB401' then
    get stacked diagnostics _detail = pg_exception_detail;
    return substring(_detail from '"name": "([^"]*)"');
end
$$;
select is(pg_temp.drift(change), found, format('is drift: %s', change))
from (values
    ('drop table tenant_acme."Events %s_p2001_03"', 'Events %s_p2001_03 (missing)'),
    ('drop table tenant_acme."Events %s_default"', 'Events %s_default'),
    ('create table tenant_acme.x partition of tenant_acme.readings for values from (8000) to (8001)',
        'x (with other policies)'),
    ('alter table tenant_acme.readings_p0 no force row level security',
        'readings_p0 (without row-level security)'),
    ('drop policy tenant_isolation on tenant_acme.readings_p0', 'readings_p0 (with other policies)'),
    ('grant select on tenant_acme.readings_p0 to bss_app',
        'readings_p0 (with privileges or an owner of its own)'),
    ('create index on tenant_acme.readings_p0 (created_at)',
        'readings_p0 (with indexes of its own)'),
    ('alter table tenant_acme.readings_p0 add check (reading_id > 0) not valid',
        'readings_p0 (with constraints of its own)'),
    ('alter table tenant_acme.readings detach partition tenant_acme.readings_p1000',
        'readings_p1000')
) as d (change, found);

insert into tenant_acme.readings (reading_id) values (900000);
insert into tenant_acme.notes (note_id, reading_id) values (2, 900000);
select results_eq(
    $$select partition, action, moved from bss.maintain_partitions('acme')$$,
    $$values ('readings_p900000', 'rows are referred to', 0::bigint)$$,
    'maintain_partitions() leaves rows that others refer to where they are'
);
delete from tenant_acme.notes where note_id = 2;
select lives_ok(
    $$select bss.set_setting('limit.partitions', '9')$$, 'the number of partitions can be limited'
);
select results_eq(
    $$select partition, action, moved from bss.maintain_partitions('acme')$$,
    $$values ('readings_p900000', 'limit reached', 0::bigint)$$,
    'maintain_partitions() makes no more than there may be'
);
select is(
    (select bss.apply_schema('globex', body) from document where name = 'weekly'), 2,
    'another interval is another version'
);
insert into tenant_globex.visits ("on", visit_id) values ('2001-02-03', 1);
select results_eq(
    $$select partition, action, moved from bss.maintain_partitions('globex') order by 1 limit 1$$,
    $$values ('visits_p2001_w05', 'made', 1::bigint)$$,
    'another interval is that of the partitions that are made from then on'
);

select * from finish();
rollback;
