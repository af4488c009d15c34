begin;
set local search_path = tap, public;
select plan(11);

create temp table document (body json);
insert into document values ('{
    "title": "Item", "type": "object", "required": ["name"],
    "properties": {"id": {"type": "integer"}, "name": {"type": "string", "maxLength": 5}}
}');
select bss.provision_tenant('acme', body) as acme, bss.provision_tenant('globex', body) as globex
from document \gset
select bss.provision_tenant('initech', '{
    "title": "Visit", "type": "object", "required": ["name"],
    "properties": {"on": {"type": "string", "format": "date"}, "id": {"type": "integer"},
        "name": {"type": "string"}, "code": {"type": "integer", "minimum": 1}},
    "x-bss": {"primaryKey": ["id", "on"], "softDelete": true, "unique": [["code", "on"]],
        "partitionBy": {"column": "on", "strategy": "range", "interval": "year"}}
}') as initech \gset
create function pg_temp.explained(change text)
    returns text
    language plpgsql
as $$
declare
    _table text;
    _constraint text;
    _column text;
begin
    execute change;
    return 'nothing';
exception when integrity_constraint_violation then
    get stacked diagnostics
        _table = table_name, _constraint = constraint_name, _column = column_name;
    return (
        select concat_ws(' ', e.keyword, e.pointer, e.properties::text)
        from bss.explain_violation(_constraint, _table, _column, 'tenant_initech') as e
    );
end
$$;
insert into tenant_initech.visits ("on", id, name, code) values ('2001-02-03', 1, 'a', 1);
select is(
    pg_temp.explained(format('insert into tenant_initech.visits ("on", id, name, code) %s', row)),
    explained, format('explain_violation() explains what a partition refuses: %s', row)
) from (values
    ($$values ('2001-02-03', 1, 'b', 2)$$, 'x-bss.primaryKey  {on,id}'),
    ($$values ('2001-02-03', 2, 'b', 1)$$, 'x-bss.unique /x-bss/unique/0 {on,code}'),
    ($$values (current_date, 2, 'b', 0)$$, 'minimum /properties/code/minimum {code}')
) as v (row, explained);
create role "Opera Tor" login;
create role gateway login;
create role outsider login;
grant bss_admin to "Opera Tor";
grant bss_app to gateway;


set session authorization "Opera Tor";
select results_eq(
    $$select * from bss.explain_violation('items_name_max_length_check', 'items', null, 'tenant_acme')$$,
    $$values ('Item', array['name'], 'maxLength', '/properties/name/maxLength',
        'value of property "name" violates keyword "maxLength"', 'Correct the value.')$$,
    'explain_violation() gives the keyword and its place'
);
select results_eq(
    $$select keyword, pointer from bss.explain_violation(null, 'items', 'name', 'tenant_acme')$$,
    $$values ('required', '/required')$$, 'explain_violation() takes the column of a missing value'
);
select is_empty(
    $$select bss.explain_violation('nothing', 'items', null, 'tenant_acme')$$,
    'explain_violation() has nothing to say of what is no constraint of the tenant'
);
select throws_ok(
    $$select bss.explain_violation('items_pkey')$$, 'SB803',
    'it is not known whose constraint was violated', 'explain_violation() wants to know the tenant'
);
set session authorization gateway;
select throws_ok(
    $$select bss.explain_violation('items_pkey', 'items', null, 'tenant_acme')$$, 'SB803',
    'it is not known whose constraint was violated',
    'explain_violation() tells a gateway nothing before it has entered the tenant'
);
select bss.use_tenant('acme') as acme \gset
set local search_path = tap, public;
select results_eq(
    $$select keyword, pointer from bss.explain_violation('items_pkey')$$,
    $$values ('x-bss.primaryKey', '')$$,
    'explain_violation() tells a gateway of the tenant it entered'
);
select throws_ok(
    $$select bss.explain_violation('items_pkey', 'items', null, 'tenant_globex')$$, 'SB803',
    'it is not known whose constraint was violated',
    'explain_violation() speaks of another tenant as of none'
);
set session authorization outsider;
select throws_ok(
    $$select bss.explain_violation('items_pkey')$$, '42501', 'permission denied for schema bss',
    'explain_violation() does not answer everyone'
);
reset session authorization;

select * from finish();
rollback;
