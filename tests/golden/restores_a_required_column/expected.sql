ALTER TABLE tenant_golden.items ALTER COLUMN name SET NOT NULL;

COMMENT ON COLUMN tenant_golden.items.name IS NULL;

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_b35d739b8ec88ea010b4df74a67452af();
