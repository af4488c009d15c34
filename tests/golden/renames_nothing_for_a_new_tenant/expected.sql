CREATE TABLE tenant_golden.items (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    item_id uuid DEFAULT gen_random_uuid() NOT NULL,
    b text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT items_pkey PRIMARY KEY (item_id),
    CONSTRAINT items_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.items ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY analytics_read ON tenant_golden.items FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.items FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.items FOR ALL TO PUBLIC USING ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))) WITH CHECK ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id)));

GRANT SELECT ON TABLE tenant_golden.items TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.items TO bss_app;

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.items FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
