begin;
set local search_path = tap, public;
select plan(49);

create role "Opera Tor" login;
create role gateway login;
grant bss_admin to "Opera Tor";
grant bss_app to gateway;
create temp table document (body json);
insert into document values
    ('{"title": "Customer", "type": "object", "properties": {"name": {"type": "string"}}}');
grant select on document to public;


set session authorization "Opera Tor";
select lives_ok($$select bss.set_setting('limit.columns', '3')$$, 'set_setting() takes a number');
select lives_ok(
    $$select bss.set_setting('apply.lock_timeout', '"1 hour 500 ms"')$$, 'set_setting() takes an interval'
);
reset session authorization;
select results_eq(
    $$select name, value from bss.settings where name in ('limit.columns', 'apply.lock_timeout')
      order by name$$,
    $$values ('apply.lock_timeout', '"1 hour 500 ms"'::jsonb), ('limit.columns', '3')$$,
    'set_setting() changes the setting'
);
select results_eq(
    $$select action_type, initiator, tenant_id, details from bss.audit_log
      order by action_timestamp limit 1$$,
    $$values (
        'setting.changed', 'Opera Tor', null::uuid,
        '{"name": "limit.columns", "before": 1500, "after": 3}'::jsonb
    )$$,
    'set_setting() records it'
);
select throws_ok(
    $$select bss.set_setting('context.tenant_switch', '"perhaps"')$$, 'SB605',
    'value of setting "context.tenant_switch" cannot be used', 'set_setting() refuses another word'
);
select throws_ok(
    $$select bss.set_setting('token.tenant_claim', '""')$$, 'SB605',
    'value of setting "token.tenant_claim" cannot be used', 'set_setting() refuses no word'
);
select results_eq(
    'select code from document, bss.check_schema(body)', array['SB111'],
    'set_setting() has an effect from the next call on'
);
select bss.set_setting('limit.columns', '1500') as set \gset
select lives_ok(
    $$select bss.provision_tenant('acme', body) from document$$,
    'set_setting() takes only timeouts that a migration can run with'
);
select bss.set_setting('apply.lock_timeout', f.value::jsonb) as set, bss.set_setting('plan.cache_entries', '0') as none
from (values ('"0s"')) as f (value) \gset
select lives_ok(
    $$select bss.provision_tenant('globex', body) from document$$,
    'set_setting() takes only numbers that a migration can run with'
);


create temp table before as table facts;
select throws_ok(
    $$select bss.set_setting('limit.nonsense', '1')$$, 'SB604', 'setting "limit.nonsense" does not exist',
    'set_setting() refuses a setting that does not exist'
);
select throws_ok(
    $$select bss.set_setting(null, '1')$$, 'SB604', 'setting "" does not exist',
    'set_setting() refuses no setting'
);
select throws_ok(
    format('select bss.set_setting(%L, %L)', f.name, f.value), 'SB605',
    format('value of setting "%s" cannot be used', f.name),
    format('set_setting() refuses %s for %s', coalesce(f.value, 'null'), f.name)
)
from (
    values
    ('limit.depth', null), ('limit.depth', 'null'), ('limit.depth', '"64"'), ('limit.depth', '-1'),
    ('limit.depth', '1.5'), ('limit.depth', '2147483648'), ('limit.depth', '1e400'),
    ('limit.depth', '[64]'), ('plan.cache_entries', '0.5'), ('apply.lock_timeout', '2000'),
    ('apply.lock_timeout', '"-2s"'), ('apply.lock_timeout', '"soon"'), ('apply.lock_timeout', '""'),
    ('tenant.grace_period', '"999999999 years"')
) as f (name, value);
select throws_ok(
    format('select bss.set_setting(%L, %L)', f.name, v.value), 'SB605',
    format('value of setting "%s" cannot be used', f.name),
    format('set_setting() refuses %s for %s', v.value, f.name)
)
from (
    values
    ('limit.document_bytes', 8388608), ('limit.depth', 100), ('limit.entities', 5000),
    ('limit.columns', 1600), ('limit.enum_values', 50000), ('limit.schema_nodes', 100000),
    ('limit.pattern_length', 10000), ('limit.number_digits', 4000), ('limit.partitions', 10000)
) as f (name, most), unnest(array[0, f.most + 1]) as v (value);
select is(
    (select count(*)::integer from bss.settings where name like 'limit.%'
        and bss_internal.setting_range(name) = int8range(0, 2147483647, '[]')), 0,
    'set_setting() has a range for every limit'
);
set session authorization gateway;
select throws_ok(
    $$select bss.set_setting('limit.depth', '65')$$, '42501', 'permission denied for function set_setting',
    'set_setting() is not for gateways'
);
reset session authorization;
select results_eq('table facts', 'table before', 'set_setting() leaves nothing of what it refuses');
grant execute on function bss.set_setting(text, jsonb) to gateway;
set session authorization gateway;
select throws_ok(
    $$select bss.set_setting('limit.depth', '65')$$, 'SB505', 'login may not operate tenants',
    'set_setting() refuses who is no operator, whatever was granted'
);
select throws_ok(
    'select from bss.settings', '42501', 'permission denied for view settings',
    'set_setting() shows its settings to no gateway'
);
reset session authorization;
set session authorization "Opera Tor";
select throws_ok(
    $$update bss.settings set value = '1'$$, '42501', 'permission denied for view settings',
    'set_setting() is the only way to a setting'
);
reset session authorization;

select * from finish();
rollback;
