COMMENT ON COLUMN tenant_golden.items.c IS NULL;

COMMENT ON COLUMN tenant_golden.items.search IS 'Words of t';

CREATE INDEX items_search_idx ON tenant_golden.items USING gin (search);

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_5e96ff12dcd16d84c01815356ec5ae5e();
