ALTER TABLE tenant_golden.items ALTER COLUMN name SET NOT NULL;

COMMENT ON COLUMN tenant_golden.items.name IS NULL;
