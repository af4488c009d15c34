CREATE TABLE tenant_golden.items (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    item_id uuid DEFAULT gen_random_uuid() NOT NULL,
    title text,
    body text,
    meta jsonb,
    search tsvector GENERATED ALWAYS AS (((setweight(to_tsvector('english'::regconfig, COALESCE(title, ''::text)), 'A'::"char") || to_tsvector('english'::regconfig, COALESCE(body, ''::text))) || setweight(to_tsvector('english'::regconfig, COALESCE(meta, '{}'::jsonb)), 'C'::"char"))) STORED,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT items_meta_value_check CHECK (((meta IS NULL) OR ((meta @@ 'strict ($.type() == "object")'::jsonpath) IS TRUE))),
    CONSTRAINT items_pkey PRIMARY KEY (item_id),
    CONSTRAINT items_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.items ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN tenant_golden.items.search IS 'Words of title, body, meta';

CREATE INDEX items_search_idx ON tenant_golden.items USING gin (search);

CREATE POLICY analytics_read ON tenant_golden.items FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.items FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.items FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.items TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.items TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.items TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.items TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_8e5010b117d148bcd8c5b6033c1fc814();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.items REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_dd51989c993b99df5f5d0281b9591d59();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.items FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_0e12b188d7930cabce1a73c928349f57();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_892e5ec7e96b6f1c2b5ea94f4686cae5();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.items FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
