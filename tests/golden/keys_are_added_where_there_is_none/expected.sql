CREATE TABLE tenant_golden.audit_entries (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    audit_entry_id uuid DEFAULT gen_random_uuid() NOT NULL,
    what text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT audit_entries_pkey PRIMARY KEY (audit_entry_id),
    CONSTRAINT audit_entries_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.audit_entries ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY analytics_read ON tenant_golden.audit_entries FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.audit_entries FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.audit_entries FOR ALL TO PUBLIC USING ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))) WITH CHECK ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id)));

GRANT SELECT ON TABLE tenant_golden.audit_entries TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.audit_entries TO bss_app;

SELECT bss_internal.provide_capture('c_4c6fe63bce110519e72de1987fb8f31e', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''business_store.data.audit_entries.deleted'',
        ''audit_entries'', pg_catalog.to_jsonb(o.audit_entry_id),
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

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.audit_entries REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_4c6fe63bce110519e72de1987fb8f31e();

SELECT bss_internal.provide_capture('c_f72a32812f04af23af21cc83ea3fdf6c', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        n.tenant_id, ''business_store.data.audit_entries.created'',
        ''audit_entries'', pg_catalog.to_jsonb(n.audit_entry_id),
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

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.audit_entries REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_f72a32812f04af23af21cc83ea3fdf6c();

SELECT bss_internal.provide_capture('c_0ec957a3476a198c3ca082e95ec110eb', '
begin
    -- row-level security shows all rows to an operator, and none to anyone else
    perform bss_internal.require_operator();
    perform pg_catalog.pg_current_xact_id();
    execute pg_catalog.concat(''insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''''business_store.data.audit_entries.deleted'''',
        ''''audit_entries'''', pg_catalog.to_jsonb(o.audit_entry_id),
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

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.audit_entries FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_0ec957a3476a198c3ca082e95ec110eb();

SELECT bss_internal.provide_capture('c_2609561c62fd03dbc49a6e6e8884e063', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        coalesce(n.tenant_id, o.tenant_id), case
            when o.tenant_id is null then ''business_store.data.audit_entries.created''
            when n.tenant_id is null then ''business_store.data.audit_entries.deleted''
            else ''business_store.data.audit_entries.updated''
        end,
        ''audit_entries'', coalesce(pg_catalog.to_jsonb(n.audit_entry_id), pg_catalog.to_jsonb(o.audit_entry_id)),
        null
    from old_rows as o
    full join new_rows as n on n.audit_entry_id operator(pg_catalog.=) o.audit_entry_id
    where pg_catalog.record_image_ne(
        row(o.tenant_id, o.audit_entry_id, o.what, o.created_at),
        row(n.tenant_id, n.audit_entry_id, n.what, n.created_at)
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

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.audit_entries REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_2609561c62fd03dbc49a6e6e8884e063();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.audit_entries FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
