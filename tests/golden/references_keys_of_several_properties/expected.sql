CREATE TABLE tenant_golden.orders (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    branch text NOT NULL,
    order_no bigint NOT NULL,
    code text,
    region text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT orders_pkey PRIMARY KEY (branch, order_no),
    CONSTRAINT orders_region_code_key UNIQUE (region, code),
    CONSTRAINT orders_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.orders ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.lines (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    line_id uuid DEFAULT gen_random_uuid() NOT NULL,
    branch text NOT NULL,
    order_no bigint NOT NULL,
    region text,
    order_code text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT lines_pkey PRIMARY KEY (line_id),
    CONSTRAINT lines_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.lines ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.notes (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    order_no bigint NOT NULL,
    branch text NOT NULL,
    n bigint NOT NULL,
    text text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT notes_pkey PRIMARY KEY (branch, order_no, n),
    CONSTRAINT notes_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE INDEX lines_branch_order_no_idx ON tenant_golden.lines USING btree (branch, order_no);

CREATE INDEX lines_order_code_region_idx ON tenant_golden.lines USING btree (order_code, region);

ALTER TABLE tenant_golden.lines ADD CONSTRAINT lines_branch_order_no_fkey FOREIGN KEY (branch, order_no) REFERENCES tenant_golden.orders(branch, order_no) ON DELETE CASCADE;

ALTER TABLE tenant_golden.lines ADD CONSTRAINT lines_order_code_region_fkey FOREIGN KEY (order_code, region) REFERENCES tenant_golden.orders(code, region) ON DELETE SET NULL;

ALTER TABLE tenant_golden.notes ADD CONSTRAINT notes_branch_order_no_fkey FOREIGN KEY (branch, order_no) REFERENCES tenant_golden.orders(branch, order_no) ON DELETE RESTRICT;

CREATE POLICY analytics_read ON tenant_golden.orders FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.orders FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.orders FOR ALL TO PUBLIC USING ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))) WITH CHECK ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id)));

GRANT SELECT ON TABLE tenant_golden.orders TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.orders TO bss_app;

SELECT bss_internal.provide_capture('c_a2915a0a9831d9a9de8056d86c4a98d2', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''business_store.data.orders.deleted'',
        ''orders'', case when o.branch is not null then pg_catalog.jsonb_build_object(''branch'', o.branch, ''order_no'', o.order_no) end,
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

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.orders REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_a2915a0a9831d9a9de8056d86c4a98d2();

SELECT bss_internal.provide_capture('c_ffcbd6df155a729da387adc96fe1d0aa', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        n.tenant_id, ''business_store.data.orders.created'',
        ''orders'', case when n.branch is not null then pg_catalog.jsonb_build_object(''branch'', n.branch, ''order_no'', n.order_no) end,
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

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.orders REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_ffcbd6df155a729da387adc96fe1d0aa();

SELECT bss_internal.provide_capture('c_dd247efb75e0807c164471071d4e885d', '
begin
    -- row-level security shows all rows to an operator, and none to anyone else
    perform bss_internal.require_operator();
    perform pg_catalog.pg_current_xact_id();
    execute pg_catalog.concat(''insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''''business_store.data.orders.deleted'''',
        ''''orders'''', case when o.branch is not null then pg_catalog.jsonb_build_object(''''branch'''', o.branch, ''''order_no'''', o.order_no) end,
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

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.orders FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_dd247efb75e0807c164471071d4e885d();

SELECT bss_internal.provide_capture('c_24825f9425a49ae40117289e43577fac', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        coalesce(n.tenant_id, o.tenant_id), case
            when o.tenant_id is null then ''business_store.data.orders.created''
            when n.tenant_id is null then ''business_store.data.orders.deleted''
            else ''business_store.data.orders.updated''
        end,
        ''orders'', coalesce(case when n.branch is not null then pg_catalog.jsonb_build_object(''branch'', n.branch, ''order_no'', n.order_no) end, case when o.branch is not null then pg_catalog.jsonb_build_object(''branch'', o.branch, ''order_no'', o.order_no) end),
        null
    from old_rows as o
    full join new_rows as n on n.branch operator(pg_catalog.=) o.branch and n.order_no operator(pg_catalog.=) o.order_no
    where pg_catalog.record_image_ne(
        row(o.tenant_id, o.branch, o.order_no, o.code, o.region, o.created_at),
        row(n.tenant_id, n.branch, n.order_no, n.code, n.region, n.created_at)
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

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.orders REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_24825f9425a49ae40117289e43577fac();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.orders FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden.lines FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.lines FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.lines FOR ALL TO PUBLIC USING ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))) WITH CHECK ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id)));

GRANT SELECT ON TABLE tenant_golden.lines TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.lines TO bss_app;

SELECT bss_internal.provide_capture('c_30235894a7be17c068b05cf83654afc5', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''business_store.data.lines.deleted'',
        ''lines'', pg_catalog.to_jsonb(o.line_id),
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

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.lines REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_30235894a7be17c068b05cf83654afc5();

SELECT bss_internal.provide_capture('c_554c213a437c47816ecf58cce5df56d1', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        n.tenant_id, ''business_store.data.lines.created'',
        ''lines'', pg_catalog.to_jsonb(n.line_id),
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

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.lines REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_554c213a437c47816ecf58cce5df56d1();

SELECT bss_internal.provide_capture('c_499aa8c5d08d1d182bceb672fa9355dc', '
begin
    -- row-level security shows all rows to an operator, and none to anyone else
    perform bss_internal.require_operator();
    perform pg_catalog.pg_current_xact_id();
    execute pg_catalog.concat(''insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''''business_store.data.lines.deleted'''',
        ''''lines'''', pg_catalog.to_jsonb(o.line_id),
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

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.lines FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_499aa8c5d08d1d182bceb672fa9355dc();

SELECT bss_internal.provide_capture('c_d8ffa512b914ef11d73f32fc388da849', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        coalesce(n.tenant_id, o.tenant_id), case
            when o.tenant_id is null then ''business_store.data.lines.created''
            when n.tenant_id is null then ''business_store.data.lines.deleted''
            else ''business_store.data.lines.updated''
        end,
        ''lines'', coalesce(pg_catalog.to_jsonb(n.line_id), pg_catalog.to_jsonb(o.line_id)),
        null
    from old_rows as o
    full join new_rows as n on n.line_id operator(pg_catalog.=) o.line_id
    where pg_catalog.record_image_ne(
        row(o.tenant_id, o.line_id, o.branch, o.order_no, o.region, o.order_code, o.created_at),
        row(n.tenant_id, n.line_id, n.branch, n.order_no, n.region, n.order_code, n.created_at)
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

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.lines REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_d8ffa512b914ef11d73f32fc388da849();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.lines FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden.notes FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.notes FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.notes FOR ALL TO PUBLIC USING ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))) WITH CHECK ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id)));

GRANT SELECT ON TABLE tenant_golden.notes TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.notes TO bss_app;

SELECT bss_internal.provide_capture('c_fe60c8d3d9ee33e98bd160f0b050da7a', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''business_store.data.notes.deleted'',
        ''notes'', case when o.branch is not null then pg_catalog.jsonb_build_object(''branch'', o.branch, ''order_no'', o.order_no, ''n'', o.n) end,
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

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.notes REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_fe60c8d3d9ee33e98bd160f0b050da7a();

SELECT bss_internal.provide_capture('c_2bdc5ea2a482d33779591a01a33b4389', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        n.tenant_id, ''business_store.data.notes.created'',
        ''notes'', case when n.branch is not null then pg_catalog.jsonb_build_object(''branch'', n.branch, ''order_no'', n.order_no, ''n'', n.n) end,
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

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.notes REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_2bdc5ea2a482d33779591a01a33b4389();

SELECT bss_internal.provide_capture('c_ddad93ead3981d6bfc337eaa4dca747c', '
begin
    -- row-level security shows all rows to an operator, and none to anyone else
    perform bss_internal.require_operator();
    perform pg_catalog.pg_current_xact_id();
    execute pg_catalog.concat(''insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''''business_store.data.notes.deleted'''',
        ''''notes'''', case when o.branch is not null then pg_catalog.jsonb_build_object(''''branch'''', o.branch, ''''order_no'''', o.order_no, ''''n'''', o.n) end,
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

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.notes FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_ddad93ead3981d6bfc337eaa4dca747c();

SELECT bss_internal.provide_capture('c_33889ae53a6f495946e5c98aca14c4e5', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        coalesce(n.tenant_id, o.tenant_id), case
            when o.tenant_id is null then ''business_store.data.notes.created''
            when n.tenant_id is null then ''business_store.data.notes.deleted''
            else ''business_store.data.notes.updated''
        end,
        ''notes'', coalesce(case when n.branch is not null then pg_catalog.jsonb_build_object(''branch'', n.branch, ''order_no'', n.order_no, ''n'', n.n) end, case when o.branch is not null then pg_catalog.jsonb_build_object(''branch'', o.branch, ''order_no'', o.order_no, ''n'', o.n) end),
        null
    from old_rows as o
    full join new_rows as n on n.branch operator(pg_catalog.=) o.branch and n.order_no operator(pg_catalog.=) o.order_no and n.n operator(pg_catalog.=) o.n
    where pg_catalog.record_image_ne(
        row(o.tenant_id, o.order_no, o.branch, o.n, o.text, o.created_at),
        row(n.tenant_id, n.order_no, n.branch, n.n, n.text, n.created_at)
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

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.notes REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_33889ae53a6f495946e5c98aca14c4e5();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.notes FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
