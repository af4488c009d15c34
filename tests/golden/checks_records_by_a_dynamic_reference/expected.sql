CREATE FUNCTION bss_checks.v_5ef7bfc13102f0a1edf8748e578b4e6c(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return (bss_checks.v_7ad9b283516d87118a38e11c6efed676(v) IS TRUE);
end';

CREATE FUNCTION bss_checks.v_7ad9b283516d87118a38e11c6efed676(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return ((v OPERATOR(pg_catalog.@@) ''strict (!($.type() == "object") || exists ($.*))''::pg_catalog.jsonpath) IS TRUE)
        and not exists (select from pg_catalog.jsonb_each(case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''object''::pg_catalog.text) then v else ''{}''::pg_catalog.jsonb end) as m where not bss_checks.v_5ef7bfc13102f0a1edf8748e578b4e6c(m.value));
end';

CREATE TABLE tenant_golden.nodes (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    node_id uuid DEFAULT gen_random_uuid() NOT NULL,
    label text,
    colour text,
    data jsonb NOT NULL,
    extra bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT nodes_any_of_check CHECK (((((label IS NULL) OR (char_length(label) >= 5)) AND (bss_checks.v_7ad9b283516d87118a38e11c6efed676(data) IS TRUE)) OR (num_nonnulls(node_id, label, colour, data, extra) < 3))),
    CONSTRAINT nodes_colour_dynamic_ref_check CHECK (((colour IS NULL) OR (colour = ANY (ARRAY['red'::text, 'green'::text])))),
    CONSTRAINT nodes_data_value_check CHECK (((data IS NULL) OR ((data @@ 'strict ($.type() == "object")'::jsonpath) IS TRUE))),
    CONSTRAINT nodes_pkey PRIMARY KEY (node_id),
    CONSTRAINT nodes_ref_check CHECK (((label IS NULL) OR (NOT (char_length(label) >= 5)))),
    CONSTRAINT nodes_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.nodes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY analytics_read ON tenant_golden.nodes FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.nodes FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.nodes FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.nodes TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.nodes TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.nodes TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.nodes TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.nodes REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_3bde603296c80f8323baebe7fdc0557b();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.nodes REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_2196c986a43999c2eeb186932553a451();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.nodes FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_3b21b36fb00750a36f3409d9c5d2bcb7();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.nodes REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_facc7d7fd72a7de8faff32080c776843();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.nodes FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
