CREATE FUNCTION bss_checks.v_5da41c3f83870d997bbba28f27eb562e(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return ((v OPERATOR(pg_catalog.@@) ''strict !(($[*] starts with "") is unknown)''::pg_catalog.jsonpath) IS TRUE)
        and bss_checks.v_c17a3baa18f5ae96d4ba3ab5867aaec7(v)
        and not exists (select from pg_catalog.jsonb_array_elements(case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''array''::pg_catalog.text) then v else ''[]''::pg_catalog.jsonb end) as m (value) group by m.value having pg_catalog.count(*) operator(pg_catalog.>) 1);
end';

CREATE FUNCTION bss_checks.v_c17a3baa18f5ae96d4ba3ab5867aaec7(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    for i in 0 .. pg_catalog.jsonb_array_length(v) operator(pg_catalog.-) 1 loop
        if ((pg_catalog.char_length(((v operator(pg_catalog.->) i) OPERATOR(pg_catalog.#>>) ''{}''::pg_catalog.text[])) OPERATOR(pg_catalog.<=) 20)) is not true then
            return false;
        end if;
    end loop;
    return true;
end';

CREATE TABLE bss_shared.articles (
    article_id bigint NOT NULL,
    title text,
    body text,
    tags jsonb,
    price numeric,
    tax numeric,
    total numeric GENERATED ALWAYS AS ((price + tax)) STORED,
    embedding public.vector(3),
    search tsvector GENERATED ALWAYS AS ((to_tsvector('english'::regconfig, COALESCE(title, ''::text)) || to_tsvector('english'::regconfig, COALESCE(body, ''::text)))) STORED,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT articles_fair_check CHECK ((tax <= price)),
    CONSTRAINT articles_pkey PRIMARY KEY (article_id),
    CONSTRAINT articles_tags_value_check CHECK (((tags IS NULL) OR bss_checks.v_5da41c3f83870d997bbba28f27eb562e(tags)))
);

ALTER TABLE bss_shared.articles ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN bss_shared.articles.embedding IS 'Embedding of title';

COMMENT ON COLUMN bss_shared.articles.search IS 'Words of title, body';

CREATE INDEX articles_embedding_idx ON bss_shared.articles USING hnsw (embedding public.vector_cosine_ops);

CREATE INDEX articles_search_idx ON bss_shared.articles USING gin (search);

CREATE INDEX articles_tags_gin_idx ON bss_shared.articles USING gin (tags);

CREATE UNIQUE INDEX articles_title_key ON bss_shared.articles USING btree (title) WHERE (body IS NOT NULL);

CREATE POLICY admin_all ON bss_shared.articles FOR ALL TO bss_admin USING (true) WITH CHECK (true);

CREATE POLICY analytics_read ON bss_shared.articles FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON bss_shared.articles FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_read ON bss_shared.articles FOR SELECT TO PUBLIC USING ((( SELECT bss.current_tenant_id() AS current_tenant_id) IS NOT NULL));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE bss_shared.articles TO bss_admin;

GRANT SELECT ON TABLE bss_shared.articles TO bss_analytics;

GRANT SELECT ON TABLE bss_shared.articles TO bss_app;

GRANT SELECT ON TABLE bss_shared.articles TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON bss_shared.articles REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_357eda829d240584bdb521429e1ef7d5();

CREATE TRIGGER capture_insert AFTER INSERT ON bss_shared.articles REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_815a5927b5e58ae5eebe88f1bf8bc727();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON bss_shared.articles FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_99ca54f61e56b66d2fac58f6523cca23();

CREATE TRIGGER capture_update AFTER UPDATE ON bss_shared.articles REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_1018f9a9419d20b852dd49aa15168374();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON bss_shared.articles FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
