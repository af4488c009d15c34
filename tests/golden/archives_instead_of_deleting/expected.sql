CREATE TABLE tenant_golden.customers (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    customer_id uuid DEFAULT gen_random_uuid() NOT NULL,
    email text,
    first text,
    last text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_archived boolean DEFAULT false NOT NULL,
    archived_at timestamp with time zone,
    CONSTRAINT customers_is_archived_check CHECK ((is_archived = (archived_at IS NOT NULL))),
    CONSTRAINT customers_pkey PRIMARY KEY (customer_id),
    CONSTRAINT customers_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.customers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.orders (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    order_id bigint NOT NULL,
    customer_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_archived boolean DEFAULT false NOT NULL,
    archived_at timestamp with time zone,
    CONSTRAINT orders_is_archived_check CHECK ((is_archived = (archived_at IS NOT NULL))),
    CONSTRAINT orders_pkey PRIMARY KEY (order_id),
    CONSTRAINT orders_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.orders ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN tenant_golden.orders.archived_at IS 'Since when it is closed';

CREATE TABLE tenant_golden.notes (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    note_id bigint NOT NULL,
    order_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT notes_pkey PRIMARY KEY (note_id),
    CONSTRAINT notes_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE INDEX customers_archived_at_idx ON tenant_golden.customers USING btree (archived_at) WHERE is_archived;

CREATE UNIQUE INDEX customers_email_key ON tenant_golden.customers USING btree (email) WHERE (NOT is_archived);

CREATE UNIQUE INDEX customers_last_first_key ON tenant_golden.customers USING btree (last, first) NULLS NOT DISTINCT WHERE (NOT is_archived);

CREATE INDEX orders_archived_at_idx ON tenant_golden.orders USING btree (archived_at) WHERE is_archived;

CREATE INDEX orders_customer_id_idx ON tenant_golden.orders USING btree (customer_id);

CREATE INDEX notes_order_id_idx ON tenant_golden.notes USING btree (order_id);

ALTER TABLE tenant_golden.orders ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES tenant_golden.customers(customer_id) ON DELETE CASCADE;

ALTER TABLE tenant_golden.notes ADD CONSTRAINT notes_order_id_fkey FOREIGN KEY (order_id) REFERENCES tenant_golden.orders(order_id) ON DELETE CASCADE;

CREATE POLICY analytics_read ON tenant_golden.customers FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.customers FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.customers FOR ALL TO PUBLIC USING ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))) WITH CHECK ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id)));

GRANT SELECT ON TABLE tenant_golden.customers TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.customers TO bss_app;

CREATE TRIGGER archive_on_delete BEFORE DELETE ON tenant_golden.customers FOR EACH ROW EXECUTE FUNCTION bss_internal.archive_row();

CREATE TRIGGER archive_what_refers_to_it AFTER UPDATE ON tenant_golden.customers FOR EACH ROW WHEN ((new.is_archived AND (NOT old.is_archived))) EXECUTE FUNCTION bss_internal.archive_referring_rows();

SELECT bss_internal.provide_capture('c_3507b3a2d221cbee19d28aa8fa9f4a36', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''business_store.data.customers.deleted'',
        ''customers'', pg_catalog.to_jsonb(o.customer_id),
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

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.customers REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_3507b3a2d221cbee19d28aa8fa9f4a36();

SELECT bss_internal.provide_capture('c_a7bccad457088ba7340d142cf2d5fb07', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        n.tenant_id, ''business_store.data.customers.created'',
        ''customers'', pg_catalog.to_jsonb(n.customer_id),
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

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.customers REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_a7bccad457088ba7340d142cf2d5fb07();

SELECT bss_internal.provide_capture('c_41c770c0d0f74d6ad0cc3e9963e8106a', '
begin
    -- row-level security shows all rows to an operator, and none to anyone else
    perform bss_internal.require_operator();
    perform pg_catalog.pg_current_xact_id();
    execute pg_catalog.concat(''insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''''business_store.data.customers.deleted'''',
        ''''customers'''', pg_catalog.to_jsonb(o.customer_id),
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

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.customers FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_41c770c0d0f74d6ad0cc3e9963e8106a();

SELECT bss_internal.provide_capture('c_dc190f21c0e8d574a8c3cf591988008d', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        coalesce(n.tenant_id, o.tenant_id), case
            when o.tenant_id is null then ''business_store.data.customers.created''
            when n.tenant_id is null then ''business_store.data.customers.deleted''
            else ''business_store.data.customers.updated''
        end,
        ''customers'', coalesce(pg_catalog.to_jsonb(n.customer_id), pg_catalog.to_jsonb(o.customer_id)),
        null
    from old_rows as o
    full join new_rows as n on n.customer_id operator(pg_catalog.=) o.customer_id
    where pg_catalog.record_image_ne(
        row(o.tenant_id, o.customer_id, o.email, o.first, o.last, o.created_at, o.is_archived, o.archived_at),
        row(n.tenant_id, n.customer_id, n.email, n.first, n.last, n.created_at, n.is_archived, n.archived_at)
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

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.customers REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_dc190f21c0e8d574a8c3cf591988008d();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.customers FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden.orders FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.orders FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.orders FOR ALL TO PUBLIC USING ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))) WITH CHECK ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id)));

GRANT SELECT ON TABLE tenant_golden.orders TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.orders TO bss_app;

CREATE TRIGGER archive_on_delete BEFORE DELETE ON tenant_golden.orders FOR EACH ROW EXECUTE FUNCTION bss_internal.archive_row();

CREATE TRIGGER archive_what_refers_to_it AFTER UPDATE ON tenant_golden.orders FOR EACH ROW WHEN ((new.is_archived AND (NOT old.is_archived))) EXECUTE FUNCTION bss_internal.archive_referring_rows();

SELECT bss_internal.provide_capture('c_82963acbf1ca638968eee46854d55465', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''business_store.data.orders.deleted'',
        ''orders'', pg_catalog.to_jsonb(o.order_id),
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

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.orders REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_82963acbf1ca638968eee46854d55465();

SELECT bss_internal.provide_capture('c_5580f6fa8d6a5f1379081d90c034b643', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        n.tenant_id, ''business_store.data.orders.created'',
        ''orders'', pg_catalog.to_jsonb(n.order_id),
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

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.orders REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_5580f6fa8d6a5f1379081d90c034b643();

SELECT bss_internal.provide_capture('c_414d6f7f91df7e07a11821efea483543', '
begin
    -- row-level security shows all rows to an operator, and none to anyone else
    perform bss_internal.require_operator();
    perform pg_catalog.pg_current_xact_id();
    execute pg_catalog.concat(''insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''''business_store.data.orders.deleted'''',
        ''''orders'''', pg_catalog.to_jsonb(o.order_id),
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

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.orders FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_414d6f7f91df7e07a11821efea483543();

SELECT bss_internal.provide_capture('c_42157c4c2633e5f0a14bfcc261db4071', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        coalesce(n.tenant_id, o.tenant_id), case
            when o.tenant_id is null then ''business_store.data.orders.created''
            when n.tenant_id is null then ''business_store.data.orders.deleted''
            else ''business_store.data.orders.updated''
        end,
        ''orders'', coalesce(pg_catalog.to_jsonb(n.order_id), pg_catalog.to_jsonb(o.order_id)),
        null
    from old_rows as o
    full join new_rows as n on n.order_id operator(pg_catalog.=) o.order_id
    where pg_catalog.record_image_ne(
        row(o.tenant_id, o.order_id, o.customer_id, o.created_at, o.is_archived, o.archived_at),
        row(n.tenant_id, n.order_id, n.customer_id, n.created_at, n.is_archived, n.archived_at)
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

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.orders REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_42157c4c2633e5f0a14bfcc261db4071();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.orders FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden.notes FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.notes FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.notes FOR ALL TO PUBLIC USING ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))) WITH CHECK ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id)));

GRANT SELECT ON TABLE tenant_golden.notes TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.notes TO bss_app;

SELECT bss_internal.provide_capture('c_09fde964a3270ddabfdcf753223aac2b', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''business_store.data.notes.deleted'',
        ''notes'', pg_catalog.to_jsonb(o.note_id),
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

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.notes REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_09fde964a3270ddabfdcf753223aac2b();

SELECT bss_internal.provide_capture('c_3292f4ddd97cfe624ea156a6d8e6bf5e', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        n.tenant_id, ''business_store.data.notes.created'',
        ''notes'', pg_catalog.to_jsonb(n.note_id),
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

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.notes REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_3292f4ddd97cfe624ea156a6d8e6bf5e();

SELECT bss_internal.provide_capture('c_16e81d3d1842698d91acbc57c72705cd', '
begin
    -- row-level security shows all rows to an operator, and none to anyone else
    perform bss_internal.require_operator();
    perform pg_catalog.pg_current_xact_id();
    execute pg_catalog.concat(''insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''''business_store.data.notes.deleted'''',
        ''''notes'''', pg_catalog.to_jsonb(o.note_id),
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

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.notes FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_16e81d3d1842698d91acbc57c72705cd();

SELECT bss_internal.provide_capture('c_ca3cdfeee4dc7ba88771cb905c616cf9', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        coalesce(n.tenant_id, o.tenant_id), case
            when o.tenant_id is null then ''business_store.data.notes.created''
            when n.tenant_id is null then ''business_store.data.notes.deleted''
            else ''business_store.data.notes.updated''
        end,
        ''notes'', coalesce(pg_catalog.to_jsonb(n.note_id), pg_catalog.to_jsonb(o.note_id)),
        null
    from old_rows as o
    full join new_rows as n on n.note_id operator(pg_catalog.=) o.note_id
    where pg_catalog.record_image_ne(
        row(o.tenant_id, o.note_id, o.order_id, o.created_at),
        row(n.tenant_id, n.note_id, n.order_id, n.created_at)
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

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.notes REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_ca3cdfeee4dc7ba88771cb905c616cf9();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.notes FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
