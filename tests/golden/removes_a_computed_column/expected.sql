DROP INDEX tenant_golden.items_search_idx;

COMMENT ON COLUMN tenant_golden.items.c IS '[no longer in the schema] ';

COMMENT ON COLUMN tenant_golden.items.search IS '[no longer in the schema] Words of t';

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_a8936cac97d8fd224b963de8f7a9c0df();
