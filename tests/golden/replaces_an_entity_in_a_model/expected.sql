ALTER TABLE tenant_golden.items ADD COLUMN weight numeric;
