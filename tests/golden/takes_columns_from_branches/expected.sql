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

CREATE POLICY tenant_isolation ON tenant_golden.shapes FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.shapes TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.shapes TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.shapes TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.shapes TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.shapes REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_790127a0b84ea88d2c1581d039d621d5();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.shapes REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_36ac9ccbea3eb6c193061d499d3bffd5();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.shapes FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_1c084987164e5b5798a66f2fb7c48ea7();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.shapes REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_aa75a55e385bff7a87ce11bac9feeb82();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.shapes FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden.owners FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.owners FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.owners FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.owners TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.owners TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.owners TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.owners TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.owners REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_e4ce13dcc01711b609125d254fd39a37();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.owners REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_53a943efe5c83715f2fbd80f03214abf();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.owners FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_3d9f8c5ea1075592bdf91e393054d31e();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.owners REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_1386d459bfedea938899f6d710ab7be4();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.owners FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
