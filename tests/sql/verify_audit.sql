begin;
set local search_path = tap, public;
select plan(25);

select bss.provision_tenant('acme') as acme, bss.provision_tenant('globex') as globex \gset
select bss.set_setting('limit.depth', '60') as set \gset

select is_empty('select * from bss.verify_audit()', 'verify_audit() finds nothing where nothing was done');
select results_eq(
    'select tenant, position, kept_from from bss.audit_heads order by tenant',
    $$values ('acme', 2::bigint, 1::bigint), ('globex', 2, 1), (null, 1, 1)$$,
    'audit_heads has a chain for each tenant, and one for the installation'
);
select is(
    (select hash from bss.audit_heads where tenant = 'acme'),
    (
        with first as (
            select a, sha256('') as none from bss_metadata.tenant_audit_log as a
            where a.tenant_id = :'acme' and a.action_type = 'tenant.provisioned'
        ),
        last as (
            select a from bss_metadata.tenant_audit_log as a
            where a.tenant_id = :'acme' and a.action_type = 'tenant.status'
        )
        select encode(
            bss_internal.audit_hash(bss_internal.audit_hash('', first.a), last.a), 'hex'
        )
        from first, last
    ),
    'audit_heads has a hash that follows from all entries'
);
set local timezone = 'Asia/Tokyo';
set local extra_float_digits = -10;
set local datestyle = 'german';
select is_empty('select * from bss.verify_audit()', 'verify_audit() depends on no setting of the session');

-- as the owner of the tables, whom no privilege stops
set local role bss_owner;
select throws_ok(
    $$update bss_metadata.tenant_audit_log set initiator = 'somebody else'$$, 'SB530',
    'entries of the audit log are not changed or removed', 'audit_log is not edited by its owner'
);
select throws_ok(
    'delete from bss_metadata.tenant_audit_log', 'SB530',
    'entries of the audit log are not changed or removed', 'audit_log is not emptied by its owner'
);
select throws_ok(
    'truncate bss_metadata.tenant_audit_log', 'SB530',
    'entries of the audit log are not changed or removed', 'audit_log is not truncated by its owner'
);
select throws_ok(
    'delete from bss_metadata.audit_links', 'SB530',
    'entries of the audit log are not changed or removed', 'audit_links are not removed'
);
select throws_ok(
    $$update bss_metadata.audit_links set hash = ''$$, 'SB530',
    'entries of the audit log are not changed or removed', 'audit_links are not edited'
);
select throws_ok(
    'truncate bss_metadata.audit_links', 'SB530',
    'entries of the audit log are not changed or removed', 'audit_links are not truncated'
);
select throws_ok(
    'update bss_metadata.audit_heads set position = position - 1', 'SB531',
    'chains of the audit log only grow', 'audit_heads are not set back'
);
select throws_ok(
    $$update bss_metadata.audit_heads set hash = ''$$, 'SB531',
    'chains of the audit log only grow', 'audit_heads keep the hash of their last entry'
);
select throws_ok(
    'delete from bss_metadata.audit_heads', 'SB531', 'chains of the audit log only grow',
    'audit_heads are not removed'
);
select throws_ok(
    'truncate bss_metadata.audit_heads', 'SB531', 'chains of the audit log only grow',
    'audit_heads are not truncated'
);
reset role;

-- as a superuser who switches the triggers off
create function pg_temp.after_tampering(statement text)
    returns setof text
    language plpgsql
as $$
begin
    set local session_replication_role = replica;
    execute statement;
    set local session_replication_role = origin;
    return query
    select format('%s %s %s', coalesce(v.tenant, '-'), v.number, v.problem)
    from bss.verify_audit() as v;
    raise exception using errcode = 'ZZ001';
exception when sqlstate 'ZZ001' then
    return;
end
$$;
select set_eq(
    $$select pg_temp.after_tampering('delete from bss_metadata.tenant_audit_log where action_type = ''setting.changed''')$$,
    array['- 1 entry is missing'], 'verify_audit() finds an entry that was removed'
);
select set_eq(
    $$select pg_temp.after_tampering('update bss_metadata.tenant_audit_log set details = ''{}'' where action_type = ''setting.changed''')$$,
    array['- 1 entry or what is before it was changed'], 'verify_audit() finds an entry that was edited'
);
select set_eq(
    $$select pg_temp.after_tampering('delete from bss_metadata.audit_links where chain = (select id from bss_metadata.tenants where external_id = ''acme'') and position = 1')$$,
    array['acme 1 link is missing', 'acme 2 entry or what is before it was changed', 'acme  entry is in no chain'],
    'verify_audit() finds a link that was removed, and the entry that lost it'
);
select set_eq(
    $$select pg_temp.after_tampering('update bss_metadata.audit_heads set position = 1 where chain = (select id from bss_metadata.tenants where external_id = ''acme'')')$$,
    array['acme 1 entry is not the one that the chain ended with', 'acme 2 entry is beyond the end of its chain'],
    'verify_audit() finds an end that was cut off'
);
select set_eq(
    $$select pg_temp.after_tampering('insert into bss_metadata.tenant_audit_log (action_type, initiator) values (''x'', ''x'')')$$,
    array['-  entry is in no chain'], 'verify_audit() finds an entry that was put in'
);
select is_empty('select * from bss.verify_audit()', 'verify_audit() finds nothing after all that was undone');

-- retention
select throws_ok(
    $$select bss.purge_audit('-1 day')$$, 'SB532', 'age "-1 days" cannot be used',
    'purge_audit() does not purge what is to come'
);
select is(bss.purge_audit('1 day'), 0::bigint, 'purge_audit() keeps what is not old enough');
select is(bss.purge_audit('0'), 5::bigint, 'purge_audit() removes what is old enough');
select results_eq(
    'select tenant, position, kept_from from bss.audit_heads order by tenant',
    $$values ('acme', 2::bigint, 3::bigint), ('globex', 2, 3), (null, 1, 2)$$,
    'audit_heads remember what there was'
);
select is_empty('select * from bss.verify_audit()', 'verify_audit() takes what was purged for gone');

select * from finish();
rollback;
