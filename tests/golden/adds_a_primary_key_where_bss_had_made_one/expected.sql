ALTER TABLE tenant_golden.things DROP CONSTRAINT things_pkey;

ALTER TABLE tenant_golden.things ALTER COLUMN thing_id DROP DEFAULT, ALTER COLUMN thing_id DROP NOT NULL;

COMMENT ON COLUMN tenant_golden.things.thing_id IS '[no longer in the schema] ';

ALTER TABLE tenant_golden.things ADD CONSTRAINT things_pkey PRIMARY KEY (code);
