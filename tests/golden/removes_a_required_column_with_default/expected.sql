ALTER TABLE tenant_golden.items DROP CONSTRAINT items_status_enum_check;

ALTER TABLE tenant_golden.items ALTER COLUMN status DROP DEFAULT, ALTER COLUMN status DROP NOT NULL;

COMMENT ON COLUMN tenant_golden.items.status IS '[no longer in the schema] ';
