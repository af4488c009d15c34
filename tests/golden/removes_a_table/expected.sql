ALTER TABLE tenant_golden.shelves DROP CONSTRAINT shelves_item_id_fkey;

COMMENT ON TABLE tenant_golden.shelves IS '[no longer in the schema] Where it lies';
