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
