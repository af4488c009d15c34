ALTER TABLE tenant_golden.items ADD COLUMN stock bigint DEFAULT '0'::bigint NOT NULL;

COMMENT ON COLUMN tenant_golden.items.stock IS 'Pieces';
