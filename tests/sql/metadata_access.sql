begin;
set local search_path = tap, public;
select plan(13);

create temp view group_role as
select r.oid, r.rolname from pg_roles as r
where r.rolname = any (
    '{bss_admin,bss_app,bss_tenant,bss_analytics,bss_subscriber,bss_monitor}'
);
create temp table document (body json);
insert into document values
    ('{"title": "Customer", "type": "object", "properties": {"name": {"type": "string"}}}');
select bss.provision_tenant('acme', body) as acme from document \gset

-- who may read what is declared in access.sql; this is what must hold of whatever stands there

select is_empty(
    $$select c.oid::regclass from pg_class as c
      where c.relnamespace = 'bss_metadata'::regnamespace and c.relkind = 'r'
          and c.relname <> 'settings' and not (c.relrowsecurity and c.relforcerowsecurity)$$,
    'bss_metadata has row-level security forced on all that belongs to tenants'
);
select is_empty(
    $$select c.oid::regclass, r.rolname
      from pg_class as c, group_role as r
      where c.relnamespace in ('bss_metadata'::regnamespace, 'bss_internal'::regnamespace)
          and c.relkind in ('r', 'v', 'p', 'S')
          and has_table_privilege(r.oid, c.oid, 'insert, update, delete, truncate, references, trigger')$$,
    'bss_metadata and bss_internal have no table that a role may write'
);
select is_empty(
    $$select c.oid::regclass, r.rolname
      from pg_class as c, group_role as r
      where c.relnamespace = 'bss_internal'::regnamespace and c.relkind in ('r', 'v', 'p', 'S')
          and has_table_privilege(r.oid, c.oid, 'select')$$,
    'bss_internal has no table that a role may read'
);
select is_empty(
    $$select p.oid::regprocedure
      from pg_proc as p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as a
      where p.pronamespace::regnamespace::text ~ '^bss' and a.grantee = 0
          and p.pronamespace <> 'bss_watch'::regnamespace$$,
    'bss, bss_internal and bss_shared have no function that everyone may execute'
);
select is_empty(
    $$select p.oid::regprocedure
      from pg_proc as p, aclexplode(p.proacl) as a
      where p.pronamespace = 'bss_internal'::regnamespace and a.grantee <> p.proowner
          and (p.proname, a.grantee::regrole::text) <> ('master_key_of_file', 'bss_owner')$$,
    'bss_internal has no function that anyone else may execute'
);
select is_empty(
    $$select p.oid::regprocedure
      from pg_proc as p join pg_roles as r on r.oid = p.proowner
      where p.pronamespace::regnamespace::text ~ '^bss' and r.rolname <> 'bss_owner'
          and p.pronamespace <> 'bss_watch'::regnamespace
          and p.proname <> 'master_key_of_file'$$,
    'bss, bss_internal and bss_shared have no function that is a superuser''s, but the one that reads the master key'
);
select is_empty(
    $$select p.oid::regprocedure
      from pg_proc as p
      where p.pronamespace::regnamespace::text ~ '^bss' and p.prosecdef
          and not coalesce(p.proconfig::text ~ 'search_path=pg_catalog, pg_temp', false)
          and p.prosqlbody is null
          -- whose body names every schema, as tests/law/test_functions.py holds it to
          and p.oid <> all (
              '{bss.bound_tenant_id,bss_internal.hold_place,bss.use_tenant,bss.use_token,bss.pre_request,'
              'bss.as_operator}'::regproc[]
          )
          -- the compiler's, in which every name and every operator has its schema
          and p.pronamespace <> 'bss_capture'::regnamespace$$,
    'bss has no function with its owner''s rights whose names depend on the caller'
);
select is_empty(
    $$select c.oid::regclass from pg_class as c
      where c.relnamespace = 'bss'::regnamespace and c.relkind = 'v'
          and not coalesce(c.reloptions::text ~ 'security_invoker=true', false)$$,
    'bss has no view that shows more than its reader may see'
);
select is_empty(
    $$select n.nspname, r.rolname from pg_namespace as n, group_role as r
      where n.nspname ~ '^(bss|tenant_)'
          and has_schema_privilege(r.oid, n.oid, 'create')$$,
    'bss and its companions have no schema that a role may create in'
);
select is_empty(
    $$select rolname from pg_roles
      where (rolname = 'bss_owner' or oid in (select oid from group_role))
          and (rolsuper or rolcanlogin or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls)$$,
    'bss_owner and the groups have no attributes'
);
select is_empty(
    $$select r.rolname, p.role
      from pg_roles as r, unnest(array[
          'pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program', 'pg_read_all_data',
          'pg_write_all_data', 'pg_signal_backend', 'pg_database_owner'
      ]) as p (role)
      where (r.rolname = 'bss_owner' or r.oid in (select oid from group_role))
          and pg_has_role(r.oid, p.role, 'member')$$,
    'bss_owner and the groups have none of the server''s own powers'
);
select is_empty(
    $$select p.polrelid::regclass, p.polname from pg_policy as p
      where concat(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
          ~ 'current_setting'$$,
    'bss_metadata has no policy that reads a setting'
);
select results_eq(
    $$select a.attrelid::regclass::text, a.attname::text collate "default", x.grantee::regrole::text, x.privilege_type
      from pg_attribute as a
      join pg_class as c on c.oid = a.attrelid
      cross join aclexplode(a.attacl) as x
      where c.relnamespace::regnamespace::text ~ '^bss'
          and x.grantee = 'bss_monitor'::regrole
          and c.oid <> all ('{bss_metadata.outbox,bss_metadata.deliveries}'::regclass[])
      order by 1, a.attnum$$,
    $$values
        ('bss_metadata.calls', 'service', 'bss_monitor', 'SELECT'),
        ('bss_metadata.calls', 'outcome', 'bss_monitor', 'SELECT'),
        ('bss_metadata.calls', 'created_at', 'bss_monitor', 'SELECT'),
        ('bss_metadata.epochs', 'first_id', 'bss_monitor', 'SELECT'),
        ('bss_metadata.pending_steps', 'tenant_id', 'bss_monitor', 'SELECT'),
        ('bss_metadata.pending_steps', 'version', 'bss_monitor', 'SELECT'),
        ('bss_metadata.pending_steps', 'position', 'bss_monitor', 'SELECT'),
        ('bss_metadata.pending_steps', 'state', 'bss_monitor', 'SELECT'),
        ('bss_metadata.pending_steps', 'started_at', 'bss_monitor', 'SELECT'),
        ('bss_metadata.pending_steps', 'finished_at', 'bss_monitor', 'SELECT'),
        ('bss_metadata.received_events', 'status', 'bss_monitor', 'SELECT'),
        ('bss_metadata.tasks', 'status', 'bss_monitor', 'SELECT'),
        ('bss_metadata.tasks', 'due_at', 'bss_monitor', 'SELECT'),
        ('bss_metadata.tenant_schemas', 'tenant_id', 'bss_monitor', 'SELECT'),
        ('bss_metadata.tenant_schemas', 'version', 'bss_monitor', 'SELECT'),
        ('bss_metadata.tenant_schemas', 'applied_at', 'bss_monitor', 'SELECT'),
        ('bss_metadata.tenant_schemas', 'blueprint_version', 'bss_monitor', 'SELECT')$$,
    'bss_metadata lets monitoring read versions, their progress and what waits, and nothing of the documents'
);

select * from finish();
rollback;
