CREATE TABLE tenant_golden.shelves (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    shelf_id uuid DEFAULT gen_random_uuid() NOT NULL,
    label text NOT NULL,
    item_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT shelves_pkey PRIMARY KEY (shelf_id),
    CONSTRAINT shelves_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.shelves ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE tenant_golden.shelves IS 'Where it lies';

CREATE INDEX shelves_item_id_idx ON tenant_golden.shelves USING btree (item_id);

ALTER TABLE tenant_golden.shelves ADD CONSTRAINT shelves_item_id_fkey FOREIGN KEY (item_id) REFERENCES tenant_golden.items(item_id);

CREATE POLICY analytics_read ON tenant_golden.shelves FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.shelves FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.shelves FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.shelves TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.shelves TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.shelves TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.shelves TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.shelves REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_12ea17d2a925c7fc88b5ef05ec5142f3();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.shelves REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_e8b87a387d3d658e751a14e39ab58623();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.shelves FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_7fa806560e9b57a787d89ca9d0ea7263();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.shelves REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_e39a07c2079994d827eeb232b8133019();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.shelves FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
