-- What the server itself does not have, and its extension pgcrypto has: AES and HMAC. The functions
-- are found where the extension is, once; what is bound to them then is not looked up any more.

do $$
declare
    _schema constant text := (
        select n.nspname
        from pg_catalog.pg_extension as e
        join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
        where e.extname = 'pgcrypto'
    );
begin
    execute pg_catalog.format(
        'create or replace function bss_internal.aes_encrypt(data bytea, key bytea, iv bytea) '
        'returns bytea immutable strict parallel safe language sql '
        'return %I.encrypt_iv(data, key, iv, ''aes-cbc/pad:pkcs'')', _schema
    );
    execute pg_catalog.format(
        'create or replace function bss_internal.aes_decrypt(data bytea, key bytea, iv bytea) '
        'returns bytea immutable strict parallel safe language sql '
        'return %I.decrypt_iv(data, key, iv, ''aes-cbc/pad:pkcs'')', _schema
    );
    execute pg_catalog.format(
        'create or replace function bss_internal.hmac_sha512(data bytea, key bytea) '
        'returns bytea immutable strict parallel safe language sql '
        'return %I.hmac(data, key, ''sha512'')', _schema
    );
    execute pg_catalog.format(
        'create or replace function bss_internal.random_bytes(number integer) '
        'returns bytea volatile strict parallel safe language sql '
        'return %I.gen_random_bytes(number)', _schema
    );
end
$$;
alter function bss_internal.aes_encrypt(bytea, bytea, bytea) owner to bss_owner;
comment on function bss_internal.aes_encrypt(bytea, bytea, bytea) is
    'Encrypts with AES in CBC mode, padded (NIST SP 800-38A; PKCS #7).';
alter function bss_internal.aes_decrypt(bytea, bytea, bytea) owner to bss_owner;
comment on function bss_internal.aes_decrypt(bytea, bytea, bytea) is
    'Decrypts what bss_internal.aes_encrypt() gave.';
alter function bss_internal.hmac_sha512(bytea, bytea) owner to bss_owner;
comment on function bss_internal.hmac_sha512(bytea, bytea) is
    'Gives the HMAC-SHA512 of data under a key (RFC 2104).';
alter function bss_internal.random_bytes(integer) owner to bss_owner;
comment on function bss_internal.random_bytes(integer) is
    'Gives random bytes of cryptographic quality.';


-- With the rights of a superuser, because no role of BSS may read files of the server; all that it
-- reads is one file, which a superuser has named, and all that it gives is a key.
create or replace function bss_internal.master_key_of_file()
    returns text
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return (
        select pg_read_file(f.path, 0, 1000, true)
        from bss_internal.master_key_file as f
    );
end
$$;
comment on function bss_internal.master_key_of_file() is
    'Gives what is in the file of the master key; null if there is none.';
revoke execute on function bss_internal.master_key_of_file() from public;
grant execute on function bss_internal.master_key_of_file() to bss_owner;
