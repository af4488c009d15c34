begin;
set local search_path = tap, public;
select plan(28);

create temp table document (body json);
insert into document values ('{"$defs": {
    "Folder": {"type": "object", "properties": {
        "folder_id": {"type": "integer"},
        "parent": {"type": "integer", "x-bss": {"references": {"entity": "Folder"}}}},
        "x-bss": {"softDelete": true, "table": "Fold\"ers %s"}},
    "Paper": {"type": "object", "properties": {
        "paper_id": {"type": "integer"},
        "code": {"type": "string", "x-bss": {"unique": true}},
        "folder_id": {"type": "integer",
            "x-bss": {"references": {"entity": "Folder", "onDelete": "cascade"}}}},
        "x-bss": {"softDelete": true}},
    "Sticker": {"type": "object", "properties": {
        "sticker_id": {"type": "integer"},
        "paper_id": {"type": "integer",
            "x-bss": {"references": {"entity": "Paper", "onDelete": "setNull"}}}}},
    "Stamp": {"type": "object", "properties": {
        "stamp_id": {"type": "integer"},
        "paper_id": {"type": "integer", "default": 3,
            "x-bss": {"references": {"entity": "Paper", "onDelete": "setDefault"}}}}},
    "Clip": {"type": "object", "properties": {
        "clip_id": {"type": "integer"},
        "paper_id": {"type": "integer",
            "x-bss": {"references": {"entity": "Paper", "onDelete": "cascade"}}}}},
    "Loan": {"type": "object", "properties": {
        "loan_id": {"type": "integer"},
        "paper_id": {"type": "integer",
            "x-bss": {"references": {"entity": "Paper", "onDelete": "restrict"}}}}}
}}');
select bss.provision_tenant('acme', body) as acme from document \gset
create role gateway login;
grant bss_app to gateway;
grant usage on schema tap to gateway;

set session authorization gateway;
select bss.use_tenant('acme') \gset
set local search_path = tenant_acme, tap, public;
insert into "Fold""ers %s" (folder_id, parent) values (1, 1), (2, 1), (3, null);
insert into papers (paper_id, code, folder_id) values (1, 'a', 2), (2, 'b', 2), (3, 'c', 1), (4, 'd', 3);
insert into stickers values (default, 1, 1);
insert into stamps values (default, 1, 1);
insert into clips values (default, 1, 1), (default, 2, 3);
insert into loans values (default, 1, 4);


select is_empty('delete from papers where paper_id = 1 returning *', 'a delete returns no rows');
select results_eq(
    'select is_archived, archived_at, updated_at from papers where paper_id = 1',
    'values (true, now(), now())', 'a deleted row is archived'
);
select results_eq(
    'select count(*) from papers where not is_archived', 'values (3::bigint)', 'and no other is'
);
select results_eq(
    'select paper_id from stickers', 'values (null::bigint)', 'onDelete setNull is carried out'
);
select results_eq(
    'select paper_id from stamps', 'values (3::bigint)', 'onDelete setDefault is carried out'
);
select results_eq(
    'select clip_id from clips', 'values (2::bigint)',
    'onDelete cascade deletes the rows of an entity without softDelete'
);
select throws_ok(
    'delete from papers where paper_id = 4', 'SB820', 'row of table "papers" is referred to',
    'onDelete restrict is carried out'
);
select throws_ok(
    'update papers set is_archived = true, archived_at = now() where paper_id = 4', 'SB820', null,
    'a row that is archived by an update is restricted in the same way'
);
select throws_ok(
    'update papers set is_archived = true where paper_id = 2', '23514', null,
    'an archived row says when it was archived'
);
select lives_ok(
    $$insert into papers (paper_id, code) values (5, 'a')$$,
    'what is unique is so among the rows that are not archived'
);
select throws_ok(
    $$insert into papers (paper_id, code) values (6, 'b')$$, '23505', null,
    'and it is unique among those'
);
select throws_ok(
    'insert into papers (paper_id) values (1)', '23505', null, 'the primary key counts every row'
);
select throws_ok(
    'update papers set is_archived = false, archived_at = null where paper_id = 1', '23505', null,
    'a row does not come back from the archive if its place is taken'
);
select throws_ok(
    'delete from "Fold""ers %s" where folder_id = 1', 'SB820', null,
    'a row is kept if a row of its own table refers to it'
);
update stamps set paper_id = null;
update clips set paper_id = null;
select lives_ok(
    'delete from "Fold""ers %s" where folder_id = 2', 'a row may go that only archived ones refer to'
);
select results_eq(
    'select paper_id from papers where is_archived order by 1', 'values (1::bigint), (2)',
    'onDelete cascade archives the rows of an entity with softDelete'
);
update papers set archived_at = now() - interval '1 day' where paper_id = 1;
delete from papers where paper_id = 1;
select results_eq(
    'select archived_at from papers where paper_id = 1', $$values (now() - interval '1 day')$$,
    'a row that is deleted twice keeps the time of the first'
);
delete from "Fold""ers %s" where folder_id = 1;
select results_eq(
    'select folder_id from "Fold""ers %s" where is_archived order by 1', 'values (1::bigint), (2)',
    'a row that refers to itself can be archived'
);
select throws_ok('truncate papers cascade', '42501', null, 'a gateway does not truncate');
select throws_ok(
    $$select bss.purge_archived('acme', '0')$$, '42501', null, 'a gateway does not purge'
);


reset session authorization;
set local search_path = tap, public;
select throws_ok(
    format('select bss.purge_archived(%L, %L)', 'acme', age), 'SB821', null,
    format('purge_archived() refuses the age %s', age)
) from (values ('-1 day'), (null)) as a (age);
select throws_ok(
    $$select bss.purge_archived('globex', '0')$$, 'SB601', null,
    'purge_archived() refuses a tenant that does not exist'
);
select results_eq(
    $$select * from bss.purge_archived('acme', '12 hours', 'user:jane', 'r-1')$$,
    $$values ('papers', 1::bigint)$$, 'purge_archived() deletes what has been archived for so long'
);
select results_eq(
    $$select initiator, correlation_id, details -> 'purged' from bss.audit_log
    where action_type = 'rows.purged'$$,
    $$values ('user:jane', 'r-1', '{"papers": 1}'::jsonb)$$, 'purge_archived() is audited'
);
update tenant_acme."Fold""ers %s" set archived_at = now() - interval '1 day' where is_archived;
select is_empty(
    $$select * from bss.purge_archived('acme', '12 hours')$$,
    'purge_archived() keeps what rows refer to'
);
update tenant_acme.papers set archived_at = now() - interval '1 day' where is_archived;
select results_eq(
    $$select * from bss.purge_archived('acme', '12 hours')$$,
    $$values ('Fold"ers %s', 2::bigint), ('papers', 2)$$,
    'purge_archived() deletes first what refers to the others'
);
select results_eq(
    'select paper_id from tenant_acme.papers order by 1', 'values (4::bigint), (5)',
    'purge_archived() deletes nothing else'
);

select * from finish();
rollback;
