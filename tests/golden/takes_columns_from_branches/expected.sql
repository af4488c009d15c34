CREATE TABLE tenant_golden.shapes (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    shape_id uuid DEFAULT gen_random_uuid() NOT NULL,
    kind text NOT NULL,
    radius numeric,
    label jsonb,
    side bigint,
    owner_id uuid,
    at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT shapes_one_of_check CHECK (((((((kind = 'circle'::text) AND (radius IS NOT NULL) AND (radius > '0'::numeric) AND ((label IS NULL) OR ((((label @@ 'strict ($.type() == "string")'::jsonpath) IS TRUE) AND (char_length((label #>> '{}'::text[])) <= 10)) IS TRUE))))::integer + (((kind = 'square'::text) AND (side IS NOT NULL) AND (side >= '1'::bigint) AND ((label IS NULL) OR ((label @@ 'strict ($ % 1 == 0)'::jsonpath) IS TRUE))))::integer) + ((kind = 'note'::text))::integer) = 1)),
    CONSTRAINT shapes_pkey PRIMARY KEY (shape_id),
    CONSTRAINT shapes_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)),
    CONSTRAINT shapes_unevaluated_properties_check CHECK (((((kind = 'circle'::text) AND (radius IS NOT NULL) AND (radius > '0'::numeric) AND ((label IS NULL) OR ((((label @@ 'strict ($.type() == "string")'::jsonpath) IS TRUE) AND (char_length((label #>> '{}'::text[])) <= 10)) IS TRUE))) OR (radius IS NULL)) AND (((kind = 'circle'::text) AND (radius IS NOT NULL) AND (radius > '0'::numeric) AND ((label IS NULL) OR ((((label @@ 'strict ($.type() == "string")'::jsonpath) IS TRUE) AND (char_length((label #>> '{}'::text[])) <= 10)) IS TRUE))) OR ((kind = 'square'::text) AND (side IS NOT NULL) AND (side >= '1'::bigint) AND ((label IS NULL) OR ((label @@ 'strict ($ % 1 == 0)'::jsonpath) IS TRUE))) OR (label IS NULL)) AND (((kind = 'square'::text) AND (side IS NOT NULL) AND (side >= '1'::bigint) AND ((label IS NULL) OR ((label @@ 'strict ($ % 1 == 0)'::jsonpath) IS TRUE))) OR (side IS NULL)) AND ((kind = 'note'::text) OR (owner_id IS NULL)) AND ((kind = 'note'::text) OR (at IS NULL))))
);

ALTER TABLE tenant_golden.shapes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.owners (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    owner_id uuid DEFAULT gen_random_uuid() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT owners_pkey PRIMARY KEY (owner_id),
    CONSTRAINT owners_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.owners ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE INDEX shapes_owner_id_idx ON tenant_golden.shapes USING btree (owner_id);

ALTER TABLE tenant_golden.shapes ADD CONSTRAINT shapes_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES tenant_golden.owners(owner_id);

CREATE POLICY analytics_read ON tenant_golden.shapes FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.shapes FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.shapes FOR ALL TO PUBLIC USING ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))) WITH CHECK ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.shapes TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.shapes TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.shapes TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.shapes TO bss_tenant;

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.shapes FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden.owners FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.owners FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.owners FOR ALL TO PUBLIC USING ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))) WITH CHECK ((tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.owners TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.owners TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.owners TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.owners TO bss_tenant;

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.owners FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
