ALTER TABLE tenant_golden.items ALTER COLUMN status DROP DEFAULT;
