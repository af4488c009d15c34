ALTER TABLE tenant_golden.items ADD COLUMN sku text;

ALTER TABLE tenant_golden.items ADD COLUMN shelf text;

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_sku_key UNIQUE (sku);

CREATE INDEX items_shelf_idx ON tenant_golden.items USING btree (shelf);

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_23f54d373aee200b5181c90d563808f2();
