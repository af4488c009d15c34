ALTER TABLE tenant_golden.items DROP CONSTRAINT "items_unit%_min_length_check";

ALTER TABLE tenant_golden.items DROP CONSTRAINT items_code_key;

DROP INDEX tenant_golden."items_unit%_idx";

ALTER TABLE tenant_golden.items RENAME COLUMN "unit%" TO "unit%_was_text";

ALTER TABLE tenant_golden.items RENAME COLUMN code TO code_was_text;

ALTER TABLE tenant_golden.items RENAME COLUMN at TO at_was_timestamp_with_time_zone;

ALTER TABLE tenant_golden.items ADD COLUMN "unit%" bigint;

COMMENT ON COLUMN tenant_golden.items."unit%" IS 'It''s 100%';

WITH written AS (UPDATE tenant_golden.items SET "unit%" = COALESCE((bss_internal.convert_value(to_jsonb("unit%_was_text"), 'text', 'bigint') #>> '{}')::bigint, '1'::bigint) WHERE "unit%" IS NULL RETURNING jsonb_build_object('item_id', item_id) AS row_key, to_jsonb("unit%_was_text") AS value, (bss_internal.convert_value(to_jsonb("unit%_was_text"), 'text', 'bigint') #>> '{}')::bigint IS NULL AND "unit%_was_text" IS NOT NULL AS is_lost) INSERT INTO bss_metadata.quarantined_values (tenant_id, relation, column_name, row_key, value, reason) SELECT '00000000-0000-0000-0000-000000000001', 'items', 'unit%', row_key, value, 'text does not convert to bigint' FROM written WHERE is_lost AND value <> 'null' ON CONFLICT (tenant_id, relation, column_name, md5(row_key::text)) DO UPDATE SET value = excluded.value, reason = excluded.reason, quarantined_at = now();

ALTER TABLE tenant_golden.items ALTER COLUMN "unit%" SET DEFAULT '1'::bigint;

ALTER TABLE tenant_golden.items ALTER COLUMN "unit%" SET NOT NULL;

ALTER TABLE tenant_golden.items ADD COLUMN code uuid;

WITH written AS (UPDATE tenant_golden.items SET code = (bss_internal.convert_value(to_jsonb(code_was_text), 'text', 'uuid') #>> '{}')::uuid WHERE code IS NULL AND code_was_text IS NOT NULL RETURNING jsonb_build_object('item_id', item_id) AS row_key, to_jsonb(code_was_text) AS value, code IS NULL AS is_lost) INSERT INTO bss_metadata.quarantined_values (tenant_id, relation, column_name, row_key, value, reason) SELECT '00000000-0000-0000-0000-000000000001', 'items', 'code', row_key, value, 'text does not convert to uuid' FROM written WHERE is_lost AND value <> 'null' ON CONFLICT (tenant_id, relation, column_name, md5(row_key::text)) DO UPDATE SET value = excluded.value, reason = excluded.reason, quarantined_at = now();

ALTER TABLE tenant_golden.items ADD COLUMN at date;

WITH written AS (UPDATE tenant_golden.items SET at = (bss_internal.convert_value(to_jsonb(at_was_timestamp_with_time_zone), 'timestamp with time zone', 'date') #>> '{}')::date WHERE at IS NULL AND at_was_timestamp_with_time_zone IS NOT NULL RETURNING jsonb_build_object('item_id', item_id) AS row_key, to_jsonb(at_was_timestamp_with_time_zone) AS value, at IS NULL AS is_lost) INSERT INTO bss_metadata.quarantined_values (tenant_id, relation, column_name, row_key, value, reason) SELECT '00000000-0000-0000-0000-000000000001', 'items', 'at', row_key, value, 'timestamp with time zone does not convert to date' FROM written WHERE is_lost AND value <> 'null' ON CONFLICT (tenant_id, relation, column_name, md5(row_key::text)) DO UPDATE SET value = excluded.value, reason = excluded.reason, quarantined_at = now();

ALTER TABLE tenant_golden.items ALTER COLUMN "unit%_was_text" DROP NOT NULL;

COMMENT ON COLUMN tenant_golden.items."unit%_was_text" IS '[no longer in the schema] ';

COMMENT ON COLUMN tenant_golden.items.code_was_text IS '[no longer in the schema] ';

COMMENT ON COLUMN tenant_golden.items.at_was_timestamp_with_time_zone IS '[no longer in the schema] ';

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_code_key UNIQUE (code);

ALTER TABLE tenant_golden.items ADD CONSTRAINT "items_unit%_minimum_check" CHECK (("unit%" >= '0'::bigint));

CREATE INDEX "items_unit%_idx" ON tenant_golden.items USING btree ("unit%");
