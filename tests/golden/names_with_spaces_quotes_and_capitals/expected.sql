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

CREATE POLICY tenant_isolation ON tenant_golden."tenant's_""big""_orders" FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden."tenant's_""big""_orders" TO bss_admin;

GRANT SELECT ON TABLE tenant_golden."tenant's_""big""_orders" TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden."tenant's_""big""_orders" TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden."tenant's_""big""_orders" TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden."tenant's_""big""_orders" REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_53d34592414875f8aaab566a6a8d1443();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden."tenant's_""big""_orders" REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_ae44796116253dcaa52640d2abaca234();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden."tenant's_""big""_orders" FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_1ba33ae19ac4c857b11542da013a4a24();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden."tenant's_""big""_orders" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_04bbd0911c357505f8851aacf59c3a32();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden."tenant's_""big""_orders" FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
