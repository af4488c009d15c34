COMMENT ON TABLE tenant_golden.items IS 'It''s all for sale';

COMMENT ON COLUMN tenant_golden.items.price IS 'Without tax';
