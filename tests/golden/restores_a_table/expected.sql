COMMENT ON TABLE tenant_golden.shelves IS 'Where it lies';

ALTER TABLE tenant_golden.shelves ADD CONSTRAINT shelves_item_id_fkey FOREIGN KEY (item_id) REFERENCES tenant_golden.items(item_id);
