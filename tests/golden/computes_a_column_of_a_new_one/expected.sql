ALTER TABLE tenant_golden.items ADD COLUMN b bigint;

ALTER TABLE tenant_golden.items ADD COLUMN c bigint GENERATED ALWAYS AS ((a + b)) STORED;
