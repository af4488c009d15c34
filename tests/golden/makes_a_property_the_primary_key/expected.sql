ALTER TABLE tenant_golden.items DROP CONSTRAINT items_pkey;

ALTER TABLE tenant_golden.items ALTER COLUMN item_id DROP NOT NULL;

ALTER TABLE tenant_golden.items ALTER COLUMN item_id DROP DEFAULT;

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_pkey PRIMARY KEY (name);
