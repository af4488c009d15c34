begin;
set local search_path = tap, public;
select plan(38);

create temp table document (name text, body json);
insert into document values
    ('v1', '{"title": "Customer", "type": "object", "properties": {"name": {"type": "string"}}}'),
    ('v2', '{"title": "Customer", "type": "object", "properties": {
        "name": {"type": "string"}, "stars": {"type": "integer", "default": 3}}}'),
    ('name as bytes', '{"title": "Customer", "type": "object", "properties": {
        "name": {"type": "string", "contentEncoding": "base64"}}}'),
    ('bad', '{"title": "Customer", "type": "object", "properties": {"name": {"type": "strong"}}}');
grant select on document to public;
create role gateway login;
grant bss_app to gateway;


-- versions

select is(
    (select bss.publish_blueprint('shop', body, 'a person', 'r-1') from document where name = 'v1'), 1,
    'publish_blueprint() makes version 1'
);
select results_eq(
    $$select blueprint, version, document::text, initiator, correlation_id from bss.blueprint_versions$$,
    $$select 'shop', 1, body::text, 'a person', 'r-1' from document where name = 'v1'$$,
    'publish_blueprint() keeps the document as it is'
);
select results_eq(
    $$select action_type, initiator, correlation_id, details from bss.audit_log$$,
    $$values ('blueprint.published', 'a person', 'r-1', '{"version": 1, "blueprint": "shop"}'::jsonb)$$,
    'publish_blueprint() records it'
);
select results_eq(
    $$select plan ->> 'document', fingerprint from bss_internal.plans$$,
    $$select body::text, null from document where name = 'v1'$$,
    'publish_blueprint() keeps the plan of a new tenant, unproven'
);
create temp table before as table facts;
select is(
    (select bss.publish_blueprint('shop', body) from document where name = 'v1'), 1,
    'publish_blueprint() gives the version that it has to the same document'
);
select throws_ok(
    $$select bss.publish_blueprint('Shop', body) from document where name = 'v1'$$, 'SB630',
    'blueprint cannot be named "Shop"', 'publish_blueprint() refuses a name of another form'
);
select throws_ok(
    $$select bss.publish_blueprint(null, body) from document where name = 'v1'$$, 'SB630',
    'blueprint cannot be named ""', 'publish_blueprint() refuses to publish without a name'
);
select throws_ok(
    $$select bss.publish_blueprint('shop', body) from document where name = 'bad'$$, 'SB010',
    null, 'publish_blueprint() refuses a document that is wrong'
);
select throws_ok(
    $$select bss.publish_blueprint('shop', null)$$, 'SB002', null,
    'publish_blueprint() refuses to publish no document'
);
select throws_ok(
    $$select bss.publish_blueprint('shop', body) from document where name = 'name as bytes'$$, 'SB301',
    null, 'publish_blueprint() refuses a document that those who follow could not be taken to'
);
select results_eq('table facts', 'table before', 'publish_blueprint() leaves nothing of what it refuses');


-- new tenants

select bss.provision_tenant('acme', blueprint => 'shop') as acme \gset
select columns_are(
    'tenant_acme', 'customers', array['tenant_id', 'customer_id', 'name', 'created_at', 'updated_at'],
    'provision_tenant() makes the tables of a blueprint'
);
select results_eq(
    $$select blueprint, blueprint_version, schema_version from bss.tenants$$,
    $$values ('shop', 1, 1)$$, 'provision_tenant() records which blueprint is followed'
);
select results_eq(
    $$select blueprint, blueprint_version from bss.schema_versions$$, $$values ('shop', 1)$$,
    'provision_tenant() enters the version of the blueprint into the ledger'
);
select is(
    (select count(*) from bss_internal.plans where fingerprint is not null), 1::bigint,
    'provision_tenant() proves the plan that was kept unproven'
);
select is(
    (select bss.publish_blueprint('shop', body) from document where name = 'v2'), 2,
    'publish_blueprint() counts on'
);
select results_eq(
    $$select blueprint_version from bss.tenants$$, $$values (1)$$,
    'publish_blueprint() leaves those who follow where they are'
);
select bss.provision_tenant('globex', blueprint => 'shop') as globex \gset
select columns_are(
    'tenant_globex', 'customers',
    array['tenant_id', 'customer_id', 'name', 'stars', 'created_at', 'updated_at'],
    'provision_tenant() takes the newest version'
);
select is(
    (select count(*) from bss_internal.plans), 3::bigint,
    'provision_tenant() compiles nothing that publish_blueprint() has compiled'
);
select results_eq(
    $$select name, version, tenants from bss.blueprints$$, $$values ('shop', 2, 2::bigint)$$,
    'blueprints has the newest version and the number of tenants'
);
create temp table with_tenants as table facts;
select throws_ok(
    $$select bss.provision_tenant('initech', blueprint => 'office')$$, 'SB631',
    'blueprint "office" does not exist', 'provision_tenant() refuses a blueprint that there is not'
);
select throws_ok(
    $$select bss.provision_tenant('initech', body, blueprint => 'shop') from document where name = 'v1'$$,
    'SB633', 'tenant "initech" cannot have a document beside a blueprint',
    'provision_tenant() refuses a document beside a blueprint'
);


-- documents of one's own

select throws_ok(
    $$select bss.apply_schema('acme', body) from document where name = 'v2'$$, 'SB634',
    'tenant "acme" follows blueprint "shop"', 'apply_schema() is not for those who follow'
);
select throws_ok(
    $$select bss.apply_entity('acme', body) from document where name = 'v2'$$, 'SB634',
    'tenant "acme" follows blueprint "shop"', 'apply_entity() is not for those who follow'
);
select is(
    (select count(*) from document as d, bss.plan_schema('acme', d.body) where d.name = 'v2'), 1::bigint,
    'plan_schema() is'
);
select results_eq('table facts', 'table with_tenants', 'a blueprint leaves nothing of what is refused');
select lives_ok($$select bss.unfollow_blueprint('acme', 'a person', 'r-2')$$, 'unfollow_blueprint() ends it');
select results_eq(
    $$select action_type, initiator, correlation_id, details
      from bss.audit_log order by action_timestamp desc limit 1$$,
    $$values ('tenant.blueprint', 'a person', 'r-2', '{"before": "shop", "after": null}'::jsonb)$$,
    'unfollow_blueprint() records it'
);
select throws_ok(
    $$select bss.unfollow_blueprint('acme')$$, 'SB635', 'tenant "acme" does not follow a blueprint',
    'unfollow_blueprint() refuses a tenant that does not follow'
);
select is(
    (select bss.apply_schema('acme', body) from document where name = 'v2'), 2,
    'unfollow_blueprint() lets apply_schema() work again'
);
select is(
    (select blueprint_version from bss.tenants where external_id = 'acme'), null,
    'apply_schema() makes a version that is no blueprint''s'
);
select lives_ok(
    $$select bss.follow_blueprint('acme', 'shop', 'a person', 'r-3')$$, 'follow_blueprint() begins it again'
);
select results_eq(
    $$select blueprint, blueprint_version, schema_version from bss.tenants where external_id = 'acme'$$,
    $$values ('shop', null::integer, 2)$$, 'follow_blueprint() leaves tables and ledger as they are'
);
select throws_ok(
    $$select bss.follow_blueprint('acme', 'office')$$, 'SB631', 'blueprint "office" does not exist',
    'follow_blueprint() refuses a blueprint that there is not'
);


-- who may

set session authorization gateway;
select throws_ok(
    $$select bss.publish_blueprint('shop', body) from document where name = 'v1'$$, '42501', null,
    'publish_blueprint() is not for gateways'
);
select throws_ok($$table bss.blueprints$$, '42501', null, 'blueprints is not for gateways');
reset session authorization;
grant execute on function
    bss.publish_blueprint(text, json, text, text), bss.follow_blueprint(text, text, text, text)
to gateway;
set session authorization gateway;
select throws_ok(
    $$select bss.publish_blueprint('shop', body) from document where name = 'v1'$$, 'SB505',
    'login may not operate tenants', 'publish_blueprint() refuses who is no operator'
);
select throws_ok(
    $$select bss.follow_blueprint('acme', 'shop')$$, 'SB505', 'login may not operate tenants',
    'follow_blueprint() refuses who is no operator'
);
reset session authorization;

select * from finish();
rollback;
