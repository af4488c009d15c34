ALTER TABLE tenant_golden.lines DROP CONSTRAINT lines_product_id_fkey;

ALTER TABLE tenant_golden.products DROP CONSTRAINT products_pkey;

ALTER TABLE tenant_golden.products ALTER COLUMN product_id DROP NOT NULL;

ALTER TABLE tenant_golden.products ALTER COLUMN product_id DROP DEFAULT;

ALTER TABLE tenant_golden.products ADD CONSTRAINT products_pkey PRIMARY KEY (sku);

ALTER TABLE tenant_golden.products ADD CONSTRAINT products_product_id_key UNIQUE (product_id);

CREATE INDEX lines_sku_idx ON tenant_golden.lines USING btree (sku);

ALTER TABLE tenant_golden.lines ADD CONSTRAINT lines_sku_fkey FOREIGN KEY (sku) REFERENCES tenant_golden.products(sku);

ALTER TABLE tenant_golden.lines ADD CONSTRAINT lines_product_id_fkey FOREIGN KEY (product_id) REFERENCES tenant_golden.products(product_id);

CREATE OR REPLACE TRIGGER capture_delete AFTER DELETE ON tenant_golden.products REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_213738af43566f0a0c817866d1c35ad7();

CREATE OR REPLACE TRIGGER capture_insert AFTER INSERT ON tenant_golden.products REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_2e14c2c2027145f8e2f5ffdf7796adac();

CREATE OR REPLACE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.products FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_07cb0c3f39daa6adcb1576c2800b77d7();

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.products REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_78bd44bd5d4ca25e410f17240b8de440();
