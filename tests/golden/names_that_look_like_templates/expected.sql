CREATE TABLE tenant_golden."%1$I %s" (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    "%1$I" text,
    "%%" text DEFAULT '%%'::text NOT NULL,
    "%s" text,
    "d%" jsonb,
    "%2$L" text,
    embedding public.vector(2),
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT "%1$I %s_%%_enum_check" CHECK (("%%" = ANY (ARRAY['%2$L'::text, '%%'::text, '%s'::text]))),
    CONSTRAINT "%1$I %s_%1$I_%s_key" UNIQUE ("%1$I", "%s"),
    CONSTRAINT "%1$I %s_%1$I_min_length_check" CHECK ((char_length("%1$I") >= 1)),
    CONSTRAINT "%1$I %s_d%_value_check" CHECK ((("d%" IS NULL) OR ((("d%" @@ 'strict ($.type() == "object")'::jsonpath) IS TRUE) AND (("d%" @@ '!($."%1$I".type() != "string")'::jsonpath) IS TRUE)))),
    CONSTRAINT "%1$I %s_pkey" PRIMARY KEY ("%%"),
    CONSTRAINT "%1$I %s_tenant_id_check" CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden."%1$I %s" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE tenant_golden."%1$I %s" IS '100% %1$I';

COMMENT ON COLUMN tenant_golden."%1$I %s"."%s" IS '%3$I';

COMMENT ON COLUMN tenant_golden."%1$I %s".embedding IS 'Embedding of a';

CREATE INDEX "%1$I %s_%2$L_idx" ON tenant_golden."%1$I %s" USING btree ("%2$L");

CREATE INDEX "%1$I %s_embedding_idx" ON tenant_golden."%1$I %s" USING hnsw (embedding public.vector_cosine_ops);

ALTER TABLE tenant_golden."%1$I %s" ADD CONSTRAINT "%1$I %s_%2$L_fkey" FOREIGN KEY ("%2$L") REFERENCES tenant_golden."%1$I %s"("%%");

CREATE POLICY analytics_read ON tenant_golden."%1$I %s" FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden."%1$I %s" FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden."%1$I %s" FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden."%1$I %s" TO bss_admin;

GRANT SELECT ON TABLE tenant_golden."%1$I %s" TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden."%1$I %s" TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden."%1$I %s" TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden."%1$I %s" REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_0c9b88f881ae04b5f129d2fb8ff6da49();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden."%1$I %s" REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_0c7f1b6daecf453ae52a1980b3553980();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden."%1$I %s" FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_dd30e383e654e5a14c7b9b676c9acdaa();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden."%1$I %s" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_ee148df0278a805f0876744ae86e8fda();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden."%1$I %s" FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
