ALTER TABLE tenant_golden.items DROP CONSTRAINT items_pkey;

ALTER TABLE tenant_golden.items ALTER COLUMN item_id DROP NOT NULL;

ALTER TABLE tenant_golden.items ALTER COLUMN item_id DROP DEFAULT;

ALTER TABLE tenant_golden.items ALTER COLUMN b SET NOT NULL;

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_pkey PRIMARY KEY (a, b);

SELECT bss_internal.provide_capture('c_77674bbe3d9fb55ad8ac32a6c45c2f08', …);
CREATE OR REPLACE TRIGGER capture_delete AFTER DELETE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_77674bbe3d9fb55ad8ac32a6c45c2f08();

SELECT bss_internal.provide_capture('c_5059a46423b2b4e764e42b2d10e872f4', …);
CREATE OR REPLACE TRIGGER capture_insert AFTER INSERT ON tenant_golden.items REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_5059a46423b2b4e764e42b2d10e872f4();

SELECT bss_internal.provide_capture('c_af245730201062a2b119f30896103270', …);
CREATE OR REPLACE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.items FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_af245730201062a2b119f30896103270();

SELECT bss_internal.provide_capture('c_22b952f3cc9b8b8ed379f96c8937cbbc', …);
CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_22b952f3cc9b8b8ed379f96c8937cbbc();
