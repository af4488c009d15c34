ALTER TABLE tenant_golden.items ALTER COLUMN status SET DEFAULT 'open'::text;

COMMENT ON COLUMN tenant_golden.items.status IS NULL;

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_status_enum_check CHECK ((status = ANY (ARRAY['open'::text, 'closed'::text])));

SELECT bss_internal.provide_capture('c_1f85de4c2db6e84752ea648057a02094', …);

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_1f85de4c2db6e84752ea648057a02094();
