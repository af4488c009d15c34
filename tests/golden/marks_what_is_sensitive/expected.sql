CREATE TABLE tenant_golden.people (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    person_id bigint NOT NULL,
    mood text,
    shout text GENERATED ALWAYS AS (upper(mood)) STORED,
    embedding public.vector(3),
    search tsvector GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, COALESCE(mood, ''::text))) STORED,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT people_pkey PRIMARY KEY (person_id),
    CONSTRAINT people_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.people ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN tenant_golden.people.embedding IS 'Embedding of mood';

COMMENT ON COLUMN tenant_golden.people.search IS 'Words of mood';

CREATE INDEX people_embedding_idx ON tenant_golden.people USING hnsw (embedding public.vector_cosine_ops);

CREATE INDEX people_search_idx ON tenant_golden.people USING gin (search);

CREATE POLICY analytics_read ON tenant_golden.people FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.people FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.people FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.people TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.people TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.people TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.people TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.people REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_8e58b54691900d4e9c595255e3bf4b59();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.people REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_a9f0449c69d551ed55b5f4e29c229cf4();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.people FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_f5d69a8276b0a6f31e534e4305652fe4();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.people REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_eca203e76f58b2f8722646919572b700();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.people FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
