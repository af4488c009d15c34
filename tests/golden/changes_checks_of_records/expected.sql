ALTER TABLE tenant_golden.items DROP CONSTRAINT items_not_check;

ALTER TABLE tenant_golden.items DROP CONSTRAINT items_any_of_check;

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_any_of_check CHECK (((a IS NOT NULL) OR (c IS NOT NULL)));

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_min_properties_check CHECK ((num_nonnulls(item_id, a, b, c) >= 2));
