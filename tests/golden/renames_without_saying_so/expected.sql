ALTER TABLE tenant_golden.items ADD COLUMN label text NOT NULL;

ALTER TABLE tenant_golden.items ALTER COLUMN name DROP NOT NULL;

COMMENT ON COLUMN tenant_golden.items.name IS '[no longer in the schema] ';

SELECT bss_internal.provide_capture('c_887da978545fce1df20cebb10ef5f884', …);

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_887da978545fce1df20cebb10ef5f884();
