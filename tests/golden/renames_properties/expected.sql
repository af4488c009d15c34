ALTER TABLE tenant_golden.items RENAME COLUMN net_price TO "Der ""Preis""";

ALTER TABLE tenant_golden.items RENAME COLUMN quantity TO date;

ALTER TABLE tenant_golden.items RENAME COLUMN zone TO varying;

ALTER TABLE tenant_golden.items RENAME COLUMN tags TO labels;

ALTER TABLE tenant_golden.items RENAME COLUMN total TO sum;

ALTER TABLE tenant_golden.items RENAME CONSTRAINT items_net_price_quantity_key TO "items_Der ""Preis""_date_key";

ALTER TABLE tenant_golden.items RENAME CONSTRAINT items_net_price_minimum_check TO "items_Der ""Preis""_minimum_check";

ALTER TABLE tenant_golden.items RENAME CONSTRAINT items_tags_value_check TO items_labels_value_check;

ALTER INDEX tenant_golden.items_net_price_quantity_idx RENAME TO "items_Der ""Preis""_date_idx";

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_2e5c5ec1e5cd472e6576b3f930e98cd6();
