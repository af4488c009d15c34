ALTER TABLE tenant_golden.items DROP CONSTRAINT items_code_key;

ALTER TABLE tenant_golden.items ADD COLUMN is_archived boolean DEFAULT false NOT NULL;

ALTER TABLE tenant_golden.items ADD COLUMN archived_at timestamp with time zone;

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_is_archived_check CHECK ((is_archived = (archived_at IS NOT NULL)));

CREATE INDEX items_archived_at_idx ON tenant_golden.items USING btree (archived_at) WHERE is_archived;

CREATE UNIQUE INDEX items_code_key ON tenant_golden.items USING btree (code) WHERE (NOT is_archived);

CREATE TRIGGER archive_on_delete BEFORE DELETE ON tenant_golden.items FOR EACH ROW EXECUTE FUNCTION bss_internal.archive_row();

CREATE TRIGGER archive_what_refers_to_it AFTER UPDATE ON tenant_golden.items FOR EACH ROW WHEN ((new.is_archived AND (NOT old.is_archived))) EXECUTE FUNCTION bss_internal.archive_referring_rows();
