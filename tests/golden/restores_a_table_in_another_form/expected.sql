COMMENT ON TABLE tenant_golden.shelves IS NULL;

ALTER TABLE tenant_golden.shelves ADD COLUMN level bigint DEFAULT '1'::bigint NOT NULL;

ALTER TABLE tenant_golden.shelves ALTER COLUMN label DROP NOT NULL;

COMMENT ON COLUMN tenant_golden.shelves.label IS '[no longer in the schema] ';

ALTER TABLE tenant_golden.shelves ADD CONSTRAINT shelves_item_id_fkey FOREIGN KEY (item_id) REFERENCES tenant_golden.items(item_id);

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.shelves REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_2cad89c74a904a7b510ae3716beffb06();
