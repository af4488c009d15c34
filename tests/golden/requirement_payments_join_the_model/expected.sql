CREATE TABLE tenant_golden.payments (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    payment_id uuid DEFAULT gen_random_uuid() NOT NULL,
    invoice_id uuid NOT NULL,
    amount numeric NOT NULL,
    payment_date date NOT NULL,
    method text NOT NULL,
    status text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT payments_pkey PRIMARY KEY (payment_id),
    CONSTRAINT payments_status_enum_check CHECK ((status = ANY (ARRAY['processing'::text, 'completed'::text, 'failed'::text, 'refunded'::text]))),
    CONSTRAINT payments_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.payments ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN tenant_golden.payments.method IS 'How it was paid, such as credit_card or wire_transfer';

CREATE INDEX payments_invoice_id_idx ON tenant_golden.payments USING btree (invoice_id);

ALTER TABLE tenant_golden.payments ADD CONSTRAINT payments_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES tenant_golden.invoices(invoice_id);

CREATE POLICY analytics_read ON tenant_golden.payments FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.payments FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.payments FOR ALL TO PUBLIC USING ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))) WITH CHECK ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id)));

GRANT SELECT ON TABLE tenant_golden.payments TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.payments TO bss_app;

SELECT bss_internal.provide_capture('c_d095cd2867096c6014e77bb8ceb9daf7', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''business_store.data.payments.deleted'',
        ''payments'', pg_catalog.to_jsonb(o.payment_id),
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

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.payments REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_d095cd2867096c6014e77bb8ceb9daf7();

SELECT bss_internal.provide_capture('c_240a74fe5bb2714de6e6f41b545a4b26', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        n.tenant_id, ''business_store.data.payments.created'',
        ''payments'', pg_catalog.to_jsonb(n.payment_id),
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

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.payments REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_240a74fe5bb2714de6e6f41b545a4b26();

SELECT bss_internal.provide_capture('c_f4603563766c3eda6b65cdb80310df62', '
begin
    -- row-level security shows all rows to an operator, and none to anyone else
    perform bss_internal.require_operator();
    perform pg_catalog.pg_current_xact_id();
    execute pg_catalog.concat(''insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''''business_store.data.payments.deleted'''',
        ''''payments'''', pg_catalog.to_jsonb(o.payment_id),
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

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.payments FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_f4603563766c3eda6b65cdb80310df62();

SELECT bss_internal.provide_capture('c_6020718fea0d5cc1b0b58d7d688a5f5c', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        coalesce(n.tenant_id, o.tenant_id), case
            when o.tenant_id is null then ''business_store.data.payments.created''
            when n.tenant_id is null then ''business_store.data.payments.deleted''
            else ''business_store.data.payments.updated''
        end,
        ''payments'', coalesce(pg_catalog.to_jsonb(n.payment_id), pg_catalog.to_jsonb(o.payment_id)),
        null
    from old_rows as o
    full join new_rows as n on n.payment_id operator(pg_catalog.=) o.payment_id
    where pg_catalog.record_image_ne(
        row(o.tenant_id, o.payment_id, o.invoice_id, o.amount, o.payment_date, o.method, o.status, o.created_at),
        row(n.tenant_id, n.payment_id, n.invoice_id, n.amount, n.payment_date, n.method, n.status, n.created_at)
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

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.payments REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_6020718fea0d5cc1b0b58d7d688a5f5c();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.payments FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
