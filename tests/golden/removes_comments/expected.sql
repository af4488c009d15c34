COMMENT ON TABLE tenant_golden.items IS NULL;

COMMENT ON COLUMN tenant_golden.items.price IS NULL;
