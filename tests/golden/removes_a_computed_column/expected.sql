DROP INDEX tenant_golden.items_search_idx;

COMMENT ON COLUMN tenant_golden.items.c IS '[no longer in the schema] ';

COMMENT ON COLUMN tenant_golden.items.search IS '[no longer in the schema] Words of t';
