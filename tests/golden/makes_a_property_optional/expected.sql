ALTER TABLE tenant_golden.items ALTER COLUMN name DROP NOT NULL;
