ALTER TABLE tenant_golden.items ADD COLUMN stock bigint DEFAULT '0'::bigint;

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_stock_minimum_check CHECK ((stock >= '0'::bigint));

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_55241d2ad75d66b3737ca09937133e90();
