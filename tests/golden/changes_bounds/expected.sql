ALTER TABLE tenant_golden.items DROP CONSTRAINT items_price_minimum_check;

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_price_maximum_check CHECK ((price <= '1000'::numeric));

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_price_minimum_check CHECK ((price >= '1'::numeric));
