COMMENT ON COLUMN tenant_golden.people.code IS '[no longer in the schema] ';
