ALTER TABLE tenant_golden.items DROP CONSTRAINT items_things_value_check;

COMMENT ON COLUMN tenant_golden.items.things IS '[no longer in the schema] ';

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_dd94c4061a3e6590ff93e0675a805229();
