begin;
set local search_path = tap, public;
select plan(14);

select bss.provision_tenant('acme') as acme, bss.provision_tenant('globex') as globex \gset
create role gateway login;
create role "other gateway" login;
create role outsider login;
grant bss_app to gateway, "other gateway";


select is(bss.current_tenant_id(), null, 'current_tenant_id() is null outside of a tenant');
select volatility_is('bss', 'current_tenant_id', '{}', 'stable', 'current_tenant_id() is stable');
select is(
    (select proparallel::text from pg_proc where oid = 'bss.current_tenant_id'::regproc), 'r',
    'current_tenant_id() is not asked by parallel workers'
);
set local app.current_tenant_id = :'acme';
select is(bss.current_tenant_id(), null, 'current_tenant_id() does not read app.current_tenant_id');

set session authorization gateway;
select bss.use_tenant('acme') as acme, current_setting('bss.context') as context \gset
set local search_path = tap, public;
select is(bss.current_tenant_id(), :'acme', 'current_tenant_id() is the tenant that was entered');
select is(length(:'context'), 133, 'current_tenant_id() goes by an id and the 96 digits of a signature');

create function pg_temp.said_of(context text)
    returns text
    language plpgsql
as $$
begin
    perform set_config('bss.context', context, true);
    return coalesce(bss.current_tenant_id()::text, 'nobody');
exception when others then
    return concat_ws(': ', sqlstate, sqlerrm);
end
$$;
select is(
    pg_temp.said_of(f.context), 'SB501: tenant context is not valid',
    format('current_tenant_id() refuses %s', f.what)
)
from (
    values
    ('a bare id', :'globex'),
    ('an id with an empty signature', :'globex' || '.'),
    ('the signature of another tenant', :'globex' || substr(:'context', 37)),
    ('a context that goes on', :'context' || '0'),
    ('a context in capitals', upper(:'context')),
    ('nonsense', 'nonsense')
) as f (what, context);

set session authorization "other gateway";
select is(
    pg_temp.said_of(:'context'), 'SB501: tenant context is not valid',
    'current_tenant_id() refuses the context of another login'
);
set session authorization outsider;
select throws_ok(
    'select bss.current_tenant_id()', '42501', 'permission denied for schema bss',
    'current_tenant_id() is not for everyone'
);
reset session authorization;

select * from finish();
rollback;
