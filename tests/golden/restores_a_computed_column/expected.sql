COMMENT ON COLUMN tenant_golden.items.c IS NULL;

COMMENT ON COLUMN tenant_golden.items.search IS 'Words of t';

CREATE INDEX items_search_idx ON tenant_golden.items USING gin (search);
