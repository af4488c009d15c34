begin;
set local search_path = tap, public;
select plan(19);

create temp table document (name text, body json);
insert into document values
    ('both', '{"$defs": {
        "Currency": {"type": "object", "x-bss": {"scope": "shared", "primaryKey": "code", "entity": true},
            "properties": {"code": {"type": "string"}, "names": {"type": "array", "uniqueItems": true}}},
        "Unit": {"type": "object", "x-bss": {"scope": "shared", "entity": true}, "properties": {"unit_id": {"type": "string"},
            "code": {"type": "string", "x-bss": {"references": {"entity": "Currency"}}}}}}}'),
    ('none', '{"$defs": {"Invoice": {"type": "object", "properties": {"invoice_id": {"type": "integer"}}}}}'),
    ('another', '{"title": "Currency", "type": "object", "x-bss": {"scope": "shared", "primaryKey": "code"},
        "properties": {"code": {"type": "integer"}}}');
create function pg_temp.document(name text) returns json language sql
    return (select d.body from document as d where d.name = $1);
create function pg_temp.detail_of(call text) returns text language plpgsql as $$
declare
    _detail text;
begin
    execute call;
    return 'no error';
exception when others then
    get stacked diagnostics _detail = pg_exception_detail;
    return _detail;
end
$$;
create role gateway login;
grant bss_app to gateway;
select bss.provision_tenant('acme', pg_temp.document('both')) as acme \gset
select bss.provision_tenant('globex', pg_temp.document('both')) as globex \gset


-- what is refused, and that nothing is left of it

create temp table before as table facts;
select throws_ok(
    format('select bss.drop_shared(%L)', name), 'SB615', format('shared table "%s" does not exist', name),
    format('drop_shared() refuses the name %L', name)
)
from unnest(array['units_pkey', 'Units', 'invoices']) as name;
select throws_ok(
    $$select bss.drop_shared(null)$$, 'SB615', 'shared table "" does not exist', 'drop_shared() refuses no name'
);
select throws_ok(
    $$select bss.drop_shared('units')$$, 'SB616', 'shared table "units" is in use', 'drop_shared() refuses a table that is in use'
);
select is(
    pg_temp.detail_of($$select bss.drop_shared('units')$$),
    'The documents in force of these tenants declare it: "acme", "globex".', 'drop_shared() says whose documents declare it'
);
set session authorization gateway;
select throws_ok(
    $$select bss.drop_shared('units')$$, '42501', 'permission denied for function drop_shared', 'drop_shared() is not for gateways'
);
reset session authorization;
grant execute on function bss.drop_shared(text, text, text) to gateway;
set session authorization gateway;
select throws_ok(
    $$select bss.drop_shared('units')$$, 'SB505', 'login may not operate tenants',
    'drop_shared() refuses who is no operator, whatever was granted'
);
reset session authorization;
select results_eq('table facts', 'table before', 'drop_shared() leaves nothing of what it refuses');


-- dropping, when nobody's document in force declares it any more

select bss.apply_schema('acme', pg_temp.document('none')) as version \gset
select bss.deprovision_tenant('globex', '0') as after \gset
select bss.drop_tenant('globex', 'globex') \g /dev/null
select tables_are('bss_shared', array['currencies', 'units'], 'drop_tenant() leaves the shared tables');
select throws_ok(
    $$select bss.drop_shared('currencies')$$, 'SB616', 'shared table "currencies" is in use',
    'drop_shared() refuses a table that another one refers to'
);
select is(bss.drop_shared('units', 'a person', 'r-3'), 2, 'drop_shared() gives the version');
select tables_are('bss_shared', array['currencies'], 'drop_shared() drops the table');
select results_eq(
    'select version, initiator, correlation_id, document is null, steps from bss.shared_versions where version = 2',
    $$values (2, 'a person', 'r-3', true, 1::bigint)$$, 'drop_shared() enters it into the ledger'
);
select is(bss.drop_shared('currencies'), 3, 'drop_shared() drops the last table');
select is_empty('select from bss.shared_tables', 'drop_shared() leaves nothing to be declared');
select is_empty('select from bss.shared_uses', 'drop_shared() leaves no uses');
select is(bss.apply_schema('acme', pg_temp.document('another')), 3, 'drop_shared() frees the name for another declaration');
select is(bss.drop_unused_checks(), 1, 'drop_shared() leaves checks to drop_unused_checks()');

select * from finish();
rollback;
