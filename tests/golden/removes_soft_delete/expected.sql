ALTER TABLE tenant_golden.items DROP CONSTRAINT items_is_archived_check;

DROP INDEX tenant_golden.items_archived_at_idx;

DROP INDEX tenant_golden.items_code_key;

DROP TRIGGER archive_on_delete ON tenant_golden.items;

DROP TRIGGER archive_what_refers_to_it ON tenant_golden.items;

ALTER TABLE tenant_golden.items ALTER COLUMN is_archived DROP DEFAULT, ALTER COLUMN is_archived DROP NOT NULL;

COMMENT ON COLUMN tenant_golden.items.is_archived IS '[no longer in the schema] ';

COMMENT ON COLUMN tenant_golden.items.archived_at IS '[no longer in the schema] ';

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_code_key UNIQUE (code);
