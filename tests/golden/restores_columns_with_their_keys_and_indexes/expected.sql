ALTER TABLE tenant_golden.items ALTER COLUMN shelf_id SET NOT NULL;

COMMENT ON COLUMN tenant_golden.items.shelf_id IS NULL;

ALTER TABLE tenant_golden.items ALTER COLUMN sku SET NOT NULL;

COMMENT ON COLUMN tenant_golden.items.sku IS NULL;

COMMENT ON COLUMN tenant_golden.items.made IS NULL;

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_sku_key UNIQUE (sku);

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_sku_min_length_check CHECK ((char_length(sku) >= 3));

CREATE INDEX items_made_idx ON tenant_golden.items USING btree (made);

CREATE INDEX items_shelf_id_idx ON tenant_golden.items USING btree (shelf_id);

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_shelf_id_fkey FOREIGN KEY (shelf_id) REFERENCES tenant_golden.shelves(shelf_id);

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_670564bb55d278c91c63ebad51046fb8();
