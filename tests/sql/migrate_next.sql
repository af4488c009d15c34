begin;
set local search_path = tap, public;
select plan(43);

create temp table document (name text, body json);
insert into document values
    ('v1', '{"title": "Customer", "type": "object", "properties": {"name": {"type": "string"}}}'),
    ('v2', '{"title": "Customer", "type": "object", "properties": {
        "name": {"type": "string", "maxLength": 5}, "stars": {"type": "integer", "default": 3}}}');
grant select on document to public;
create role gateway login;
grant bss_app to gateway;
create function pg_temp.outcomes() returns text[] language plpgsql as $$
declare
    _outcomes text[] := '{}';
    _outcome text;
begin
    loop
        select n.outcome into _outcome from bss.migrate_next((select max(id) from bss.fleet_migrations)) as n;
        _outcomes := _outcomes || _outcome;
        exit when _outcome not in ('migrated', 'current', 'drifted', 'failed', 'skipped');
    end loop;
    return _outcomes;
end
$$;
create view pg_temp.came_of as
select tenant, ring, state, from_version, to_version, sqlstate, message
from bss.fleet_tenants
where fleet_migration = (select max(id) from bss.fleet_migrations);

select bss.publish_blueprint('shop', body) from document where name = 'v1' \g (format=unaligned) /dev/null
select count(bss.provision_tenant(name, blueprint => 'shop')) as five
from unnest(array['acme', 'globex', 'initech', 'umbrella', 'hooli']) as name \gset
select bss.provision_tenant('other') as other \gset
select bss.publish_blueprint('shop', body) as v2 from document where name = 'v2' \gset


-- what it would do

create temp table before as table facts;
select results_eq(
    $$select tenant, outcome, plan, from_version, steps, hazards, estimated_rows, bytes > 0
      from bss.plan_fleet('shop') where tenant in ('acme', 'globex') order by 1$$,
    $$values
        ('acme', 'pending', 1::bigint, 1, 3, '{blocks_reads,blocks_writes,may_fail_on_data}'::text[], 0::bigint, true),
        ('globex', 'pending', 1, 1, 3, '{blocks_reads,blocks_writes,may_fail_on_data}', 0, true)$$,
    'plan_fleet() says what would happen to whom, by plans that are shared'
);
select results_eq(
    $$select ring, count(*) from bss.plan_fleet('shop', canary_percent => 20, waves => 2)
      group by ring order by ring$$,
    $$values (0, 1::bigint), (1, 2), (2, 2)$$, 'plan_fleet() makes rings of a percentage and of waves'
);
select is(
    (select ring from bss.plan_fleet('shop', canary => '{acme}') where tenant = 'acme'), 0,
    'plan_fleet() begins with those on the list'
);
select is(
    (select count(*) from bss.plan_fleet('shop', 1) where outcome = 'current'), 5::bigint,
    'plan_fleet() has nothing to do where the version is in force'
);
select throws_ok(
    $$select bss.plan_fleet('office')$$, 'SB631', 'blueprint "office" does not exist',
    'plan_fleet() refuses a blueprint that there is not'
);
select throws_ok(
    $$select bss.plan_fleet('shop', 7)$$, 'SB632', 'blueprint "shop" has no version 7',
    'plan_fleet() refuses a version that there is not'
);
select throws_ok(
    $$select bss.plan_fleet('shop', canary_percent => 101)$$, 'SB639', 'rings cannot be made',
    'plan_fleet() refuses a percentage above 100'
);
select throws_ok(
    $$select bss.start_fleet_migration('shop', waves => 0)$$, 'SB639', 'rings cannot be made',
    'start_fleet_migration() refuses no waves'
);
select throws_ok(
    $$select bss.start_fleet_migration('shop', canary => '{other}')$$, 'SB640',
    'tenant "other" cannot be a canary', 'start_fleet_migration() refuses a canary that does not follow'
);
select throws_ok(
    $$select bss.migrate_next(0)$$, 'SB637', 'fleet migration 0 does not exist',
    'migrate_next() refuses a migration that there is not'
);
select results_eq('table facts', 'table before', 'plan_fleet() and refusals leave everything as it was');


-- everybody gets what is due

insert into tenant_globex.customers (name) values ('too long');
alter table tenant_initech.customers add column by_hand text;
select bss.suspend_tenant('umbrella') \g /dev/null
select bss.deprovision_tenant('hooli') as closed \gset
select bss.start_fleet_migration('shop', canary => '{acme}', error_budget => 1, initiator => 'a person', correlation_id => 'r-1') as m \gset
select results_eq(
    $$select ring, tenants, pending, skipped from bss.fleet_rings order by ring$$,
    $$values (0, 1::bigint, 1::bigint, 0::bigint), (1, 3, 3, 0), (null, 1, 0, 1)$$,
    'start_fleet_migration() enters those who follow, in rings'
);
select throws_ok(
    $$select bss.start_fleet_migration('shop')$$, 'SB636', 'a fleet migration of blueprint "shop" goes on',
    'start_fleet_migration() refuses a second one'
);
select results_eq(
    $$select outcome, tenant from bss.migrate_next((select max(id) from bss.fleet_migrations)) as n
      join bss.tenants as t on t.id = n.tenant_id cross join lateral (select t.external_id) as e (tenant)$$,
    $$values ('migrated', 'acme')$$, 'migrate_next() begins with the canary'
);
select columns_are(
    'tenant_acme', 'customers',
    array['tenant_id', 'customer_id', 'name', 'stars', 'created_at', 'updated_at'],
    'migrate_next() takes the tables of one tenant to the version'
);
select results_eq(
    $$select version, blueprint_version, initiator, correlation_id
      from bss.schema_versions where tenant = 'acme' order by version desc limit 1$$,
    $$values (2, 2, 'a person', 'r-1')$$, 'migrate_next() enters the version into the ledger'
);
select lives_ok(format('select bss.pause_fleet_migration(%s, %L)', :m, 'a person'), 'pause_fleet_migration() pauses');
select is(pg_temp.outcomes(), '{paused}', 'pause_fleet_migration() lets no other begin');
select throws_ok(
    format('select bss.pause_fleet_migration(%s)', :m), 'SB638', format('fleet migration %s cannot become paused', :m),
    'pause_fleet_migration() refuses one that is paused'
);
select lives_ok(format('select bss.resume_fleet_migration(%s)', :m), 'resume_fleet_migration() goes on');
select is(
    (select array_agg(o order by o) from unnest(pg_temp.outcomes()) as o),
    '{drifted,failed,finished,migrated}', 'migrate_next() tries everybody once, and finishes'
);
select results_eq(
    'select * from came_of order by tenant',
    $$values
        ('acme', 0, 'migrated', 1, 2, null, null),
        ('globex', 1, 'failed', 1, null, 'SB402', 'rows of table "customers" do not fit the new schema'),
        ('hooli', null, 'skipped', 1, null, null, 'its status is DEACTIVATING'),
        ('initech', 1, 'drifted', 1, null, 'SB401', 'tables of tenant "initech" are not what its schema says'),
        ('umbrella', 1, 'migrated', 1, 2, null, null)$$,
    'fleet_tenants has what came of everybody, with the reason'
);
select matches(
    (select detail from bss.fleet_tenants where tenant = 'initech'), 'customers.by_hand',
    'fleet_tenants says in what a tenant has drifted'
);
select is(
    (select array_agg(schema_version order by external_id) from bss.tenants where blueprint = 'shop'),
    '{2,1,1,1,2}', 'migrate_next() leaves those where they were that it does not migrate'
);
select columns_are(
    'tenant_globex', 'customers', array['tenant_id', 'customer_id', 'name', 'created_at', 'updated_at'],
    'migrate_next() changes nothing of a tenant that fails'
);
select is(
    (select array_agg(action_type order by action_timestamp) from bss.audit_log where action_type ~ '^fleet'),
    '{fleet.running,fleet.paused,fleet.running,fleet.finished}', 'a fleet migration is recorded'
);
select is(
    (select count(*) from bss.audit_log where action_type = 'schema.updated' and correlation_id = 'r-1'), 2::bigint,
    'migrate_next() records what it updates'
);
select is(
    (select count(*) from bss_internal.fleet_plans), 1::bigint, 'migrate_next() shares the plan'
);


-- another time

delete from tenant_globex.customers;
alter table tenant_initech.customers drop column by_hand;
select is(bss.retry_fleet_migration(:m), 3, 'retry_fleet_migration() counts those who are tried again');
select is(
    (select array_agg(o order by o) from unnest(pg_temp.outcomes()) as o),
    '{finished,migrated,migrated,skipped}', 'retry_fleet_migration() tries them again'
);
select is(
    (select array_agg(distinct message) from bss.fleet_tenants where state = 'skipped'),
    '{its status is DEACTIVATING}', 'migrate_next() leaves out who is being deprovisioned'
);
select throws_ok(
    format('select bss.cancel_fleet_migration(%s)', :m), 'SB638',
    format('fleet migration %s cannot become canceled', :m),
    'cancel_fleet_migration() refuses one that is finished'
);
select bss.start_fleet_migration('shop') as again \gset
select is(pg_temp.outcomes(), '{finished}', 'migrate_next() has nothing to do where everybody is there');
select results_eq(
    $$select ring, current, skipped, tenants from bss.fleet_rings where fleet_migration = $$ || :again,
    $$values (null::integer, 4::bigint, 1::bigint, 5::bigint)$$, 'fleet_rings tells who was there already'
);


-- the error budget, and giving up

select bss.start_fleet_migration('shop', 1) as down \gset
select is(
    (select array_agg(o order by o) from unnest(pg_temp.outcomes()) as o),
    '{finished,migrated,migrated,migrated,migrated}', 'migrate_next() takes everybody to an older version'
);
insert into tenant_acme.customers (name) values ('too long');
insert into tenant_globex.customers (name) values ('too long');
select bss.start_fleet_migration('shop', canary => '{acme,globex}') as stopped \gset
select is(
    (select o[cardinality(o)] from pg_temp.outcomes() as o), 'stopped',
    'migrate_next() stops when the error budget is spent'
);
select is(
    (select count(*) from bss.fleet_tenants where fleet_migration = :stopped and state = 'failed'), 1::bigint,
    'migrate_next() begins no other tenant then'
);
select is(pg_temp.outcomes(), '{stopped}', 'migrate_next() stays stopped');
select tenant as left_behind from bss.fleet_tenants
where fleet_migration = :stopped and state = 'pending' and tenant not in ('acme', 'globex')
limit 1 \gset
select bss.unfollow_blueprint(:'left_behind') \g /dev/null
select lives_ok(
    format('select bss.resume_fleet_migration(%s, 2)', :stopped), 'resume_fleet_migration() takes another budget'
);
select is(
    (select o[cardinality(o)] from pg_temp.outcomes() as o), 'finished', 'resume_fleet_migration() goes on with it'
);
select results_eq(
    format($$select message from bss.fleet_tenants where fleet_migration = %s and tenant = %L$$, :stopped, :'left_behind'),
    $$values ('it does not follow the blueprint any more')$$,
    'migrate_next() leaves out who does not follow any more'
);
select bss.start_fleet_migration('shop') as canceled \gset
select lives_ok(format('select bss.cancel_fleet_migration(%s)', :canceled), 'cancel_fleet_migration() gives up');
select is(pg_temp.outcomes(), '{canceled}', 'cancel_fleet_migration() lets no other begin');

select * from finish();
rollback;
