ALTER TABLE tenant_golden.items RENAME TO stock;

ALTER TABLE tenant_golden.stock RENAME COLUMN a TO alpha;

ALTER TABLE tenant_golden.stock RENAME CONSTRAINT items_a_key TO stock_alpha_key;

ALTER TABLE tenant_golden.stock RENAME CONSTRAINT items_pkey TO stock_pkey;

ALTER TABLE tenant_golden.stock RENAME CONSTRAINT items_tenant_id_check TO stock_tenant_id_check;

CREATE OR REPLACE TRIGGER capture_delete AFTER DELETE ON tenant_golden.stock REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_2f70b82c6569f7ee1274c8d07495466f();

CREATE OR REPLACE TRIGGER capture_insert AFTER INSERT ON tenant_golden.stock REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_50d42e396530d9e3f9bcfae576026bda();

CREATE OR REPLACE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.stock FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_314f22a78be998e6e4040d6bed1dc2cc();

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.stock REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_c1004f56bba0468e5a04d0a32afd4785();
