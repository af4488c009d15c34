ALTER TABLE tenant_golden.items ADD CONSTRAINT "values are those that are computed" CHECK (c IS NULL OR c IS NOT DISTINCT FROM (a + '1'::bigint));

ALTER TABLE tenant_golden.items DROP COLUMN c, ADD COLUMN c bigint GENERATED ALWAYS AS ((a + '1'::bigint)) STORED;

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_eff3c0c01cb1996c42bec6dc8f9f8b3e();
