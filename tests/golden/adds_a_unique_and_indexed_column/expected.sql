ALTER TABLE tenant_golden.items ADD COLUMN sku text;

ALTER TABLE tenant_golden.items ADD COLUMN shelf text;

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_sku_key UNIQUE (sku);

CREATE INDEX items_shelf_idx ON tenant_golden.items USING btree (shelf);
