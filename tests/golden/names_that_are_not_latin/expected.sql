CREATE TABLE tenant_golden."khách_hàng" (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    "tên_đầy_đủ" text NOT NULL,
    "số_điện_thoại" text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT "khách_hàng_pkey" PRIMARY KEY (id),
    CONSTRAINT "khách_hàng_số_điện_thoại_pattern_check" CHECK (("số_điện_thoại" ~ '^\+84[0-9]{9}$'::text)),
    CONSTRAINT "khách_hàng_tenant_id_check" CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)),
    CONSTRAINT "khách_hàng_tên_đầy_đủ_min_length_check" CHECK ((char_length("tên_đầy_đủ") >= 1))
);

ALTER TABLE tenant_golden."khách_hàng" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE tenant_golden."khách_hàng" IS 'Khách hàng của cửa hàng';

CREATE TABLE tenant_golden."счёт" (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    id bigint NOT NULL,
    "сумма" numeric,
    "клиент_id" uuid,
    "статус" text DEFAULT 'новый'::text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT "счёт_pkey" PRIMARY KEY (id),
    CONSTRAINT "счёт_tenant_id_check" CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)),
    CONSTRAINT "счёт_статус_enum_check" CHECK (("статус" = ANY (ARRAY['новый'::text, 'оплачен'::text]))),
    CONSTRAINT "счёт_сумма_minimum_check" CHECK (("сумма" >= '0'::numeric))
);

ALTER TABLE tenant_golden."счёт" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden."注文" (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    "数量" bigint,
    "商品" jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT "注文_pkey" PRIMARY KEY (id),
    CONSTRAINT "注文_tenant_id_check" CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)),
    CONSTRAINT "注文_商品_value_check" CHECK ((("商品" IS NULL) OR (("商品" @@ 'strict ($."名前".type() == "string")'::jsonpath) IS TRUE))),
    CONSTRAINT "注文_数量_minimum_check" CHECK (("数量" >= '1'::bigint))
);

ALTER TABLE tenant_golden."注文" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE INDEX "счёт_клиент_id_idx" ON tenant_golden."счёт" USING btree ("клиент_id");

ALTER TABLE tenant_golden."счёт" ADD CONSTRAINT "счёт_клиент_id_fkey" FOREIGN KEY ("клиент_id") REFERENCES tenant_golden."khách_hàng"(id);

CREATE POLICY analytics_read ON tenant_golden."khách_hàng" FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden."khách_hàng" FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden."khách_hàng" FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden."khách_hàng" TO bss_admin;

GRANT SELECT ON TABLE tenant_golden."khách_hàng" TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden."khách_hàng" TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden."khách_hàng" TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden."khách_hàng" REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_d07fa4e4f80c6dc0996547669e725496();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden."khách_hàng" REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_d705215c70aafcd38bc476d3a7f6c2b7();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden."khách_hàng" FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_11a983f99c891aad4ea9b02fb655783e();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden."khách_hàng" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_ba7c5856682db19ad81be058519f47ec();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden."khách_hàng" FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden."счёт" FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden."счёт" FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden."счёт" FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden."счёт" TO bss_admin;

GRANT SELECT ON TABLE tenant_golden."счёт" TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden."счёт" TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden."счёт" TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden."счёт" REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_ef3eeeada0a90a0d0473aac67f24a3a7();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden."счёт" REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_4f9d26d000bdf058a69493635a4c88ef();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden."счёт" FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_7f4ba968210a6ec905553963a6aba8af();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden."счёт" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_4ef74b97764cefb1295ce57b876b8826();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden."счёт" FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden."注文" FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden."注文" FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden."注文" FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden."注文" TO bss_admin;

GRANT SELECT ON TABLE tenant_golden."注文" TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden."注文" TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden."注文" TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden."注文" REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_984c31adb37e6d1334adba268653ce27();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden."注文" REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_370129c44a00f217f279ac537bd6fdc6();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden."注文" FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_0c1a660941a832628a81d907ef8dee5d();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden."注文" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_e91b156ea38d1cb80156991769dd2981();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden."注文" FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
