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

CREATE POLICY tenant_isolation ON tenant_golden.articles FOR ALL TO PUBLIC USING ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))) WITH CHECK ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id)));

GRANT SELECT ON TABLE tenant_golden.articles TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.articles TO bss_app;

SELECT bss_internal.provide_capture('c_763759f5f8474cb3e9d8442f70d879bf', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''business_store.data.articles.deleted'',
        ''articles'', pg_catalog.to_jsonb(o.article_id),
        null
    from old_rows as o;
    if found and (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end
');

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.articles REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_763759f5f8474cb3e9d8442f70d879bf();

SELECT bss_internal.provide_capture('c_d339d5d5dfadcf17236175a1634dc3f8', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        n.tenant_id, ''business_store.data.articles.created'',
        ''articles'', pg_catalog.to_jsonb(n.article_id),
        null
    from new_rows as n;
    if found and (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end
');

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.articles REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_d339d5d5dfadcf17236175a1634dc3f8();

SELECT bss_internal.provide_capture('c_1b4459256f3a0ff0854ce3e357fed220', '
begin
    -- row-level security shows all rows to an operator, and none to anyone else
    perform bss_internal.require_operator();
    perform pg_catalog.pg_current_xact_id();
    execute pg_catalog.concat(''insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''''business_store.data.articles.deleted'''',
        ''''articles'''', pg_catalog.to_jsonb(o.article_id),
        null from '', tg_relid::pg_catalog.regclass, '' as o'');
    if (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end
');

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.articles FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_1b4459256f3a0ff0854ce3e357fed220();

SELECT bss_internal.provide_capture('c_2eb4b79aa2045096eccf034b41a241b3', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        coalesce(n.tenant_id, o.tenant_id), case
            when o.tenant_id is null then ''business_store.data.articles.created''
            when n.tenant_id is null then ''business_store.data.articles.deleted''
            else ''business_store.data.articles.updated''
        end,
        ''articles'', coalesce(pg_catalog.to_jsonb(n.article_id), pg_catalog.to_jsonb(o.article_id)),
        null
    from old_rows as o
    full join new_rows as n on n.article_id operator(pg_catalog.=) o.article_id
    where pg_catalog.record_image_ne(
        row(o.tenant_id, o.article_id, o.title, o.body, o.embedding, o.created_at),
        row(n.tenant_id, n.article_id, n.title, n.body, n.embedding, n.created_at)
    );
    if found and (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end
');

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.articles REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_2eb4b79aa2045096eccf034b41a241b3();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.articles FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
