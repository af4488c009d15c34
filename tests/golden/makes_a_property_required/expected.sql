ALTER TABLE tenant_golden.items ALTER COLUMN price SET NOT NULL;
