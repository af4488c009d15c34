ALTER TABLE tenant_golden.items ADD COLUMN stock bigint DEFAULT '0'::bigint;

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_stock_minimum_check CHECK ((stock >= '0'::bigint));
