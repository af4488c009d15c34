begin;
set local search_path = tap, public;
select plan(66);

select bss.provision_tenant('acme') as acme, bss.provision_tenant('globex') as globex \gset
create role gateway login;
create role "Opera Tor" login;
create role acmes login;
grant bss_app to gateway;
grant bss_admin to "Opera Tor";
grant bss_tenant to acmes;

create function pg_temp.base64url(value bytea)
    returns text
    language sql
return rtrim(translate(encode(value, 'base64'), E'+/\n', '-_'), '=');
-- HMAC as RFC 2104 writes it, a byte at a time, to check the blocks that are kept
create function pg_temp.hmac(message text, secret bytea)
    returns bytea
    language plpgsql
as $$
declare
    _inner bytea := decode(repeat('36', 64), 'hex');
    _outer bytea := decode(repeat('5c', 64), 'hex');
begin
    if length(secret) > 64 then
        secret := sha256(secret);
    end if;
    for i in 0..length(secret) - 1 loop
        _inner := set_byte(_inner, i, get_byte(_inner, i) # get_byte(secret, i));
        _outer := set_byte(_outer, i, get_byte(_outer, i) # get_byte(secret, i));
    end loop;
    return sha256(_outer || sha256(_inner || convert_to(message, 'UTF8')));
end
$$;
create function pg_temp.signed(header text, claims text, secret bytea)
    returns text
    language plpgsql
as $$
declare
    _signed text := concat(
        pg_temp.base64url(convert_to(header, 'UTF8')), '.',
        pg_temp.base64url(convert_to(claims, 'UTF8'))
    );
begin
    return concat(_signed, '.', pg_temp.base64url(pg_temp.hmac(_signed, secret)));
end
$$;
create function pg_temp.claims(changes jsonb default '{}')
    returns text
    language sql
return jsonb_strip_nulls(
    jsonb_build_object(
        'tenant_id', 'acme', 'aud', current_database(),
        'exp', extract(epoch from clock_timestamp() + interval '1 minute')
    ) || changes
)::text;
create function pg_temp.secret(key_id text)
    returns bytea
    language sql
return case key_id
    when 'k1' then decode(repeat('0a', 32), 'hex')
    when 'k2' then decode(repeat('f7', 64), 'hex')
    when 'k3' then decode(repeat('c1', 100), 'hex')
end;
create function pg_temp.token(changes jsonb default '{}', key_id text default 'k1')
    returns text
    language sql
return pg_temp.signed(
    format('{"alg": "HS256", "typ": "JWT", "kid": "%s"}', key_id), pg_temp.claims(changes),
    pg_temp.secret(key_id)
);
create function pg_temp.in_seconds(distance integer)
    returns jsonb
    language sql
return to_jsonb(extract(epoch from clock_timestamp()) + distance);
create function pg_temp.said_of(token text)
    returns text
    language plpgsql
as $$
declare
    _detail text;
begin
    perform bss.use_token(token);
    raise exception 'entered'; -- and left again, with the search_path
exception when raise_exception then
    return sqlerrm;
when others then
    get stacked diagnostics _detail = pg_exception_detail;
    return concat_ws(': ', sqlstate, sqlerrm, nullif(_detail, ''));
end
$$;
-- RFC 4231, test case 2: what is known to be right
select is(
    encode(pg_temp.hmac('what do ya want for nothing?', 'Jefe'), 'hex'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843', 'the test knows its HMAC'
);


-- keys

set session authorization gateway;
select throws_ok(
    call, '42501', format('permission denied for function %s', name), name || '() is for operators'
)
from (
    values ('add_token_key', $$select bss.add_token_key('k1')$$),
    ('retire_token_key', $$select bss.retire_token_key('k1')$$),
    ('token_keys', 'select bss.token_keys()')
) as c (name, call);
set session authorization "Opera Tor";
select is(
    bss.add_token_key(k, pg_temp.secret(k)), pg_temp.secret(k),
    format('add_token_key() takes a secret of %s bytes', length(pg_temp.secret(k)))
)
from unnest(array['k1', 'k2', 'k3']) as k;
select isnt(
    bss.add_token_key('made'), bss.add_token_key('made-too'), 'add_token_key() makes secrets'
);
select throws_ok(
    format('select bss.add_token_key(%L, %L)', key_id, secret), 'SB512',
    'key of tokens cannot be used', format('add_token_key() refuses %s', what)
)
from (
    values ('k4', '\x00'::bytea || decode(repeat('00', 30), 'hex'), 'a short secret'),
    ('a b', decode(repeat('00', 32), 'hex'), 'an id with a space'),
    ('', decode(repeat('00', 32), 'hex'), 'an empty id'),
    (null, decode(repeat('00', 32), 'hex'), 'no id')
) as k (key_id, secret, what);
select throws_ok(
    $$select bss.add_token_key('k1')$$, 'SB512', 'key "k1" exists already',
    'add_token_key() does not replace a key'
);
select results_eq(
    'select key_id, retired_at from bss.token_keys() order by key_id',
    $$values ('k1', null::timestamptz), ('k2', null), ('k3', null), ('made', null), ('made-too', null)$$,
    'token_keys() lists the keys'
);
select throws_ok(
    $$select bss.retire_token_key('k9')$$, 'SB512', 'key "k9" does not exist',
    'retire_token_key() refuses a key that there is not'
);
select throws_ok(
    'select from bss_internal.token_keys', '42501', 'permission denied for schema bss_internal',
    'token_keys() is all that there is to see of them'
);
reset session authorization;
select results_eq(
    $$select action_type, details from bss.audit_log
      where action_type like 'token_key.%' order by action_timestamp limit 1$$,
    $$values ('token_key.added', '{"key_id": "k1"}'::jsonb)$$, 'add_token_key() is on record'
);
select is_empty(
    $$select from bss.audit_log where details::text ~ '0a0a0a|f7f7f7|CgoK|9\/f3'$$,
    'add_token_key() keeps no secret on record'
);


-- what a token says

set session authorization gateway;
select is(
    pg_temp.said_of(pg_temp.token(c.changes, c.key_id)),
    coalesce('SB511: token is not valid: ' || c.fault, 'entered'),
    format('use_token() answers to %s', c.what)
)
from (
    values
    ('{}', 'k1', null, 'a token'),
    ('{}', 'k2', null, 'a token of another key'),
    ('{}', 'k3', null, 'a token of a key that is longer than a block'),
    (jsonb_build_object('aud', array['x', current_database()]), 'k1', null, 'a token for several'),
    (jsonb_build_object('exp', pg_temp.in_seconds(-25)), 'k1', null, 'a clock that is fast'),
    (jsonb_build_object('exp', pg_temp.in_seconds(-31)), 'k1', 'It has expired.', 'an old token'),
    ('{"exp": 1000000000}', 'k1', 'It has expired.', 'a token of 2001'),
    (jsonb_build_object('nbf', pg_temp.in_seconds(25)), 'k1', null, 'a clock that is slow'),
    (
        jsonb_build_object('nbf', pg_temp.in_seconds(40)), 'k1', 'It is not valid yet.',
        'a token for later'
    ),
    (jsonb_build_object('exp', pg_temp.in_seconds(320)), 'k1', null, 'a token for five minutes'),
    (
        jsonb_build_object('exp', pg_temp.in_seconds(340)), 'k1',
        'It expires later than the setting token.lifetime allows.', 'a token for too long'
    ),
    ('{"exp": null}', 'k1', 'It has no "exp".', 'a token for ever'),
    ('{"exp": "9999999999"}', 'k1', 'It has no "exp".', 'an expiry that is no number'),
    ('{"exp": 1e300}', 'k1', 'It has an "exp" or "nbf" that is no time.', 'an expiry beyond time'),
    ('{"exp": 1e400}', 'k1', 'It has an "exp" or "nbf" that is no time.', 'an expiry beyond numbers'),
    ('{"nbf": "0"}', 'k1', 'It has an "nbf" that is no number.', 'a beginning that is no number'),
    (
        '{"aud": null}', 'k1',
        'It has no "aud" that names this database, or what the setting token.audience says.',
        'a token for nobody'
    ),
    (
        '{"aud": "other"}', 'k1',
        'It has no "aud" that names this database, or what the setting token.audience says.',
        'a token for another'
    ),
    (
        '{"aud": {"a": 1}}', 'k1',
        'It has no "aud" that names this database, or what the setting token.audience says.',
        'a token for an object'
    ),
    ('{"tenant_id": null}', 'k1', 'It has no "tenant_id".', 'a token of no tenant'),
    ('{"tenant_id": ["acme"]}', 'k1', 'It has no "tenant_id".', 'a token of a list of tenants')
) as c (changes, key_id, fault, what);
select is(
    pg_temp.said_of(pg_temp.token('{"tenant_id": "nobody"}')),
    'SB601: tenant "nobody" does not exist', 'use_token() refuses a tenant that there is not'
);


-- what has not been signed, or not like that

select is(
    pg_temp.said_of(pg_temp.signed(header, pg_temp.claims(), pg_temp.secret(key_id))),
    'SB511: token is not valid: It is not signed with HS256 by a key that is in force.',
    format('use_token() refuses %s', what)
)
from (
    values
    ('{"alg": "HS256", "kid": "k2"}', 'k1', 'the signature of another key'),
    ('{"alg": "HS256", "kid": "k9"}', 'k1', 'a key that there is not'),
    ('{"alg": "HS256"}', 'k1', 'no key'),
    ('{"alg": "HS256", "kid": ["k1"]}', 'k1', 'a list of keys'),
    ('{"alg": "none", "kid": "k1"}', 'k1', 'no algorithm'),
    ('{"alg": "hs256", "kid": "k1"}', 'k1', 'an algorithm of small letters'),
    ('{"alg": "RS256", "kid": "k1"}', 'k1', 'an asymmetric algorithm'),
    ('{"alg": ["HS256"], "kid": "k1"}', 'k1', 'a list of algorithms'),
    ('{"kid": "k1"}', 'k1', 'an algorithm that is not named'),
    ('{"alg": "HS256", "kid": "k1", "crit": ["b64"], "b64": false}', 'k1', 'unknown extensions'),
    ('["HS256"]', 'k1', 'a header that is no object'),
    ('{"alg": "HS256", "kid": "k1"', 'k1', 'a header that is no JSON'),
    ('{"alg": "HS256", "kid": "k1\u0000"}', 'k1', 'a header with a null character'),
    (repeat('[', 2900), 'k1', 'a header that is deep')
) as c (header, key_id, what);
select is(
    array(
        select distinct pg_temp.said_of(token)
        from unnest(
            array[
                null, '', '.', '..', 'a.b', 'a.b.c.d', 'a..c', E'a.b.c\n', 'a.b.c=', 'a.b.+/',
                'ü.b.c', repeat('a', 4096) || '.b.c', pg_temp.token() || ' ',
                'Bearer ' || pg_temp.token()
            ]
        ) as token
    ),
    array['SB511: token is not valid: It is not a signed token of three parts.'],
    'use_token() refuses what is no token'
);
select is(
    array(
        select distinct pg_temp.said_of(token)
        from unnest(
            array[
                'a.b.c', 'e30.e30.e30', '_w.e30.e30', 'MA.MA.MA',
                concat(
                    split_part(pg_temp.token(), '.', 1), '.', pg_temp.base64url(
                        convert_to(pg_temp.claims('{"tenant_id": "globex"}'), 'UTF8')
                    ), '.', split_part(pg_temp.token(), '.', 3)
                ),
                left(pg_temp.token(), -1), left(pg_temp.token(), -42)
            ]
        ) as token
    ),
    array['SB511: token is not valid: It is not signed with HS256 by a key that is in force.'],
    'use_token() refuses what is signed by nobody'
);
select is(
    pg_temp.said_of(
        pg_temp.signed('{"alg": "HS256", "kid": "k1"}', claims, pg_temp.secret('k1'))
    ),
    'SB511: token is not valid: It has claims that are no JSON object.',
    'use_token() refuses claims that are no object'
)
from unnest(array['["acme"]', 'acme']) as claims;


-- what it leaves

select pg_temp.token('{"tenant_id": "globex"}') as globex_token, pg_temp.token() as acme_token \gset
select bss.use_token(:'acme_token') as entered, current_setting('search_path') as path \gset
set local search_path = tap, public;
select is(:'entered'::uuid, :'acme', 'use_token() gives the tenant');
select is(:'path'::text, 'tenant_acme, bss_shared, public, pg_temp', 'use_token() sets the search_path');
select is(bss.current_tenant_id(), :'acme', 'use_token() enters the tenant that the token names');
select is(
    pg_temp.said_of(:'globex_token'), 'SB504: transaction has entered another tenant already',
    'use_token() enters one tenant in a transaction'
);
set session authorization acmes;
select throws_ok(
    format('select bss.use_token(%L)', :'acme_token'), '42501',
    'permission denied for function use_token', 'use_token() is for gateways'
);


-- rotation

set session authorization "Opera Tor";
select bss.retire_token_key('k1') as now,
    bss.retire_token_key('k2', clock_timestamp() + interval '1 hour') as later \gset
set session authorization gateway;
select is(
    pg_temp.said_of(:'acme_token'),
    'SB511: token is not valid: It is not signed with HS256 by a key that is in force.',
    'retire_token_key() takes a key out of force'
);
select is(pg_temp.said_of(pg_temp.token('{}', 'k2')), 'entered', 'retire_token_key() may do so later');
set session authorization "Opera Tor";
select bss.retire_token_key('k1', 'infinity') as never \gset
set session authorization gateway;
select is(pg_temp.said_of(:'acme_token'), 'entered', 'retire_token_key() may put it off again');
reset session authorization;

select * from finish();
rollback;
