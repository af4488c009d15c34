ALTER TABLE tenant_golden.items ADD COLUMN weight numeric;

COMMENT ON COLUMN tenant_golden.items.weight IS 'In kilograms';

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_weight_minimum_check CHECK ((weight >= '0'::numeric));
