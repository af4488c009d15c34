CREATE TABLE pool_golden.customers (
    tenant_id uuid DEFAULT bss.current_tenant_id() NOT NULL,
    customer_id uuid DEFAULT gen_random_uuid() NOT NULL,
    email text NOT NULL,
    "name_of_the_""kunde""" text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT customers_email_key UNIQUE (tenant_id, email),
    CONSTRAINT "customers_name_of_the_""kunde""_min_length_check" CHECK ((char_length("name_of_the_""kunde""") >= 1)),
    CONSTRAINT customers_pkey PRIMARY KEY (tenant_id, customer_id)
);

ALTER TABLE pool_golden.customers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE pool_golden.orders (
    tenant_id uuid DEFAULT bss.current_tenant_id() NOT NULL,
    order_id bigint NOT NULL,
    customer_id uuid,
    number bigint,
    placed_on date NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT orders_pkey PRIMARY KEY (tenant_id, order_id, placed_on)
) PARTITION BY RANGE (placed_on);

ALTER TABLE pool_golden.orders ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE pool_golden.notes (
    tenant_id uuid DEFAULT bss.current_tenant_id() NOT NULL,
    note_id bigint NOT NULL,
    slug text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_archived boolean DEFAULT false NOT NULL,
    archived_at timestamp with time zone,
    CONSTRAINT notes_is_archived_check CHECK ((is_archived = (archived_at IS NOT NULL))),
    CONSTRAINT notes_pkey PRIMARY KEY (tenant_id, note_id)
);

ALTER TABLE pool_golden.notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE pool_golden.orders_default PARTITION OF pool_golden.orders DEFAULT;

ALTER TABLE pool_golden.orders_default ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE INDEX customers_email_hash_idx ON pool_golden.customers USING hash (email);

CREATE INDEX "customers_name_of_the_""kunde""_idx" ON pool_golden.customers USING btree (tenant_id, "name_of_the_""kunde""");

CREATE INDEX orders_customer_id_idx ON pool_golden.orders USING btree (tenant_id, customer_id);

CREATE INDEX notes_archived_at_idx ON pool_golden.notes USING btree (tenant_id, archived_at) WHERE is_archived;

CREATE UNIQUE INDEX notes_slug_key ON pool_golden.notes USING btree (tenant_id, slug) WHERE (NOT is_archived);

ALTER TABLE pool_golden.orders ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES pool_golden.customers(tenant_id, customer_id) ON DELETE SET NULL (customer_id);

CREATE POLICY analytics_read ON pool_golden.customers FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON pool_golden.customers FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON pool_golden.customers FOR ALL TO PUBLIC USING ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))) WITH CHECK ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE pool_golden.customers TO bss_admin;

GRANT SELECT ON TABLE pool_golden.customers TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE pool_golden.customers TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE pool_golden.customers TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON pool_golden.customers REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_3507b3a2d221cbee19d28aa8fa9f4a36();

CREATE TRIGGER capture_insert AFTER INSERT ON pool_golden.customers REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_a7bccad457088ba7340d142cf2d5fb07();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON pool_golden.customers FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_41c770c0d0f74d6ad0cc3e9963e8106a();

CREATE TRIGGER capture_update AFTER UPDATE ON pool_golden.customers REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_9f9aa49e6d703ce3ec7fa01618621b3d();

CREATE TRIGGER hold_place BEFORE INSERT OR DELETE OR UPDATE ON pool_golden.customers FOR EACH STATEMENT WHEN ((CURRENT_USER <> 'bss_owner'::name)) EXECUTE FUNCTION bss_internal.hold_place();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON pool_golden.customers FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON pool_golden.orders FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON pool_golden.orders FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON pool_golden.orders FOR ALL TO PUBLIC USING ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))) WITH CHECK ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE pool_golden.orders TO bss_admin;

GRANT SELECT ON TABLE pool_golden.orders TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE pool_golden.orders TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE pool_golden.orders TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON pool_golden.orders REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_0ca347285ee8d0877e3b59058202591b();

CREATE TRIGGER capture_insert AFTER INSERT ON pool_golden.orders REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_bb82e5f5eae0edb57437f1198aba1d77();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON pool_golden.orders FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_9a454ec5d66f94f6d1d9535ae6839624();

CREATE TRIGGER capture_update AFTER UPDATE ON pool_golden.orders REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_69b11add4aece3a27ee5fda365e5f57b();

CREATE TRIGGER hold_place BEFORE INSERT OR DELETE OR UPDATE ON pool_golden.orders FOR EACH STATEMENT WHEN ((CURRENT_USER <> 'bss_owner'::name)) EXECUTE FUNCTION bss_internal.hold_place();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON pool_golden.orders FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON pool_golden.orders_default FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON pool_golden.orders_default FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON pool_golden.orders_default FOR ALL TO PUBLIC USING ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))) WITH CHECK ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id)));

CREATE POLICY analytics_read ON pool_golden.notes FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON pool_golden.notes FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON pool_golden.notes FOR ALL TO PUBLIC USING ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))) WITH CHECK ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE pool_golden.notes TO bss_admin;

GRANT SELECT ON TABLE pool_golden.notes TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE pool_golden.notes TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE pool_golden.notes TO bss_tenant;

CREATE TRIGGER archive_on_delete BEFORE DELETE ON pool_golden.notes FOR EACH ROW EXECUTE FUNCTION bss_internal.archive_row();

CREATE TRIGGER archive_what_refers_to_it AFTER UPDATE ON pool_golden.notes FOR EACH ROW WHEN ((new.is_archived AND (NOT old.is_archived))) EXECUTE FUNCTION bss_internal.archive_referring_rows();

CREATE TRIGGER capture_delete AFTER DELETE ON pool_golden.notes REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_c28891d0565f8fa3854b76031f4c381d();

CREATE TRIGGER capture_insert AFTER INSERT ON pool_golden.notes REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_99d0b7d03aea9f41b4dd46ce73362b9c();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON pool_golden.notes FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_73b66eee7e551d54686c42617110b75a();

CREATE TRIGGER capture_update AFTER UPDATE ON pool_golden.notes REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_ba7be066e2280a60224b5e2671712c96();

CREATE TRIGGER hold_place BEFORE INSERT OR DELETE OR UPDATE ON pool_golden.notes FOR EACH STATEMENT WHEN ((CURRENT_USER <> 'bss_owner'::name)) EXECUTE FUNCTION bss_internal.hold_place();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON pool_golden.notes FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
