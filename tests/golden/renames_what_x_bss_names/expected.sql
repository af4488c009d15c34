ALTER TABLE tenant_golden.items RENAME TO stock;

ALTER TABLE tenant_golden.stock RENAME COLUMN a TO alpha;

ALTER TABLE tenant_golden.stock RENAME CONSTRAINT items_a_key TO stock_alpha_key;

ALTER TABLE tenant_golden.stock RENAME CONSTRAINT items_pkey TO stock_pkey;

ALTER TABLE tenant_golden.stock RENAME CONSTRAINT items_tenant_id_check TO stock_tenant_id_check;
