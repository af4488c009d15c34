ALTER TABLE tenant_golden.items ADD COLUMN stock bigint DEFAULT '0'::bigint NOT NULL;

COMMENT ON COLUMN tenant_golden.items.stock IS 'Pieces';

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_55241d2ad75d66b3737ca09937133e90();
