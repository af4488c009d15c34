ALTER TABLE tenant_golden.items DROP CONSTRAINT items_status_enum_check;

ALTER TABLE tenant_golden.items ALTER COLUMN status DROP DEFAULT, ALTER COLUMN status DROP NOT NULL;

COMMENT ON COLUMN tenant_golden.items.status IS '[no longer in the schema] ';

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_3d550be60624ecddf7e89a4631dcda64();
