ALTER TABLE tenant_golden.shelves DROP CONSTRAINT shelves_item_id_fkey;

DROP INDEX tenant_golden.shelves_item_id_idx;

COMMENT ON TABLE tenant_golden.items IS '[no longer in the schema] Something for sale';
