ALTER TABLE tenant_golden.items DROP CONSTRAINT items_is_archived_check;

DROP INDEX tenant_golden.items_archived_at_idx;

DROP INDEX tenant_golden.items_code_key;

DROP TRIGGER archive_on_delete ON tenant_golden.items;

DROP TRIGGER archive_what_refers_to_it ON tenant_golden.items;

ALTER TABLE tenant_golden.items ALTER COLUMN is_archived DROP DEFAULT, ALTER COLUMN is_archived DROP NOT NULL;

COMMENT ON COLUMN tenant_golden.items.is_archived IS '[no longer in the schema] ';

COMMENT ON COLUMN tenant_golden.items.archived_at IS '[no longer in the schema] ';

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_code_key UNIQUE (code);

CREATE OR REPLACE TRIGGER capture_delete AFTER DELETE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_8e5010b117d148bcd8c5b6033c1fc814();

CREATE OR REPLACE TRIGGER capture_insert AFTER INSERT ON tenant_golden.items REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_dd51989c993b99df5f5d0281b9591d59();

CREATE OR REPLACE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.items FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_0e12b188d7930cabce1a73c928349f57();

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_a8936cac97d8fd224b963de8f7a9c0df();
