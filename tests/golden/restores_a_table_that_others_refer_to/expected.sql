COMMENT ON TABLE tenant_golden.items IS 'Something for sale';

CREATE INDEX shelves_item_id_idx ON tenant_golden.shelves USING btree (item_id);

ALTER TABLE tenant_golden.shelves ADD CONSTRAINT shelves_item_id_fkey FOREIGN KEY (item_id) REFERENCES tenant_golden.items(item_id);
