CREATE TABLE tenant_golden.articles (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    article_id uuid DEFAULT gen_random_uuid() NOT NULL,
    title text,
    body text,
    embedding public.vector(2000),
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT articles_pkey PRIMARY KEY (article_id),
    CONSTRAINT articles_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.articles ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN tenant_golden.articles.embedding IS 'Embedding of body';

CREATE INDEX articles_embedding_idx ON tenant_golden.articles USING hnsw (embedding public.vector_ip_ops);

CREATE POLICY analytics_read ON tenant_golden.articles FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.articles FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.articles FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.articles TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.articles TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.articles TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.articles TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.articles REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_763759f5f8474cb3e9d8442f70d879bf();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.articles REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_d339d5d5dfadcf17236175a1634dc3f8();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.articles FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_1b4459256f3a0ff0854ce3e357fed220();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.articles REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_86cc2c383618501b983061fb0ede4548();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.articles FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
