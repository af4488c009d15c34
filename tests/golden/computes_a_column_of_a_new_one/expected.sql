ALTER TABLE tenant_golden.items ADD COLUMN b bigint;

ALTER TABLE tenant_golden.items ADD COLUMN c bigint GENERATED ALWAYS AS ((a + b)) STORED;

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_14b5b8446e8605f0e1fc93f1dd16f387();
