ALTER TABLE tenant_golden.items DROP CONSTRAINT items_price_minimum_check;

COMMENT ON COLUMN tenant_golden.items.price IS '[no longer in the schema] ';

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_c2bd602f15b9f1c02f90cae2172fa89a();
