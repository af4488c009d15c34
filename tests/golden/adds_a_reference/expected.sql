ALTER TABLE tenant_golden.items ADD COLUMN shelf_id uuid;

CREATE INDEX items_shelf_id_idx ON tenant_golden.items USING btree (shelf_id);

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_shelf_id_fkey FOREIGN KEY (shelf_id) REFERENCES tenant_golden.shelves(shelf_id);
