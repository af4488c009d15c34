ALTER TABLE tenant_golden.items ADD COLUMN shelf_id uuid;

CREATE INDEX items_shelf_id_idx ON tenant_golden.items USING btree (shelf_id);

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_shelf_id_fkey FOREIGN KEY (shelf_id) REFERENCES tenant_golden.shelves(shelf_id);

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_1e8a4df28e5e30b7999b321babfc8181();
