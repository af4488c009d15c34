ALTER TABLE tenant_golden.items DROP CONSTRAINT items_shelf_id_fkey;

ALTER TABLE tenant_golden.items DROP CONSTRAINT items_sku_key;

ALTER TABLE tenant_golden.items DROP CONSTRAINT items_sku_min_length_check;

DROP INDEX tenant_golden.items_made_idx;

DROP INDEX tenant_golden.items_shelf_id_idx;

ALTER TABLE tenant_golden.items ALTER COLUMN shelf_id DROP NOT NULL;

COMMENT ON COLUMN tenant_golden.items.shelf_id IS '[no longer in the schema] ';

ALTER TABLE tenant_golden.items ALTER COLUMN sku DROP NOT NULL;

COMMENT ON COLUMN tenant_golden.items.sku IS '[no longer in the schema] ';

COMMENT ON COLUMN tenant_golden.items.made IS '[no longer in the schema] ';

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_b35d739b8ec88ea010b4df74a67452af();
