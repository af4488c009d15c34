-- Pools: the tables of a blueprint for the rows of many tenants. To what plans, migrates, proves
-- and records, a pool is a tenant, which nobody enters; its tenants have no tables of their own.
-- Runs as bss_owner.

alter table bss_metadata.tenants
add column isolation text,
add column pool_id uuid,
add column placed_at timestamptz;
-- a default for the rows that are there would be refused, since functions have their type
update bss_metadata.tenants set isolation = 'silo';
alter table bss_metadata.tenants
alter column isolation set default 'silo',
alter column isolation set not null,
add constraint tenants_isolation_check check (
    isolation in ('silo', 'pool', 'host')
    and (isolation = 'pool') = (pool_id is not null)
    and (isolation = 'silo' or blueprint is not null)
),
add constraint tenants_pool_id_fkey foreign key (pool_id) references bss_metadata.tenants (id),
drop constraint tenants_external_id_check,
add constraint tenants_external_id_check check (
    case isolation
        when 'host' then external_id = 'pool:' || blueprint
        else
            external_id ~ '^[a-z0-9][a-z0-9._-]{0,47}$'
            and external_id !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
    end
),
drop constraint tenants_schema_name_check,
add constraint tenants_schema_name_check check (
    schema_name ~ case isolation
        when 'silo' then '^tenant_[a-z0-9_]{1,56}$' else '^pool_[a-z0-9_]{1,58}$'
    end
);
comment on column bss_metadata.tenants.isolation is
    '"silo": it has a schema of its own; "pool": its rows are in tables of a pool; "host": it is a '
    'pool.';
comment on column bss_metadata.tenants.pool_id is 'The pool that its rows are in; null for none.';
comment on column bss_metadata.tenants.placed_at is
    'Since when its rows are there; null if they have never been moved.';

drop index bss_metadata.tenants_schema_name_key;
create unique index tenants_schema_name_key
    on bss_metadata.tenants (schema_name) where status <> 'DELETED' and isolation <> 'pool';
create index tenants_pool_id_idx
    on bss_metadata.tenants (pool_id) where pool_id is not null;

insert into bss_metadata.settings (name, value, description) values
    ('move.hold_time', '"1s"', 'How long a tenant''s statements are held off when it is moved.'),
    ('move.lock_timeout', '"200ms"', 'How long a move waits at once for who uses the tables.'),
    ('move.attempts', '50', 'How often a move tries that before it gives up.');

-- replaced by others of the same name with more parameters
drop function if exists bss.provision_tenant(text, json, text, text, text, text);
drop function if exists bss_internal.purge_schema(text, timestamptz);
