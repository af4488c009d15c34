COMMENT ON TABLE tenant_golden.bags IS '[no longer in the schema] ';
