ALTER TABLE tenant_golden.items ADD COLUMN stock bigint NOT NULL;

SELECT bss_internal.provide_capture('c_d4d5416b0604bd0646e3dc020ffdf70a', …);

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_d4d5416b0604bd0646e3dc020ffdf70a();
