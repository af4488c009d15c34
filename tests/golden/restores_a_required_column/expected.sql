ALTER TABLE tenant_golden.items ALTER COLUMN name SET NOT NULL;

COMMENT ON COLUMN tenant_golden.items.name IS NULL;

SELECT bss_internal.provide_capture('c_1f85de4c2db6e84752ea648057a02094', …);

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_1f85de4c2db6e84752ea648057a02094();
