ALTER TABLE tenant_golden.items DROP CONSTRAINT items_pkey;

ALTER TABLE tenant_golden.items ALTER COLUMN item_id DROP NOT NULL;

ALTER TABLE tenant_golden.items ALTER COLUMN item_id DROP DEFAULT;

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_pkey PRIMARY KEY (name);

SELECT bss_internal.provide_capture('c_5e81e86be986d303402c6b9519f24881', …);
CREATE OR REPLACE TRIGGER capture_delete AFTER DELETE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_5e81e86be986d303402c6b9519f24881();

SELECT bss_internal.provide_capture('c_18f7ab1c40e787034b08eca0d8b38a0d', …);
CREATE OR REPLACE TRIGGER capture_insert AFTER INSERT ON tenant_golden.items REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_18f7ab1c40e787034b08eca0d8b38a0d();

SELECT bss_internal.provide_capture('c_3f396e65ef4544d106b59639d71d1d3d', …);
CREATE OR REPLACE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.items FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_3f396e65ef4544d106b59639d71d1d3d();

SELECT bss_internal.provide_capture('c_8fb515a61332b4011787f9255eacb6fd', …);
CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_8fb515a61332b4011787f9255eacb6fd();
