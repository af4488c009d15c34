ALTER TABLE tenant_golden.items DROP CONSTRAINT items_price_minimum_check;

ALTER TABLE tenant_golden.items ALTER COLUMN price TYPE text USING (to_jsonb(price) #>> '{}');
