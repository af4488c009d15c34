ALTER TABLE tenant_golden.items ADD COLUMN label text NOT NULL;

ALTER TABLE tenant_golden.items ALTER COLUMN name DROP NOT NULL;

COMMENT ON COLUMN tenant_golden.items.name IS '[no longer in the schema] ';
