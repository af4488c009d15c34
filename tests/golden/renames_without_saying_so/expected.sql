ALTER TABLE tenant_golden.items ADD COLUMN label text NOT NULL;

ALTER TABLE tenant_golden.items ALTER COLUMN name DROP NOT NULL;

COMMENT ON COLUMN tenant_golden.items.name IS '[no longer in the schema] ';

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_e8a51dc30fdde05f5e2c374b88582d16();
