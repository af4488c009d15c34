begin;
set local search_path = tap, public;
select plan(8);

create temp table document (body json);
insert into document values ('{
    "title": "Item", "type": "object", "required": ["name"],
    "properties": {"id": {"type": "integer"}, "name": {"type": "string", "maxLength": 5}}
}');
select bss.provision_tenant('acme', body) as acme, bss.provision_tenant('globex', body) as globex
from document \gset
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
