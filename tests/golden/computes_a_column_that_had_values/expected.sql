ALTER TABLE tenant_golden.items ADD CONSTRAINT "values are those that are computed" CHECK (c IS NULL OR c IS NOT DISTINCT FROM (a + '1'::bigint));

ALTER TABLE tenant_golden.items DROP COLUMN c, ADD COLUMN c bigint GENERATED ALWAYS AS ((a + '1'::bigint)) STORED;

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_2ea4264c1a8237e12152d7a63be0c711();
