ALTER TABLE tenant_golden.items ALTER COLUMN status SET DEFAULT 'open'::text;

COMMENT ON COLUMN tenant_golden.items.status IS NULL;

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_status_enum_check CHECK ((status = ANY (ARRAY['open'::text, 'closed'::text])));

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_b35d739b8ec88ea010b4df74a67452af();
