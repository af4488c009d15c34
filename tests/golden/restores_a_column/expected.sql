ALTER TABLE tenant_golden.items ALTER COLUMN status SET DEFAULT 'open'::text;

COMMENT ON COLUMN tenant_golden.items.status IS NULL;

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_status_enum_check CHECK ((status = ANY (ARRAY['open'::text, 'closed'::text])));
