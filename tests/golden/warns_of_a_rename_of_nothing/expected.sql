ALTER TABLE tenant_golden.items ADD COLUMN b text;
