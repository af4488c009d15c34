-- The life of the keys that secrets are encrypted with: made when the first secret is written,
-- followed by others, wrapped by another master key, destroyed.
--
-- Where a key or a value is a parameter of a statement, the plan is a generic one: in another it
-- would be a constant, which debug_print_plan shows to whoever calls, and auto_explain the log.

create or replace function bss_internal.keep_tenant_key(
    tenant_id uuid, version integer, key bytea, master_key bytea
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    set plan_cache_mode = force_generic_plan
    language sql
begin atomic
    insert into bss_metadata.tenant_keys (tenant_id, version, wrapped_key, master_key_id)
    values (
        keep_tenant_key.tenant_id, keep_tenant_key.version,
        bss_internal.seal_bytes(
            master_key, bss_internal.key_label(tenant_id, version), key,
            bss_internal.random_bytes(16)
        ),
        bss_internal.master_key_id(master_key)
    )
    -- who writes the first secret at the same time makes the first key, too
    on conflict (tenant_id, version) do nothing;
end;
comment on function bss_internal.keep_tenant_key(uuid, integer, bytea, bytea) is
    'Keeps a version of the key of a tenant, wrapped, unless there is one.';


create or replace function bss_internal.require_common_master_key()
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _id constant text := bss_internal.master_key_id(bss_internal.master_key());
begin
    -- not while the keys of all tenants are wrapped by another
    lock table bss_metadata.tenant_keys in row exclusive mode;
    if
        exists (select from bss_metadata.tenant_keys as k where k.master_key_id is not null)
        and not exists (select from bss_metadata.tenant_keys as k where k.master_key_id = _id)
    then
        raise exception using
            errcode = 'SB523',
            message = 'master key is not the one that wraps the keys of other tenants',
            detail = format('Master key %s wraps none.', _id),
            hint = 'Use the master key of the other tenants; bss.rewrap_tenant_keys() brings all '
                'of them to another.';
    end if;
end
$$;
comment on function bss_internal.require_common_master_key() is
    'Refuses a master key that wraps no key, where another one does.';


create or replace function bss_internal.add_tenant_key(tenant_id uuid)
    returns bytea
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    perform bss_internal.require_common_master_key();
    perform bss_internal.keep_tenant_key(
        tenant_id, 1, bss_internal.random_bytes(96), bss_internal.master_key()
    );
    perform bss_internal.audit(
        tenant_id, 'secret_key.created', null, null, jsonb_build_object('version', 1)
    );
    return bss_internal.tenant_key(tenant_id);
end
$$;
comment on function bss_internal.add_tenant_key(uuid) is
    'Makes the first key of a tenant, and gives it behind its version.';


create or replace function bss.rotate_tenant_key(
    tenant text, initiator text default null, correlation_id text default null
)
    returns integer
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    set plan_cache_mode = force_generic_plan
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants;
    _key bytea;
    _version integer;
begin
    perform bss_internal.require_operator();
    _tenant := bss_internal.lock_tenant(tenant);
    perform bss_internal.refuse_pool(_tenant);
    _key := bss_internal.key_to_write_with(_tenant.id);
    update bss_metadata.tenant_keys as k set status = 'RETIRED', retired_at = now()
    where k.tenant_id = _tenant.id and k.status = 'ACTIVE'
    returning k.version + 1 into _version;
    -- digests stay as they are, or no value would be found while some are still to be re-encrypted
    perform bss_internal.keep_tenant_key(
        _tenant.id, _version, bss_internal.random_bytes(64) || substr(_key, 69),
        bss_internal.master_key()
    );
    perform bss_internal.audit(
        _tenant.id, 'secret_key.rotated', initiator, correlation_id,
        jsonb_build_object('version', _version)
    );
    return _version;
end
$$;
comment on function bss.rotate_tenant_key(text, text, text) is
    'Makes the next version of a tenant''s key, with which secrets are encrypted from now on.';


create or replace function bss_internal.secret_version(secret bss.secret)
    returns integer
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return concat(
        'x',
        encode(
            substr(decode(substr(convert_from(secret::bytea, 'UTF8'), 6, 8), 'base64'), 1, 4), 'hex'
        )
    )::bit(32)::integer;
end
$$;
comment on function bss_internal.secret_version(bss.secret) is
    'Gives the version of the key that a secret was encrypted with.';


create or replace function bss_internal.secret_columns(schema text)
    returns table (relation oid, relation_name text, column_name text)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select c.oid, c.relname, a.attname
    from pg_namespace as n
    join pg_class as c
        on c.relnamespace = n.oid and c.relkind in ('r', 'p') and not c.relispartition
    join pg_attribute as a on a.attrelid = c.oid and not a.attisdropped
    where n.nspname = secret_columns.schema and a.atttypid = to_regtype('bss.secret')
    order by c.relname, a.attnum;
end;
comment on function bss_internal.secret_columns(text) is
    'Lists the columns of a schema that have secrets, those that are only kept among them.';


create or replace function bss.reencrypt_secrets(
    tenant text,
    max_values integer default 1000,
    initiator text default null,
    correlation_id text default null
)
    returns integer
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants;
    _column record;
    _version integer;
    _count integer;
    _total integer := 0;
    _before text;
begin
    perform bss_internal.require_operator();
    -- it is not to be moved from where it is written to
    _tenant := bss_internal.lock_tenant(tenant);
    perform bss_internal.refuse_pool(_tenant);
    _before := bss_internal.begin_filling();
    select max(k.version) into _version
    from bss_metadata.tenant_keys as k where k.tenant_id = _tenant.id;
    for _column in
        select c.* from bss_internal.secret_columns(_tenant.schema_name) as c
    loop
        -- what is written is the value, which the trigger of the column encrypts
        execute format(
            'with old as (select t.tableoid, t.ctid from %1$I.%2$I as t where t.tenant_id = $1 '
            'and bss_internal.secret_version(t.%3$I) < $2 limit $3 for update) '
            'update %1$I.%2$I as t set %3$I = bss_internal.opened_secret(t.tenant_id, t.%3$I) '
            'from old where (t.tableoid, t.ctid) = (old.tableoid, old.ctid)',
            _tenant.schema_name, _column.relation_name, _column.column_name
        )
        using _tenant.id, _version, max_values - _total;
        get diagnostics _count = row_count;
        _total := _total + _count;
    end loop;
    perform bss_internal.end_filling(_before);
    if _total > 0 then
        perform bss_internal.audit(
            _tenant.id, 'secret.reencrypted', initiator, correlation_id,
            jsonb_build_object('values', _total, 'version', _version)
        );
    end if;
    return _total;
end
$$;
comment on function bss.reencrypt_secrets(text, integer, text, text) is
    'Encrypts secrets of a tenant again that older keys encrypt, as many as that at most; gives '
    'their number, which is 0 when all are done.';


create or replace function bss_internal.destroy_keys(
    tenant bss_metadata.tenants, initiator text, correlation_id text
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    update bss_metadata.tenant_keys as k
    set
        status = 'DESTROYED', wrapped_key = null, master_key_id = null, destroyed_at = now()
    where k.tenant_id = tenant.id and k.status <> 'DESTROYED';
    if found then
        perform bss_internal.audit(
            tenant.id, 'secret_key.destroyed', initiator, correlation_id, null
        );
    end if;
end
$$;
comment on function bss_internal.destroy_keys(bss_metadata.tenants, text, text) is
    'Destroys all versions of the key of a tenant.';


create or replace function bss.destroy_tenant_key(
    tenant text,
    confirm_external_id text,
    initiator text default null,
    correlation_id text default null
)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants;
begin
    perform bss_internal.require_operator();
    _tenant := bss_internal.lock_tenant(tenant);
    perform bss_internal.refuse_pool(_tenant);
    if _tenant.external_id is distinct from confirm_external_id then
        raise exception using
            errcode = 'SB608',
            message = format(
                'name does not confirm that tenant "%s" is meant', _tenant.external_id
            ),
            hint = 'Repeat the external id as the second argument.';
    end if;
    -- one that never had a key is not to get one from now on
    if not exists (select from bss_metadata.tenant_keys as k where k.tenant_id = _tenant.id) then
        perform bss_internal.add_tenant_key(_tenant.id);
    end if;
    perform bss_internal.destroy_keys(_tenant, initiator, correlation_id);
end
$$;
comment on function bss.destroy_tenant_key(text, text, text, text) is
    'Destroys the key of a tenant, and with it all its secrets; the external id confirms which.';


create or replace function bss.rewrap_tenant_keys(
    old_master_key bytea,
    new_master_key bytea,
    initiator text default null,
    correlation_id text default null
)
    returns integer
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    set plan_cache_mode = force_generic_plan
    language plpgsql
as $$
declare
    _old constant bytea := bss_internal.checked_master_key(old_master_key);
    _new constant bytea := bss_internal.checked_master_key(new_master_key);
    _key bss_metadata.tenant_keys;
    _count integer := 0;
begin
    perform bss_internal.require_operator();
    -- or who writes a tenant's first secret meanwhile has its key wrapped by the old one
    lock table bss_metadata.tenant_keys in share row exclusive mode;
    for _key in
        select k.*
        from bss_metadata.tenant_keys as k
        where k.master_key_id <> bss_internal.master_key_id(_new)
        order by k.tenant_id, k.version
        for update
    loop
        update bss_metadata.tenant_keys as k
        set
            master_key_id = bss_internal.master_key_id(_new),
            wrapped_key = bss_internal.seal_bytes(
                _new, bss_internal.key_label(_key.tenant_id, _key.version),
                bss_internal.unwrap_key(_key, _old), bss_internal.random_bytes(16)
            )
        where (k.tenant_id, k.version) = (_key.tenant_id, _key.version);
        _count := _count + 1;
    end loop;
    perform bss_internal.audit(
        null, 'secret_key.rewrapped', initiator, correlation_id,
        jsonb_build_object(
            'keys', _count, 'master_key_id', bss_internal.master_key_id(_new)
        )
    );
    return _count;
end
$$;
comment on function bss.rewrap_tenant_keys(bytea, bytea, text, text) is
    'Wraps the keys of all tenants by another master key; gives the number of keys.';


create or replace view bss.tenant_keys
with (security_invoker = true)
as
select
    t.external_id as tenant, k.version, k.status, k.master_key_id, k.created_at, k.retired_at,
    k.destroyed_at, k.tenant_id
from bss_metadata.tenant_keys as k
join bss_metadata.tenants as t on t.id = k.tenant_id;
comment on view bss.tenant_keys is
    'Lists the keys that secrets are encrypted with, and what became of them; not the keys.';
comment on column bss.tenant_keys.tenant is 'The external id of the tenant.';
comment on column bss.tenant_keys.version is 'Counts from 1 for each tenant.';
comment on column bss.tenant_keys.status is
    'ACTIVE encrypts and decrypts, RETIRED decrypts, DESTROYED is no more.';
comment on column bss.tenant_keys.master_key_id is 'Tells which master key wraps it.';
comment on column bss.tenant_keys.created_at is 'When it was made.';
comment on column bss.tenant_keys.retired_at is 'When the next one took its place.';
comment on column bss.tenant_keys.destroyed_at is 'When it was destroyed.';
comment on column bss.tenant_keys.tenant_id is 'The tenant.';
