CREATE TABLE tenant_golden."tenant's_""big""_orders" (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    order_id bigint NOT NULL,
    "it's" text NOT NULL,
    "say_""hi""" text DEFAULT '"'::text,
    upper text,
    camel_case bigint,
    "HTTPServer" text,
    "back\slash" text,
    "100%" numeric,
    "%1$i" text,
    "semi;colon" jsonb,
    a_b boolean,
    "$dollar$" text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT "tenant's_""big""_orders_$dollar$_enum_check" CHECK (("$dollar$" = ANY (ARRAY['$$'::text]))),
    CONSTRAINT "tenant's_""big""_orders_%1$i_100%_key" UNIQUE ("%1$i", "100%"),
    CONSTRAINT "tenant's_""big""_orders_%1$i_const_check" CHECK (("%1$i" = '%2$L'::text)),
    CONSTRAINT "tenant's_""big""_orders_100%_maximum_check" CHECK (("100%" <= '100'::numeric)),
    CONSTRAINT "tenant's_""big""_orders_a_b_const_check" CHECK ((a_b = true)),
    CONSTRAINT "tenant's_""big""_orders_back\slash_pattern_check" CHECK (("back\slash" ~ '\\'::text)),
    CONSTRAINT "tenant's_""big""_orders_it's_max_length_check" CHECK ((char_length("it's") <= 3)),
    CONSTRAINT "tenant's_""big""_orders_order_id_minimum_check" CHECK ((order_id >= '1'::bigint)),
    CONSTRAINT "tenant's_""big""_orders_pkey" PRIMARY KEY (order_id, "it's"),
    CONSTRAINT "tenant's_""big""_orders_say_""hi""_enum_check" CHECK (("say_""hi""" = ANY (ARRAY['"'::text, ''''::text]))),
    CONSTRAINT "tenant's_""big""_orders_semi;colon_value_check" CHECK ((("semi;colon" IS NULL) OR ((("semi;colon" @@ 'strict ($.type() == "object")'::jsonpath) IS TRUE) AND (("semi;colon" @@ '!($."x;y".type() != "string")'::jsonpath) IS TRUE)))),
    CONSTRAINT "tenant's_""big""_orders_tenant_id_check" CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden."tenant's_""big""_orders" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE tenant_golden."tenant's_""big""_orders" IS 'It''s 100% "quoted" %1$I \';

COMMENT ON COLUMN tenant_golden."tenant's_""big""_orders"."100%" IS '100% of it''s \ %1$I';

CREATE INDEX "tenant's_""big""_orders_HTTPServer_idx" ON tenant_golden."tenant's_""big""_orders" USING btree ("HTTPServer");

CREATE INDEX "tenant's_""big""_orders_say_""hi""_upper_idx" ON tenant_golden."tenant's_""big""_orders" USING btree ("say_""hi""", upper);

CREATE POLICY analytics_read ON tenant_golden."tenant's_""big""_orders" FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden."tenant's_""big""_orders" FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden."tenant's_""big""_orders" FOR ALL TO PUBLIC USING ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))) WITH CHECK ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id)));

GRANT SELECT ON TABLE tenant_golden."tenant's_""big""_orders" TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden."tenant's_""big""_orders" TO bss_app;

SELECT bss_internal.provide_capture('c_53d34592414875f8aaab566a6a8d1443', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''business_store.data.tenant''''s_"big"_orders.deleted'',
        ''tenant''''s_"big"_orders'', case when o.order_id is not null then pg_catalog.jsonb_build_object(''Order ID'', o.order_id, ''it''''s'', o."it''s") end,
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

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden."tenant's_""big""_orders" REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_53d34592414875f8aaab566a6a8d1443();

SELECT bss_internal.provide_capture('c_ae44796116253dcaa52640d2abaca234', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        n.tenant_id, ''business_store.data.tenant''''s_"big"_orders.created'',
        ''tenant''''s_"big"_orders'', case when n.order_id is not null then pg_catalog.jsonb_build_object(''Order ID'', n.order_id, ''it''''s'', n."it''s") end,
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

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden."tenant's_""big""_orders" REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_ae44796116253dcaa52640d2abaca234();

SELECT bss_internal.provide_capture('c_1ba33ae19ac4c857b11542da013a4a24', '
begin
    -- row-level security shows all rows to an operator, and none to anyone else
    perform bss_internal.require_operator();
    perform pg_catalog.pg_current_xact_id();
    execute pg_catalog.concat(''insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''''business_store.data.tenant''''''''s_"big"_orders.deleted'''',
        ''''tenant''''''''s_"big"_orders'''', case when o.order_id is not null then pg_catalog.jsonb_build_object(''''Order ID'''', o.order_id, ''''it''''''''s'''', o."it''''s") end,
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

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden."tenant's_""big""_orders" FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_1ba33ae19ac4c857b11542da013a4a24();

SELECT bss_internal.provide_capture('c_7c96b9fc0190cdbef3bfba5f55f66f43', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        coalesce(n.tenant_id, o.tenant_id), case
            when o.tenant_id is null then ''business_store.data.tenant''''s_"big"_orders.created''
            when n.tenant_id is null then ''business_store.data.tenant''''s_"big"_orders.deleted''
            else ''business_store.data.tenant''''s_"big"_orders.updated''
        end,
        ''tenant''''s_"big"_orders'', coalesce(case when n.order_id is not null then pg_catalog.jsonb_build_object(''Order ID'', n.order_id, ''it''''s'', n."it''s") end, case when o.order_id is not null then pg_catalog.jsonb_build_object(''Order ID'', o.order_id, ''it''''s'', o."it''s") end),
        null
    from old_rows as o
    full join new_rows as n on n.order_id operator(pg_catalog.=) o.order_id and n."it''s" operator(pg_catalog.=) o."it''s"
    where pg_catalog.record_image_ne(
        row(o.tenant_id, o.order_id, o."it''s", o."say_""hi""", o.upper, o.camel_case, o."HTTPServer", o."back\slash", o."100%", o."%1$i", o."semi;colon", o.a_b, o."$dollar$", o.created_at),
        row(n.tenant_id, n.order_id, n."it''s", n."say_""hi""", n.upper, n.camel_case, n."HTTPServer", n."back\slash", n."100%", n."%1$i", n."semi;colon", n.a_b, n."$dollar$", n.created_at)
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

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden."tenant's_""big""_orders" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_7c96b9fc0190cdbef3bfba5f55f66f43();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden."tenant's_""big""_orders" FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
