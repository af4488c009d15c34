ALTER TABLE tenant_golden.items DROP CONSTRAINT items_name_key;

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_name_key UNIQUE NULLS NOT DISTINCT (name);
