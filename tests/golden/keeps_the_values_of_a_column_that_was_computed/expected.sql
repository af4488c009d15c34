ALTER TABLE tenant_golden.items ALTER COLUMN c DROP EXPRESSION;

ALTER TABLE tenant_golden.items ALTER COLUMN c SET DEFAULT '0'::bigint;

SELECT bss_internal.provide_capture('c_45921c57264675aa0d6986c34f68eed2', …);
CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_45921c57264675aa0d6986c34f68eed2();
