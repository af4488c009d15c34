ALTER TABLE tenant_golden.lines DROP CONSTRAINT lines_product_id_fkey;

ALTER TABLE tenant_golden.products DROP CONSTRAINT products_pkey;

ALTER TABLE tenant_golden.products ALTER COLUMN product_id DROP NOT NULL;

ALTER TABLE tenant_golden.products ALTER COLUMN product_id DROP DEFAULT;

ALTER TABLE tenant_golden.products ADD CONSTRAINT products_pkey PRIMARY KEY (sku);

ALTER TABLE tenant_golden.products ADD CONSTRAINT products_product_id_key UNIQUE (product_id);

CREATE INDEX lines_sku_idx ON tenant_golden.lines USING btree (sku);

ALTER TABLE tenant_golden.lines ADD CONSTRAINT lines_sku_fkey FOREIGN KEY (sku) REFERENCES tenant_golden.products(sku);

ALTER TABLE tenant_golden.lines ADD CONSTRAINT lines_product_id_fkey FOREIGN KEY (product_id) REFERENCES tenant_golden.products(product_id);
