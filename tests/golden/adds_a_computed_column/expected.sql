ALTER TABLE tenant_golden.items ADD COLUMN c bigint GENERATED ALWAYS AS ((a % '2'::bigint)) STORED;

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_eff3c0c01cb1996c42bec6dc8f9f8b3e();
