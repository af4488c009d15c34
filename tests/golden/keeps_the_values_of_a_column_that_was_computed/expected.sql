ALTER TABLE tenant_golden.items ALTER COLUMN c DROP EXPRESSION;

ALTER TABLE tenant_golden.items ALTER COLUMN c SET DEFAULT '0'::bigint;
