ALTER TABLE tenant_golden.items RENAME COLUMN a TO b;

ALTER TABLE tenant_golden.items RENAME CONSTRAINT items_a_minimum_check TO items_b_minimum_check;

ALTER TABLE tenant_golden.items ADD COLUMN a text;

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_a_min_length_check CHECK ((char_length(a) >= 1));

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_678ff9ae19a277c7c97a5d71d652aa30();
