ALTER TABLE tenant_golden.items DROP CONSTRAINT items_things_value_check;

COMMENT ON COLUMN tenant_golden.items.things IS '[no longer in the schema] ';
