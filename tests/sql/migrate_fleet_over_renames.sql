begin;
set local search_path = tap, public;
select plan(10);

create function pg_temp.document(properties text) returns json language sql
return format('{"title": "Customer", "type": "object", "properties": {%s}}', properties)::json;
create procedure pg_temp.migrate(to_version integer) language plpgsql as $$
declare
    _fleet bigint := bss.start_fleet_migration('shop', to_version);
    _outcome text;
begin
    loop
        select n.outcome into _outcome from bss.migrate_next(_fleet) as n;
        exit when _outcome not in ('migrated', 'current');
    end loop;
    if _outcome <> 'finished' then
        raise exception '%: %', _outcome, (select string_agg(message, ', ') from bss.fleet_tenants where fleet_migration = _fleet);
    end if;
end
$$;
-- the columns of tenants' customers that have a value, each with it
create function pg_temp.told() returns table (tenant text, told jsonb) language plpgsql as $$
declare
    _tenant record;
begin
    for _tenant in select t.external_id, t.schema_name from bss.tenants as t order by 1 loop
        return query execute format(
            $q$select %L, jsonb_strip_nulls(to_jsonb(c)) - '{tenant_id,customer_id,created_at,updated_at}'::text[] from %I.customers as c$q$,
            _tenant.external_id, _tenant.schema_name
        );
    end loop;
end
$$;

select bss.publish_blueprint('shop', pg_temp.document('"name": {"type": "string"}')) as v1 \gset
select bss.provision_tenant('oldest', blueprint => 'shop') as oldest, bss.provision_tenant('sleeper', blueprint => 'shop') as sleeper \gset
insert into tenant_oldest.customers (name) values ('Ada');
insert into tenant_sleeper.customers (name) values ('Eve');
select bss.publish_blueprint('shop', pg_temp.document('"label": {"type": "string", "x-bss": {"renamedFrom": "name"}}')) as v2 \gset
select bss.suspend_tenant('sleeper');
update bss_metadata.tenants set blueprint = null where external_id = 'sleeper';
call pg_temp.migrate(2);
update bss_metadata.tenants set blueprint = 'shop' where external_id = 'sleeper';
select bss.publish_blueprint('shop', pg_temp.document('"title": {"type": "string", "x-bss": {"renamedFrom": "label"}}, "stars": {"type": "integer"}')) as v3 \gset
select bss.provision_tenant('newest', blueprint => 'shop') as newest, bss.provision_tenant('pooled', blueprint => 'shop', isolation => 'pool') as pooled \gset
insert into tenant_newest.customers (title, stars) values ('Grace', 4);
insert into pool_shop.customers (tenant_id, customer_id, title) values (:'pooled', gen_random_uuid(), 'Kay');

select is(
    (select max(steps) - min(steps) from bss.plan_fleet('shop') where tenant in ('oldest', 'sleeper')), 0,
    'plan_fleet() renames for who passes a version over as for who does not'
);
call pg_temp.migrate(3);
select results_eq(
    'select * from pg_temp.told()',
    $$values ('newest', '{"title": "Grace", "stars": 4}'::jsonb), ('oldest', '{"title": "Ada"}'), ('pooled', '{"title": "Kay"}'), ('sleeper', '{"title": "Eve"}')$$,
    'who passes a version over keeps what that renames'
);
call pg_temp.migrate(1);
select results_eq(
    'select * from pg_temp.told()',
    $$values ('newest', '{"name": "Grace", "stars": 4}'::jsonb), ('oldest', '{"name": "Ada"}'), ('pooled', '{"name": "Kay"}'), ('sleeper', '{"name": "Eve"}')$$,
    'who goes back takes renames back, whether or not it was there before'
);
select is_empty($$select * from bss.drift_all()$$, 'tables are as they are meant to be, by whatever way they came there');
select results_eq(
    $$select tenant, relation, column_name from bss.tenants as t cross join lateral bss.deprecated(t.external_id) as d (relation, column_name) cross join lateral (select t.external_id) as e (tenant) where t.isolation = 'silo' order by 1$$,
    $$values ('newest', 'customers', 'stars'), ('oldest', 'customers', 'stars'), ('sleeper', 'customers', 'stars')$$,
    'nothing is out of the schema but what the older version never had'
);
call pg_temp.migrate(2);
select results_eq(
    $$select told ->> 'label' from pg_temp.told()$$, $$values ('Grace'), ('Ada'), ('Kay'), ('Eve')$$, 'and forth again, by one version'
);
call pg_temp.migrate(1);
call pg_temp.migrate(3);
select results_eq(
    $$select told ->> 'title' from pg_temp.told()$$, $$values ('Grace'), ('Ada'), ('Kay'), ('Eve')$$, 'and by two'
);


-- what a pool renamed while the tenant was in it

select bss.set_setting('move.hold_time', '"1 minute"') \g /dev/null
call pg_temp.migrate(1);
select bss.move_tenant('oldest', 'pool') \g /dev/null
call pg_temp.migrate(3);
select bss.move_tenant('oldest', 'silo') \g /dev/null
savepoint moved;
call pg_temp.migrate(1);
select results_eq(
    $$select told from pg_temp.told() where tenant = 'oldest'$$, $$values ('{"name": "Ada"}'::jsonb)$$,
    'who was in a pool on the way forth takes back what that renamed'
);
rollback to moved;
select bss.unfollow_blueprint('oldest') \g /dev/null
select bss.rollback_schema('oldest', 1) \g /dev/null
select results_eq(
    $$select told from pg_temp.told() where tenant = 'oldest'$$, $$values ('{"name": "Ada"}'::jsonb)$$,
    'rollback_schema() does so as well'
);
rollback to moved;


-- where another way was taken

select bss.publish_blueprint('shop', pg_temp.document('"title": {"type": "string"}, "label": {"type": "string"}')) as v4 \gset
call pg_temp.migrate(4);
update tenant_oldest.customers set label = 'new';
select throws_like(
    'call pg_temp.migrate(2)', '%column "title" cannot be called "label" again%', 'a column that is there since is not overwritten'
);

select * from finish();
rollback;
