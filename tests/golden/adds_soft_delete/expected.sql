ALTER TABLE tenant_golden.items DROP CONSTRAINT items_code_key;

ALTER TABLE tenant_golden.items ADD COLUMN is_archived boolean DEFAULT false NOT NULL;

ALTER TABLE tenant_golden.items ADD COLUMN archived_at timestamp with time zone;

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_is_archived_check CHECK ((is_archived = (archived_at IS NOT NULL)));

CREATE INDEX items_archived_at_idx ON tenant_golden.items USING btree (archived_at) WHERE is_archived;

CREATE UNIQUE INDEX items_code_key ON tenant_golden.items USING btree (code) WHERE (NOT is_archived);

CREATE TRIGGER archive_on_delete BEFORE DELETE ON tenant_golden.items FOR EACH ROW EXECUTE FUNCTION bss_internal.archive_row();

CREATE TRIGGER archive_what_refers_to_it AFTER UPDATE ON tenant_golden.items FOR EACH ROW WHEN ((new.is_archived AND (NOT old.is_archived))) EXECUTE FUNCTION bss_internal.archive_referring_rows();

CREATE OR REPLACE TRIGGER capture_delete AFTER DELETE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_1f7416a6df5d6e78ba05c508d7fbb23c();

CREATE OR REPLACE TRIGGER capture_insert AFTER INSERT ON tenant_golden.items REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_c5d34a6a808a101e1c4fa6a425679a0f();

CREATE OR REPLACE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.items FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_7447e195f0c7c4e754dcd2f0b5ca6443();

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_6b7dab1429642c21f5dac2022bd019d2();
