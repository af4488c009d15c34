ALTER TABLE tenant_golden.items ADD CONSTRAINT "values are those that are computed" CHECK (c IS NULL OR c IS NOT DISTINCT FROM (a + '1'::bigint));

ALTER TABLE tenant_golden.items DROP COLUMN c, ADD COLUMN c bigint GENERATED ALWAYS AS ((a + '1'::bigint)) STORED;
