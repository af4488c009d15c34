ALTER TABLE tenant_golden.items DROP CONSTRAINT items_price_minimum_check;
