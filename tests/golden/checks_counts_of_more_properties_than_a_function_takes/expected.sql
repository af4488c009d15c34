CREATE TABLE tenant_golden.items (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    item_id uuid DEFAULT gen_random_uuid() NOT NULL,
    c0 bigint,
    c1 bigint,
    c2 bigint,
    c3 bigint,
    c4 bigint,
    c5 bigint,
    c6 bigint,
    c7 bigint,
    c8 bigint,
    c9 bigint,
    c10 bigint,
    c11 bigint,
    c12 bigint,
    c13 bigint,
    c14 bigint,
    c15 bigint,
    c16 bigint,
    c17 bigint,
    c18 bigint,
    c19 bigint,
    c20 bigint,
    c21 bigint,
    c22 bigint,
    c23 bigint,
    c24 bigint,
    c25 bigint,
    c26 bigint,
    c27 bigint,
    c28 bigint,
    c29 bigint,
    c30 bigint,
    c31 bigint,
    c32 bigint,
    c33 bigint,
    c34 bigint,
    c35 bigint,
    c36 bigint,
    c37 bigint,
    c38 bigint,
    c39 bigint,
    c40 bigint,
    c41 bigint,
    c42 bigint,
    c43 bigint,
    c44 bigint,
    c45 bigint,
    c46 bigint,
    c47 bigint,
    c48 bigint,
    c49 bigint,
    c50 bigint,
    c51 bigint,
    c52 bigint,
    c53 bigint,
    c54 bigint,
    c55 bigint,
    c56 bigint,
    c57 bigint,
    c58 bigint,
    c59 bigint,
    c60 bigint,
    c61 bigint,
    c62 bigint,
    c63 bigint,
    c64 bigint,
    c65 bigint,
    c66 bigint,
    c67 bigint,
    c68 bigint,
    c69 bigint,
    c70 bigint,
    c71 bigint,
    c72 bigint,
    c73 bigint,
    c74 bigint,
    c75 bigint,
    c76 bigint,
    c77 bigint,
    c78 bigint,
    c79 bigint,
    c80 bigint,
    c81 bigint,
    c82 bigint,
    c83 bigint,
    c84 bigint,
    c85 bigint,
    c86 bigint,
    c87 bigint,
    c88 bigint,
    c89 bigint,
    c90 bigint,
    c91 bigint,
    c92 bigint,
    c93 bigint,
    c94 bigint,
    c95 bigint,
    c96 bigint,
    c97 bigint,
    c98 bigint,
    c99 bigint,
    c100 bigint,
    c101 bigint,
    c102 bigint,
    c103 bigint,
    c104 bigint,
    c105 bigint,
    c106 bigint,
    c107 bigint,
    c108 bigint,
    c109 bigint,
    c110 bigint,
    c111 bigint,
    c112 bigint,
    c113 bigint,
    c114 bigint,
    c115 bigint,
    c116 bigint,
    c117 bigint,
    c118 bigint,
    c119 bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT items_min_properties_check CHECK (((num_nonnulls(item_id, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, c21, c22, c23, c24, c25, c26, c27, c28, c29, c30, c31, c32, c33, c34, c35, c36, c37, c38, c39, c40, c41, c42, c43, c44, c45, c46, c47, c48, c49, c50, c51, c52, c53, c54, c55, c56, c57, c58, c59, c60, c61, c62, c63, c64, c65, c66, c67, c68, c69, c70, c71, c72, c73, c74, c75, c76, c77, c78, c79, c80, c81, c82, c83, c84, c85, c86, c87, c88, c89, c90, c91, c92, c93, c94, c95, c96, c97, c98) + num_nonnulls(c99, c100, c101, c102, c103, c104, c105, c106, c107, c108, c109, c110, c111, c112, c113, c114, c115, c116, c117, c118, c119)) >= 3)),
    CONSTRAINT items_pkey PRIMARY KEY (item_id),
    CONSTRAINT items_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.items ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY analytics_read ON tenant_golden.items FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.items FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.items FOR ALL TO PUBLIC USING ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))) WITH CHECK ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.items TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.items TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.items TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.items TO bss_tenant;

SELECT bss_internal.provide_capture('c_8e5010b117d148bcd8c5b6033c1fc814', …);
CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_8e5010b117d148bcd8c5b6033c1fc814();

SELECT bss_internal.provide_capture('c_dd51989c993b99df5f5d0281b9591d59', …);
CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.items REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_dd51989c993b99df5f5d0281b9591d59();

SELECT bss_internal.provide_capture('c_0e12b188d7930cabce1a73c928349f57', …);
CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.items FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_0e12b188d7930cabce1a73c928349f57();

SELECT bss_internal.provide_capture('c_45921c57264675aa0d6986c34f68eed2', …);
CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_45921c57264675aa0d6986c34f68eed2();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.items FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
