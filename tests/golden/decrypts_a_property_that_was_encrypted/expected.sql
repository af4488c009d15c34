ALTER TABLE tenant_golden.people DROP CONSTRAINT people_code_encrypted_check;

DROP INDEX tenant_golden.people_code_idx;

DROP TRIGGER encrypt_code ON tenant_golden.people;

ALTER TABLE tenant_golden.people ALTER COLUMN code TYPE bigint USING bss_internal.decrypted(tenant_id, code, 'bigint')::bigint;

COMMENT ON COLUMN tenant_golden.people.code_digest IS '[no longer in the schema] Keyed hashes of the values of code';

CREATE INDEX people_code_idx ON tenant_golden.people USING btree (code);
