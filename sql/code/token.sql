-- Tokens: who signs them, outside of the database, says which tenant a transaction is for.
--
-- JSON Web Signature, compact form (RFC 7515), with HMAC-SHA256 (RFC 2104) made of the server's own
-- sha256(), and the claims of RFC 7519. A key is kept as the two blocks that HMAC begins with.

create or replace function bss_internal.hmac_block(secret bytea, filler integer)
    returns bytea
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    -- exclusive or: what is in one of the two and not in both
    select decode(
        string_agg(lpad(to_hex(b.byte + filler - 2 * (b.byte & filler)), 2, '0'), '' order by b.i),
        'hex'
    )
    from (select case when length(secret) > 64 then sha256(secret) else secret end as value) as k
    cross join lateral (
        select n.i, case when n.i < length(k.value) then get_byte(k.value, n.i) else 0 end as byte
        from generate_series(0, 63) as n (i)
    ) as b;
end;
comment on function bss_internal.hmac_block(bytea, integer) is
    'Gives the block that a hash of HMAC-SHA256 begins with: the secret, padded and combined.';


create or replace function bss_internal.decode_base64url(text text)
    returns bytea
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
return decode(
    rpad(translate(text, '-_', '+/'), (length(text) + 3) / 4 * 4, '='), 'base64'
);
comment on function bss_internal.decode_base64url(text) is
    'Decodes the alphabet of RFC 4648, section 5, without padding.';


create or replace function bss_internal.audience_fault(claims jsonb)
    returns text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _audience text := coalesce(
        nullif(bss_internal.setting('token.audience'), ''), current_database()
    );
begin
    -- one string, or an array of them
    if claims -> 'aud' @> to_jsonb(_audience) then
        return null;
    end if;
    return 'has no "aud" that names this database, or what the setting token.audience says';
end
$$;
comment on function bss_internal.audience_fault(jsonb) is
    'Says whether the claims of a token are meant for another; null if they are not.';


create or replace function bss_internal.time_fault(claims jsonb)
    returns text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _now timestamptz := clock_timestamp();
    _skew interval := bss_internal.setting('token.clock_skew')::interval;
    _latest timestamptz := _now + bss_internal.setting('token.lifetime')::interval + _skew;
begin
    if jsonb_typeof(claims -> 'exp') is distinct from 'number' then
        return 'has no "exp"';
    elsif claims ? 'nbf' and jsonb_typeof(claims -> 'nbf') <> 'number' then
        return 'has an "nbf" that is no number';
    end if;
    return case
        when to_timestamp((claims ->> 'exp')::float8) <= _now - _skew then 'has expired'
        when to_timestamp((claims ->> 'exp')::float8) > _latest
            then 'expires later than the setting token.lifetime allows'
        when to_timestamp((claims ->> 'nbf')::float8) > _now + _skew then 'is not valid yet'
    end;
exception when data_exception then
    return 'has an "exp" or "nbf" that is no time';
end
$$;
comment on function bss_internal.time_fault(jsonb) is
    'Says why the claims of a token do not hold now; null if they do.';


create or replace function bss_internal.refuse_token(fault text)
    returns void
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if fault is not null then
        raise exception using
            errcode = 'SB511',
            message = 'token is not valid',
            detail = format('It %s.', fault),
            hint = 'Ask for another token.';
    end if;
end
$$;
comment on function bss_internal.refuse_token(text) is 'Refuses a token that has a fault.';


create or replace function bss_internal.token_json(part text)
    returns jsonb
    stable strict
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _json jsonb;
begin
    _json := convert_from(bss_internal.decode_base64url(part), 'UTF8')::jsonb;
    return case when jsonb_typeof(_json) = 'object' then _json end;
exception when data_exception or statement_too_complex then
    return null;
end
$$;
comment on function bss_internal.token_json(text) is
    'Gives the object that a part of a token encodes; null if it encodes none.';


create or replace function bss_internal.is_signed(signed text, signature text, header jsonb)
    returns boolean
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _wanted bytea;
begin
    select sha256(k.outer_key || sha256(k.inner_key || convert_to(signed, 'UTF8'))) into _wanted
    from bss_internal.token_keys as k
    where k.key_id = header ->> 'kid' and coalesce(k.retired_at > clock_timestamp(), true);
    -- of what is compared, who tries signatures knows no byte: how long it takes says nothing
    return coalesce(
        -- the algorithm is ours, not the token's; of extensions that must be known, none is
        header ->> 'alg' = 'HS256' and not header ? 'crit'
        and sha256(bss_internal.decode_base64url(signature)) = sha256(_wanted),
        false
    );
exception when data_exception then
    return false;
end
$$;
comment on function bss_internal.is_signed(text, text, jsonb) is
    'Says whether a key that is in force has made the signature (HMAC-SHA256, RFC 2104).';


create or replace function bss_internal.token_tenant(token text)
    returns text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _claim text := bss_internal.setting('token.tenant_claim');
    _parts text[];
    _claims jsonb;
begin
    if coalesce(length(token), 0) not between 1 and 4096
        or token !~ '^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$'
    then
        perform bss_internal.refuse_token('is not a signed token of three parts');
    end if;
    _parts := string_to_array(token, '.');
    if not bss_internal.is_signed(
        concat(_parts[1], '.', _parts[2]), _parts[3], bss_internal.token_json(_parts[1])
    ) then
        perform bss_internal.refuse_token('is not signed with HS256 by a key that is in force');
    end if;
    _claims := bss_internal.token_json(_parts[2]);
    perform bss_internal.refuse_token(
        case
            when _claims is null then 'has claims that are no JSON object'
            when coalesce(jsonb_typeof(_claims -> _claim), '') <> 'string'
                then format('has no "%s"', _claim)
            else coalesce(
                bss_internal.time_fault(_claims), bss_internal.audience_fault(_claims)
            )
        end
    );
    return _claims ->> _claim;
end
$$;
comment on function bss_internal.token_tenant(text) is
    'Gives the tenant that a token names; refuses one that is not signed, or not for now and here.';


create or replace function bss.add_token_key(
    key_id text,
    secret bytea default null,
    initiator text default null,
    correlation_id text default null
)
    returns bytea
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    -- the server's strong random source: three of them are 366 random bits
    _secret bytea := coalesce(
        secret, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
            || uuid_send(gen_random_uuid()))
    );
begin
    perform bss_internal.require_operator();
    if coalesce(key_id !~ '^[A-Za-z0-9._-]{1,64}$', true) or length(_secret) < 32 then
        raise exception using
            errcode = 'SB512',
            message = 'key of tokens cannot be used',
            detail = 'Its id has 1 to 64 letters, digits, dots, hyphens and underscores; its '
                'secret has 32 bytes or more.',
            hint = 'Give no secret, and a strong one is made.';
    end if;
    insert into bss_internal.token_keys (key_id, inner_key, outer_key)
    values (
        add_token_key.key_id, bss_internal.hmac_block(_secret, 54),
        bss_internal.hmac_block(_secret, 92)
    )
    on conflict do nothing;
    if not found then
        raise exception using
            errcode = 'SB512',
            message = format('key "%s" exists already', key_id),
            hint = 'Give the new key an id of its own, and retire the old one.';
    end if;
    perform bss_internal.audit(
        null, 'token_key.added', initiator, correlation_id, jsonb_build_object('key_id', key_id)
    );
    return _secret;
end
$$;
comment on function bss.add_token_key(text, bytea, text, text) is
    'Adds a key of HMAC-SHA256 that tokens are signed with; gives its secret, this once.';


create or replace function bss.retire_token_key(
    key_id text,
    retired_at timestamptz default null,
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
    _retired_at timestamptz := coalesce(retired_at, clock_timestamp());
begin
    perform bss_internal.require_operator();
    update bss_internal.token_keys as k set retired_at = _retired_at
    where k.key_id = retire_token_key.key_id;
    if not found then
        raise exception using
            errcode = 'SB512',
            message = format('key "%s" does not exist', left(key_id, 80)),
            hint = 'The keys are listed by bss.token_keys().';
    end if;
    perform bss_internal.audit(
        null, 'token_key.retired', initiator, correlation_id,
        jsonb_build_object('key_id', key_id, 'retired_at', _retired_at)
    );
end
$$;
comment on function bss.retire_token_key(text, timestamptz, text, text) is
    'Says from when on, by default now, no token is taken that a key signs.';


create or replace function bss.token_keys()
    returns table (key_id text, created_at timestamptz, retired_at timestamptz)
    stable
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    perform bss_internal.require_operator();
    return query
    select k.key_id, k.created_at, k.retired_at
    from bss_internal.token_keys as k
    order by k.created_at, k.key_id;
end
$$;
comment on function bss.token_keys() is 'Lists the keys of tokens, without their secrets.';
