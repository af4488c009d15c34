-- What becomes of the values of secret columns: the triggers of their tables call what is here, as
-- bss_owner, and so does whoever reads them.

create or replace function bss_internal.acts_for(tenant_id uuid)
    returns boolean
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return coalesce(tenant_id = bss.current_tenant_id(), false) or bss_internal.is_operator();
end
$$;
comment on function bss_internal.acts_for(uuid) is
    'Says whether this transaction may write secrets of a tenant.';


create or replace function bss_internal.key_to_write_with(tenant_id uuid)
    returns bytea
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return coalesce(
        bss_internal.tenant_key(tenant_id), bss_internal.add_tenant_key(tenant_id)
    );
end
$$;
comment on function bss_internal.key_to_write_with(uuid) is
    'Gives the newest key of a tenant behind its version; makes one where there is none.';


create or replace function bss_internal.seal_secret(
    tenant_id uuid, place text, row_key text, value text
)
    returns bss.secret
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _key bytea;
    _header bytea;
begin
    -- the policies of the table refuse the row of another; until then, it is nobody's
    if value is null or not bss_internal.acts_for(tenant_id) then
        return null;
    end if;
    _key := bss_internal.key_to_write_with(tenant_id);
    _header := substr(_key, 1, 4) || bss_checks.secret_place(place, row_key);
    return concat(
        'bss1:',
        translate(
            encode(
                _header || bss_internal.seal_bytes(
                    substr(_key, 5, 64), uuid_send(tenant_id) || _header,
                    convert_to(value, 'UTF8'), bss_internal.random_bytes(16)
                ),
                'base64'
            ),
            E'\n', ''
        )
    );
end
$$;
comment on function bss_internal.seal_secret(uuid, text, text, text) is
    'Encrypts a value for a column and a row; null if the transaction does not act for the tenant.';


create or replace function bss_internal.digest_of_secret(tenant_id uuid, place text, value text)
    returns bytea
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if value is null or not bss_internal.acts_for(tenant_id) then
        return null;
    end if;
    return substr(
        bss_internal.hmac_sha512(
            convert_to(concat_ws(chr(31), place, value), 'UTF8'),
            substr(bss_internal.key_to_write_with(tenant_id), 69)
        ),
        1, 16
    );
end
$$;
comment on function bss_internal.digest_of_secret(uuid, text, text) is
    'Gives the keyed hash by which a value is found in a column, and in no other.';


create or replace function bss_internal.open_secret(tenant_id uuid, value bss.secret)
    returns text
    volatile strict parallel restricted
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _stored constant text := convert_from(value::bytea, 'UTF8');
    _sealed bytea;
    _key bytea;
begin
    if _stored !~ '^bss1:([A-Za-z0-9+/]{4})+([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$' then
        return null;
    end if;
    _sealed := decode(substr(_stored, 6), 'base64');
    _key := bss_internal.tenant_key(
        tenant_id, concat('x', encode(substr(_sealed, 1, 4), 'hex'))::bit(32)::integer
    );
    return convert_from(
        bss_internal.open_bytes(
            substr(_key, 5, 64), uuid_send(tenant_id) || substr(_sealed, 1, 20),
            substr(_sealed, 21)
        ),
        'UTF8'
    );
end
$$;
comment on function bss_internal.open_secret(uuid, bss.secret) is
    'Decrypts what was encrypted with a key of the tenant; null if it was not.';


-- What is copied from one row to another, or comes by way of EXCLUDED, is encrypted already.
create or replace function bss_internal.given_secret(tenant_id uuid, value bss.secret)
    returns text
    volatile strict
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _given constant text := convert_from(value::bytea, 'UTF8');
begin
    if not starts_with(_given, 'bss1:') then
        return _given;
    end if;
    if not bss_internal.acts_for(tenant_id) then
        return null;
    end if;
    return coalesce(bss_internal.open_secret(tenant_id, value), _given);
end
$$;
comment on function bss_internal.given_secret(uuid, bss.secret) is
    'Gives what a value means that is written to a secret column: itself, or what it encrypts.';


create or replace function bss_internal.typed_secret(value text, type text)
    returns text
    stable strict
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _typed jsonb;
begin
    begin
        _typed := case
            when type = 'jsonb' then value::jsonb
            else bss_internal.convert_value(to_jsonb(value), 'text', type)
        end;
    exception when data_exception or program_limit_exceeded then
        null;
    end;
    if _typed is null then
        raise exception using
            errcode = 'SB526',
            message = format('value of a secret is none of type "%s"', type),
            hint = 'Write it as in JSON; dates and times, in ISO 8601.';
    end if;
    return case when type = 'jsonb' then _typed::text else _typed #>> '{}' end;
end
$$;
comment on function bss_internal.typed_secret(text, text) is
    'Gives a value as a type writes it in JSON; refuses one that is none of the type.';


create or replace function bss_internal.refuse_secret(
    schema_name text, relation text, constraint_name text
)
    returns void
    immutable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    raise check_violation using
        message = format(
            'new row for relation "%s" violates check constraint "%s"', relation, constraint_name
        ),
        schema = schema_name, table = relation, constraint = constraint_name;
end
$$;
comment on function bss_internal.refuse_secret(text, text, text) is
    'Refuses a row for the value of a secret, in the words of a check constraint.';


create or replace function bss_internal.opened_secret(tenant_id uuid, value bss.secret)
    returns text
    volatile strict
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _value constant text := bss_internal.open_secret(tenant_id, value);
begin
    if _value is null then
        raise exception using
            errcode = 'SB525',
            message = 'secret cannot be decrypted',
            detail = 'It was altered, or was encrypted for another tenant.',
            hint = 'Restore it from a backup, or set it again.';
    end if;
    return _value;
end
$$;
comment on function bss_internal.opened_secret(uuid, bss.secret) is
    'Decrypts a secret of a tenant; refuses what is none.';


create or replace function bss_internal.encrypted(tenant_id uuid, value text)
    returns bss.secret
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return bss_internal.seal_secret(tenant_id, '', '', value);
end
$$;
comment on function bss_internal.encrypted(uuid, text) is
    'Encrypts a value of a tenant for no place yet.';


create or replace function bss_internal.decrypted(tenant_id uuid, value bss.secret, type text)
    returns text
    volatile strict
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _value constant text := bss_internal.opened_secret(tenant_id, value);
begin
    return case when type = 'text' then _value else bss_internal.typed_secret(_value, type) end;
end
$$;
comment on function bss_internal.decrypted(uuid, bss.secret, text) is
    'Decrypts a secret of a tenant, and gives it as a type writes it in JSON.';


create or replace function bss.reveal(secret bss.secret)
    returns text
    stable strict parallel restricted
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant_id constant uuid := bss.current_tenant_id();
begin
    if _tenant_id is null then
        raise exception using
            errcode = 'SB521',
            message = 'transaction acts for no tenant whose secrets it could read',
            hint = 'Call bss.use_tenant() at the start of the transaction; an operator calls '
                'bss.as_operator() first.';
    end if;
    return bss_internal.opened_secret(_tenant_id, secret);
end
$$;
comment on function bss.reveal(bss.secret) is
    'Decrypts a secret of the tenant that this transaction acts for, as does a cast to text.';


create or replace function bss.secret_digest(relation text, column_name text, value text)
    returns bytea
    stable strict parallel restricted
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant_id constant uuid := bss.current_tenant_id();
    _schema_name text;
begin
    select t.schema_name into _schema_name
    from bss_metadata.tenants as t
    where t.id = _tenant_id;
    if not exists (
        select from pg_attribute as a
        where
            a.attrelid = to_regclass(format('%I.%I', _schema_name, relation))
            and a.attname = column_name || '_digest' and a.atttypid = 'bytea'::regtype
    ) then
        raise exception using
            errcode = 'SB528',
            message = format(
                'column "%s" of table "%s" cannot be searched', left(column_name, 63),
                left(relation, 63)
            ),
            detail = 'Only a secret that is unique or indexed has a digest, by which it is found.',
            hint = 'Set "index": true or "unique": true beside "encrypted" in the document.';
    end if;
    return bss_internal.digest_of_secret(
        _tenant_id, concat_ws('.', relation, column_name), value
    );
end
$$;
comment on function bss.secret_digest(text, text, text) is
    'Gives what the column of digests has for a value of a secret, to compare it with.';


create or replace function bss_internal.checks_of_secrets(model jsonb)
    returns table (owner jsonb, part jsonb)
    immutable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    -- what a trigger checks before it encrypts is no constraint, which would have its columns
    select
        t.value as owner,
        c.value || jsonb_build_object('columns', jsonb_build_array(s.value -> 'column')) as part
    from
        jsonb_array_elements(checks_of_secrets.model -> 'tables') as t,
        lateral jsonb_array_elements(t.value -> 'secrets') as s,
        lateral jsonb_array_elements(s.value -> 'checks') as c;
end;
comment on function bss_internal.checks_of_secrets(jsonb) is
    'Lists what is checked of secrets before they are encrypted, each with its table.';


create or replace function bss_internal.columns_of_digests(owner jsonb, columns text [])
    returns text []
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
    return columns || array(
        select s.value ->> 'column'
        from jsonb_array_elements(owner -> 'secrets') as s
        where s.value ->> 'digest' = any (columns)
    );
comment on function bss_internal.columns_of_digests(jsonb, text []) is
    'Gives columns of a table, with those of the secrets whose digests are among them.';
