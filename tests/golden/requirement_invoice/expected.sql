CREATE TABLE tenant_golden.invoices (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    invoice_id uuid DEFAULT gen_random_uuid() NOT NULL,
    customer_id uuid NOT NULL,
    amount numeric NOT NULL,
    issued_date date,
    status text,
    description text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT invoices_pkey PRIMARY KEY (invoice_id),
    CONSTRAINT invoices_status_enum_check CHECK ((status = ANY (ARRAY['pending'::text, 'paid'::text, 'canceled'::text]))),
    CONSTRAINT invoices_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.invoices ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY analytics_read ON tenant_golden.invoices FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.invoices FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.invoices FOR ALL TO PUBLIC USING ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))) WITH CHECK ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id)));

GRANT SELECT ON TABLE tenant_golden.invoices TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.invoices TO bss_app;

SELECT bss_internal.provide_capture('c_a9a882b905a0c63f24da9721adcf0a9a', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''business_store.data.invoices.deleted'',
        ''invoices'', pg_catalog.to_jsonb(o.invoice_id),
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

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.invoices REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_a9a882b905a0c63f24da9721adcf0a9a();

SELECT bss_internal.provide_capture('c_01f17a9530d995b2a5d95d9dfc9f9099', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        n.tenant_id, ''business_store.data.invoices.created'',
        ''invoices'', pg_catalog.to_jsonb(n.invoice_id),
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

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.invoices REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_01f17a9530d995b2a5d95d9dfc9f9099();

SELECT bss_internal.provide_capture('c_3404fe9ee74506f713686f4dec0e1f14', '
begin
    -- row-level security shows all rows to an operator, and none to anyone else
    perform bss_internal.require_operator();
    perform pg_catalog.pg_current_xact_id();
    execute pg_catalog.concat(''insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''''business_store.data.invoices.deleted'''',
        ''''invoices'''', pg_catalog.to_jsonb(o.invoice_id),
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

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.invoices FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_3404fe9ee74506f713686f4dec0e1f14();

SELECT bss_internal.provide_capture('c_0e0421b476c6d5a218d70ad5f6f99a4c', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        coalesce(n.tenant_id, o.tenant_id), case
            when o.tenant_id is null then ''business_store.data.invoices.created''
            when n.tenant_id is null then ''business_store.data.invoices.deleted''
            else ''business_store.data.invoices.updated''
        end,
        ''invoices'', coalesce(pg_catalog.to_jsonb(n.invoice_id), pg_catalog.to_jsonb(o.invoice_id)),
        null
    from old_rows as o
    full join new_rows as n on n.invoice_id operator(pg_catalog.=) o.invoice_id
    where pg_catalog.record_image_ne(
        row(o.tenant_id, o.invoice_id, o.customer_id, o.amount, o.issued_date, o.status, o.description, o.created_at),
        row(n.tenant_id, n.invoice_id, n.customer_id, n.amount, n.issued_date, n.status, n.description, n.created_at)
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

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.invoices REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_0e0421b476c6d5a218d70ad5f6f99a4c();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.invoices FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
