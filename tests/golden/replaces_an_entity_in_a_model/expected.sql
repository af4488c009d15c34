ALTER TABLE tenant_golden.items ADD COLUMN weight numeric;

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_78e5c7c641660b3e2d7244007383d0af();
