ALTER TABLE tenant_golden.things RENAME TO items;

ALTER TABLE tenant_golden.items RENAME COLUMN thing_id TO item_id;

ALTER TABLE tenant_golden.items RENAME CONSTRAINT things_pkey TO items_pkey;

ALTER TABLE tenant_golden.items RENAME CONSTRAINT things_tenant_id_check TO items_tenant_id_check;

CREATE OR REPLACE TRIGGER capture_delete AFTER DELETE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_8e5010b117d148bcd8c5b6033c1fc814();

CREATE OR REPLACE TRIGGER capture_insert AFTER INSERT ON tenant_golden.items REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_dd51989c993b99df5f5d0281b9591d59();

CREATE OR REPLACE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.items FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_0e12b188d7930cabce1a73c928349f57();

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_a8936cac97d8fd224b963de8f7a9c0df();
