ALTER TABLE tenant_golden.people RENAME COLUMN code TO code_was_text;

ALTER TABLE tenant_golden.people ADD COLUMN code bigint;

WITH written AS (UPDATE tenant_golden.people SET code = (bss_internal.convert_value(to_jsonb(code_was_text), 'text', 'bigint') #>> '{}')::bigint WHERE code IS NULL AND code_was_text IS NOT NULL RETURNING jsonb_build_object('person_id', person_id) AS row_key, to_jsonb(code_was_text) AS value, code IS NULL AS is_lost) INSERT INTO bss_metadata.quarantined_values (tenant_id, relation, column_name, row_key, value, reason) SELECT '00000000-0000-0000-0000-000000000001', 'people', 'code', row_key, 'null'::jsonb, 'text does not convert to bigint' FROM written WHERE is_lost AND value <> 'null' ON CONFLICT (tenant_id, relation, column_name, md5(row_key::text)) DO UPDATE SET value = excluded.value, reason = excluded.reason, quarantined_at = now();

COMMENT ON COLUMN tenant_golden.people.code_was_text IS '[no longer in the schema] ';
