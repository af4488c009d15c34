begin;
set local search_path = tap, public;
select plan(9);

select bss.register_document('urn:a', '{"$ref": "urn:b"}') as a,
    bss.register_document('urn:b', '{"type": "integer"}') as b,
    bss.register_document('urn:c', '{}') as c \gset
select bss.provision_tenant('acme', '{"title": "Item", "type": "object",
    "properties": {"a": {"$ref": "urn:a"}, "b": {"type": "string"}}}') as acme \gset


select lives_ok($$select bss.unregister_document('urn:c')$$, 'unregister_document() forgets a document');
select throws_ok(
    $$select bss.unregister_document('urn:c')$$, 'SB613', 'document "urn:c" is not registered',
    'unregister_document() refuses what is not registered'
);
select throws_ok(
    format('select bss.unregister_document(%L)', uri), 'SB614', format('document "%s" is in use', uri),
    format('unregister_document() refuses %s, which a version was compiled with', uri)
)
from unnest(array['urn:a', 'urn:b']) as uri;

select bss.deprovision_tenant('acme', '0') as closed \gset
select bss.drop_tenant('acme', 'acme') as dropped \gset
select lives_ok(
    $$select bss.unregister_document('urn:a'), bss.unregister_document('urn:b')$$,
    'unregister_document() does not mind tenants that were dropped'
);
select bss.register_document('urn:a', '{"type": "string"}') as a \gset
select bss.provision_tenant('acme', '{"title": "Item", "type": "object",
    "properties": {"a": {"$ref": "urn:a"}, "b": {"type": "string"}}}') as acme \gset
select col_type_is(
    'tenant_acme', 'items', 'a', 'text',
    'unregister_document() forgets the plans that were made with the document'
);



-- a shared table outlives the tenant that declared it

select bss.register_document('urn:d', '{"type": "integer"}') as d \gset
select bss.apply_shared('{"title": "Rate", "type": "object", "x-bss": {"scope": "shared"},
    "properties": {"rate_id": {"$ref": "urn:d"}}}') as version \gset
select throws_ok(
    $$select bss.unregister_document('urn:d')$$, 'SB614', 'document "urn:d" is in use',
    'unregister_document() refuses what a shared table was compiled with'
);
select is(
    bss_internal.told_uses('urn:d'), '1 versions of the shared tables', 'unregister_document() says so'
);
select bss.drop_shared('rates') as dropped \gset
select lives_ok(
    $$select bss.unregister_document('urn:d')$$, 'unregister_document() does not mind shared tables that were dropped'
);

select * from finish();
rollback;
