ALTER TABLE tenant_golden.items DROP CONSTRAINT items_price_minimum_check;

COMMENT ON COLUMN tenant_golden.items.price IS '[no longer in the schema] ';
