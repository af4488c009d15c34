ALTER TABLE tenant_golden.clients RENAME TO customers;

ALTER TABLE tenant_golden.customers RENAME COLUMN client_id TO customer_id;

ALTER TABLE tenant_golden.customers RENAME CONSTRAINT clients_full_name_min_length_check TO customers_full_name_min_length_check;

ALTER TABLE tenant_golden.customers RENAME CONSTRAINT clients_is_archived_check TO customers_is_archived_check;

ALTER TABLE tenant_golden.customers RENAME CONSTRAINT clients_order_by_minimum_check TO customers_order_by_minimum_check;

ALTER TABLE tenant_golden.customers RENAME CONSTRAINT clients_ordered_check TO customers_ordered_check;

ALTER TABLE tenant_golden.customers RENAME CONSTRAINT clients_pkey TO customers_pkey;

ALTER TABLE tenant_golden.customers RENAME CONSTRAINT clients_status_enum_check TO customers_status_enum_check;

ALTER TABLE tenant_golden.customers RENAME CONSTRAINT clients_tenant_id_check TO customers_tenant_id_check;

ALTER INDEX tenant_golden.clients_archived_at_idx RENAME TO customers_archived_at_idx;

ALTER INDEX tenant_golden.clients_email_key RENAME TO customers_email_key;

ALTER INDEX tenant_golden.clients_search_idx RENAME TO customers_search_idx;

ALTER INDEX tenant_golden.clients_status_idx RENAME TO customers_status_idx;

ALTER TABLE tenant_golden.orders RENAME COLUMN client_id TO customer_id;

ALTER TABLE tenant_golden.orders RENAME CONSTRAINT orders_client_id_fkey TO orders_customer_id_fkey;

ALTER INDEX tenant_golden.orders_client_id_idx RENAME TO orders_customer_id_idx;

CREATE OR REPLACE TRIGGER capture_delete AFTER DELETE ON tenant_golden.customers REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_83723c5f6c6a44d4746a34173fcde58e();

CREATE OR REPLACE TRIGGER capture_insert AFTER INSERT ON tenant_golden.customers REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_ade86cb9ec24c3de966bed1c60c3f639();

CREATE OR REPLACE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.customers FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_c9a0c39cbaf9288c80e809ec9768aba4();

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.customers REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_9a107a974eab7ac2e70587b9d0303781();
