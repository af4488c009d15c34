ALTER TABLE tenant_golden.things DROP CONSTRAINT things_pkey;

ALTER TABLE tenant_golden.things ALTER COLUMN thing_id DROP DEFAULT, ALTER COLUMN thing_id DROP NOT NULL;

COMMENT ON COLUMN tenant_golden.things.thing_id IS '[no longer in the schema] ';

ALTER TABLE tenant_golden.things ADD CONSTRAINT things_pkey PRIMARY KEY (code);

CREATE OR REPLACE TRIGGER capture_delete AFTER DELETE ON tenant_golden.things REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_5d277e82158a5bf0b8a33d3ec72ce29a();

CREATE OR REPLACE TRIGGER capture_insert AFTER INSERT ON tenant_golden.things REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_27247b5df5b90054875909c820d0e773();

CREATE OR REPLACE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.things FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_71ec71876b7bfeaef1bcf2c64edd1a8b();

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.things REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_1d4fe68c0707f9b51ad326fc09bb1398();
