ALTER TABLE tenant_golden.items ADD COLUMN stock bigint NOT NULL;
