ALTER TABLE tenant_golden.items DROP CONSTRAINT items_status_enum_check;

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_status_enum_check CHECK ((status = ANY (ARRAY['open'::text, 'closed'::text, 'sold'::text])));
