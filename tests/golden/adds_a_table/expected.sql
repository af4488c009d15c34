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

CREATE POLICY tenant_isolation ON tenant_golden.shelves FOR ALL TO PUBLIC USING ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))) WITH CHECK ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id)));

GRANT SELECT ON TABLE tenant_golden.shelves TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.shelves TO bss_app;

SELECT bss_internal.provide_capture('c_12ea17d2a925c7fc88b5ef05ec5142f3', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''business_store.data.shelves.deleted'',
        ''shelves'', pg_catalog.to_jsonb(o.shelf_id),
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

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.shelves REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_12ea17d2a925c7fc88b5ef05ec5142f3();

SELECT bss_internal.provide_capture('c_e8b87a387d3d658e751a14e39ab58623', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        n.tenant_id, ''business_store.data.shelves.created'',
        ''shelves'', pg_catalog.to_jsonb(n.shelf_id),
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

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.shelves REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_e8b87a387d3d658e751a14e39ab58623();

SELECT bss_internal.provide_capture('c_7fa806560e9b57a787d89ca9d0ea7263', '
begin
    -- row-level security shows all rows to an operator, and none to anyone else
    perform bss_internal.require_operator();
    perform pg_catalog.pg_current_xact_id();
    execute pg_catalog.concat(''insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''''business_store.data.shelves.deleted'''',
        ''''shelves'''', pg_catalog.to_jsonb(o.shelf_id),
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

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.shelves FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_7fa806560e9b57a787d89ca9d0ea7263();

SELECT bss_internal.provide_capture('c_c32eaa39e1752083f137944648a326cf', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        coalesce(n.tenant_id, o.tenant_id), case
            when o.tenant_id is null then ''business_store.data.shelves.created''
            when n.tenant_id is null then ''business_store.data.shelves.deleted''
            else ''business_store.data.shelves.updated''
        end,
        ''shelves'', coalesce(pg_catalog.to_jsonb(n.shelf_id), pg_catalog.to_jsonb(o.shelf_id)),
        null
    from old_rows as o
    full join new_rows as n on n.shelf_id operator(pg_catalog.=) o.shelf_id
    where pg_catalog.record_image_ne(
        row(o.tenant_id, o.shelf_id, o.label, o.item_id, o.created_at),
        row(n.tenant_id, n.shelf_id, n.label, n.item_id, n.created_at)
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

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.shelves REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_c32eaa39e1752083f137944648a326cf();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.shelves FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
