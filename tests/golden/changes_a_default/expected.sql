ALTER TABLE tenant_golden.items ALTER COLUMN status SET DEFAULT 'closed'::text;
