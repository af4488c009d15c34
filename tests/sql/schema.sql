begin;
set local search_path = tap, public;
select plan(13);

create temp table document (version integer, body json);
insert into document values
    (1, '{"title": "Customer", "type": "object", "properties": {"z": {"type": "string"}, "a": {"type": "string"}}}'),
    (2, '{"title":"Customer","type":"object","properties":{"z":{"type":"string"},"a":{"type":"string"}}}');
select bss.provision_tenant('acme') as acme, bss.provision_tenant('globex') as globex \gset
select bss.apply_schema('acme', body) as version from document order by version \g /dev/null
select bss.apply_schema('globex', body) as version from document where version = 2 \gset
create role "Opera Tor" login;
create role gateway login;
create role analyst login;
create role outsider login;
grant bss_admin to "Opera Tor";
grant bss_app to gateway;
grant bss_analytics to analyst;


select is(
    bss.schema('acme', d.version)::text, d.body::text,
    format('schema() gives version %s to the letter', d.version)
)
from document as d;
select is(
    bss.schema('acme')::text, (select body::text from document where version = 2),
    'schema() gives the version in force'
);
select is(
    bss.schema(:'acme')::text, bss.schema('acme')::text, 'schema() takes the uuid of a tenant as well'
);
select throws_ok(
    $$select bss.schema('acme', 3)$$, 'SB607', 'tenant "acme" has no such schema',
    'schema() refuses a version that does not exist'
);
select throws_ok(
    $$select bss.schema('nobody')$$, 'SB607', 'tenant "nobody" has no such schema',
    'schema() refuses a tenant that does not exist'
);

set session authorization "Opera Tor";
select lives_ok($$select bss.schema('acme'), bss.schema('globex')$$, 'schema() answers operators');
set session authorization analyst;
select lives_ok($$select bss.schema('acme'), bss.schema('globex')$$, 'schema() answers analytics');
set session authorization gateway;
select throws_ok(
    $$select bss.schema('acme')$$, 'SB607', 'tenant "acme" has no such schema',
    'schema() does not tell a gateway that has entered no tenant'
);
select bss.use_tenant('acme') as acme \gset
set local search_path = tap, public;
select lives_ok($$select bss.schema('acme')$$, 'schema() tells a gateway of the tenant it entered');
select throws_ok(
    $$select bss.schema('globex')$$, 'SB607', 'tenant "globex" has no such schema',
    'schema() speaks of another tenant as of none'
);
set session authorization outsider;
select throws_ok(
    $$select bss.schema('acme')$$, '42501', 'permission denied for schema bss',
    'schema() does not answer everyone'
);
reset session authorization;

select bss.deprovision_tenant('acme', '0') as closed \gset
select bss.drop_tenant('acme', 'acme') as dropped \gset
select is(
    bss.schema(:'acme')::text, (select body::text from document where version = 2),
    'schema() remembers the document of a tenant that was dropped'
);

select * from finish();
rollback;
