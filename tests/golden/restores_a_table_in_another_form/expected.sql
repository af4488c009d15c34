COMMENT ON TABLE tenant_golden.shelves IS NULL;

ALTER TABLE tenant_golden.shelves ADD COLUMN level bigint DEFAULT '1'::bigint NOT NULL;

ALTER TABLE tenant_golden.shelves ALTER COLUMN label DROP NOT NULL;

COMMENT ON COLUMN tenant_golden.shelves.label IS '[no longer in the schema] ';

ALTER TABLE tenant_golden.shelves ADD CONSTRAINT shelves_item_id_fkey FOREIGN KEY (item_id) REFERENCES tenant_golden.items(item_id);
