ALTER TABLE tenant_golden.items ADD COLUMN c bigint GENERATED ALWAYS AS ((a % '2'::bigint)) STORED;

SELECT bss_internal.provide_capture('c_2ea4264c1a8237e12152d7a63be0c711', …);
CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_2ea4264c1a8237e12152d7a63be0c711();
