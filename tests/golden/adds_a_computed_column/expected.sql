ALTER TABLE tenant_golden.items ADD COLUMN c bigint GENERATED ALWAYS AS ((a % '2'::bigint)) STORED;
