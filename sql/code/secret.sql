-- Secrets: values that are encrypted before a row is stored, and decrypted for whoever acts for
-- their tenant.
--
-- A value is stored as bss1: and, in base64, the version of the key (4 bytes), the place that it
-- was encrypted for (16), and what AEAD_AES_256_CBC_HMAC_SHA_512 of RFC 7518, section 5.2.5, gives:
-- initialization vector (16), ciphertext, tag (32). The tenant, the version and the place are
-- authenticated with it. A tenant's key has 64 bytes for that, and 32 for digests.
--
-- What is called for every value is in PL/pgSQL, which keeps plans; SQL is planned at every call.

create or replace function bss_internal.seal_bytes(
    key bytea, associated bytea, data bytea, vector bytea
)
    returns bytea
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _sealed constant bytea := vector
        || bss_internal.aes_encrypt(data, substr(key, 33), vector);
begin
    return _sealed || substr(
        bss_internal.hmac_sha512(
            associated || _sealed || int8send(length(associated) * 8::bigint), substr(key, 1, 32)
        ),
        1, 32
    );
end
$$;
comment on function bss_internal.seal_bytes(bytea, bytea, bytea, bytea) is
    'Encrypts and authenticates data under a key of 64 bytes (RFC 7518, section 5.2.5).';


create or replace function bss_internal.open_bytes(key bytea, associated bytea, sealed bytea)
    returns bytea
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _size constant integer := length(sealed) - 32;
    _body bytea;
begin
    if _size < 32 or length(key) <> 64 then
        return null;
    end if;
    _body := substr(sealed, 1, _size);
    -- hashes are compared, so that how long it takes says nothing of the tag
    if
        sha256(substr(sealed, _size + 1)) <> sha256(substr(
            bss_internal.hmac_sha512(
                associated || _body || int8send(length(associated) * 8::bigint),
                substr(key, 1, 32)
            ),
            1, 32
        ))
    then
        return null;
    end if;
    return bss_internal.aes_decrypt(substr(_body, 17), substr(key, 33), substr(_body, 1, 16));
end
$$;
comment on function bss_internal.open_bytes(bytea, bytea, bytea) is
    'Decrypts what bss_internal.seal_bytes() gave; null if it did not, of this key and these data.';


create or replace function bss_checks.secret_place(place text, row_key text)
    returns bytea
    immutable parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return substr(
        sha256(convert_to(concat_ws(chr(31), place, coalesce(row_key, '')), 'UTF8')), 1, 16
    );
end
$$;
comment on function bss_checks.secret_place(text, text) is
    'Gives what a secret says of the column and of the row that it was encrypted for.';


create or replace function bss_checks.is_secret_of(value bss.secret, place text, row_key text)
    returns boolean
    immutable parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _stored constant text := convert_from(value::bytea, 'UTF8');
begin
    return case
        when _stored ~ '^bss1:[A-Za-z0-9+/]{28}'
            then substr(decode(substr(_stored, 6, 28), 'base64'), 5, 16)
                = bss_checks.secret_place(place, row_key)
        else _stored is null
    end;
end
$$;
comment on function bss_checks.is_secret_of(bss.secret, text, text) is
    'Says whether a value is encrypted, and that for this column and this row.';


create or replace function bss_internal.transaction_tag()
    returns bytea
    stable parallel restricted
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return int4send(pg_backend_pid()) || timestamptz_send(transaction_timestamp());
end
$$;
comment on function bss_internal.transaction_tag() is
    'Tells this transaction from all others.';


create or replace function bss_internal.checked_master_key(key bytea)
    returns bytea
    immutable parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if length(key) = 64 then
        return key;
    end if;
    raise exception using
        errcode = 'SB527',
        message = 'master key has another length than a key',
        detail = 'A master key is 64 random bytes; in a file, they are written in base64.',
        hint = 'Make one with "head -c 64 /dev/urandom | base64 -w 0".';
end
$$;
comment on function bss_internal.checked_master_key(bytea) is
    'Gives a master key back, or refuses it.';


-- Volatile, because a file is; whoever calls it for a row asks for no other row.
create or replace function bss_internal.master_key()
    returns bytea
    volatile parallel restricted
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _given constant text := current_setting('bss.master_key', true);
    _text text;
    _key bytea;
begin
    if _given ~ '^([0-9a-f]{2})+$' then
        select bss_internal.open_bytes(t.key, bss_internal.transaction_tag(), decode(_given, 'hex'))
        into _key
        from bss_internal.transaction_key as t;
    elsif coalesce(_given, '') = '' then
        _text := bss_internal.master_key_of_file();
        if _text is not null then
            return bss_internal.checked_master_key(
                case
                    when _text ~ '^\s*[A-Za-z0-9+/]{86}==\s*$' then decode(_text, 'base64')
                end
            );
        end if;
    end if;
    if _key is null then
        raise exception using
            errcode = 'SB522',
            message = 'master key is not available',
            detail = 'Without it, secrets can neither be read nor written.',
            hint = 'Hand it in with bss.use_master_key() in this transaction, or have a superuser '
                'name the file of the server that has it with bss.use_master_key_file().';
    end if;
    return _key;
end
$$;
comment on function bss_internal.master_key() is
    'Gives the master key that this transaction was handed, or else that of the file.';


create or replace function bss.use_master_key(key bytea)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _key constant bytea := bss_internal.checked_master_key(key);
begin
    perform set_config(
        'bss.master_key',
        encode(
            bss_internal.seal_bytes(
                t.key, bss_internal.transaction_tag(), _key, bss_internal.random_bytes(16)
            ),
            'hex'
        ),
        true
    )
    from bss_internal.transaction_key as t;
end
$$;
comment on function bss.use_master_key(bytea) is
    'Hands in the master key, 64 bytes, until the end of the transaction.';


-- With the caller's rights: nobody but a superuser may write to the table.
create or replace function bss.use_master_key_file(path text)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    insert into bss_internal.master_key_file (path)
    values (use_master_key_file.path)
    on conflict (is_single) do update set path = excluded.path;
end;
comment on function bss.use_master_key_file(text) is
    'Names the file of the server that has the master key, in base64. Only a superuser may.';


create or replace function bss_internal.master_key_id(key bytea)
    returns text
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
    return encode(substr(bss_internal.hmac_sha512('bss master key', key), 1, 8), 'hex');
comment on function bss_internal.master_key_id(bytea) is
    'Gives what tells a master key from others, and nothing of it.';


create or replace function bss_internal.key_label(tenant_id uuid, version integer)
    returns bytea
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return uuid_send(tenant_id) || int4send(version);
end
$$;
comment on function bss_internal.key_label(uuid, integer) is
    'Gives what is authenticated with a wrapped key.';


create or replace function bss_internal.unwrap_key(key bss_metadata.tenant_keys, master_key bytea)
    returns bytea
    stable parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _key bytea;
begin
    if key.status = 'DESTROYED' then
        raise exception using
            errcode = 'SB524',
            message = 'key of the tenant has been destroyed',
            detail = format('That was at %s. Nothing brings its secrets back.', key.destroyed_at),
            hint = 'Set the secrets to null, or leave them out.';
    end if;
    _key := bss_internal.open_bytes(
        master_key, bss_internal.key_label(key.tenant_id, key.version), key.wrapped_key
    );
    if _key is null then
        raise exception using
            errcode = 'SB523',
            message = 'master key is not the one that wraps the key of the tenant',
            detail = format(
                'The key is wrapped by master key %s, and this is %s.', key.master_key_id,
                bss_internal.master_key_id(master_key)
            ),
            hint = 'Use that master key, or bring the keys to this one with '
                'bss.rewrap_tenant_keys().';
    end if;
    return _key;
end
$$;
comment on function bss_internal.unwrap_key(bss_metadata.tenant_keys, bytea) is
    'Gives the key of a tenant; refuses one that is destroyed or wrapped by another master key.';


create or replace function bss_internal.tenant_key(tenant_id uuid, of_version integer default null)
    returns bytea
    volatile parallel restricted
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _key bss_metadata.tenant_keys;
begin
    select k.* into _key
    from bss_metadata.tenant_keys as k
    where k.tenant_id = tenant_key.tenant_id and k.version = coalesce(of_version, k.version)
    order by k.version desc
    limit 1;
    if not found then
        return null;
    end if;
    return int4send(_key.version) || bss_internal.unwrap_key(_key, bss_internal.master_key());
end
$$;
comment on function bss_internal.tenant_key(uuid, integer) is
    'Gives the key of a tenant behind its version, which is that or the newest; null for none.';
