CREATE TABLE tenant_golden.presets (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    preset_id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    size bigint,
    price numeric,
    options jsonb,
    tags text[],
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT presets_enum_check CHECK ((((size IS NOT NULL) AND (name = 'small'::text) AND (size = '1'::bigint) AND (price IS NULL) AND (options IS NULL) AND (tags IS NULL)) OR ((size IS NOT NULL) AND (options IS NOT NULL) AND (name = 'large'::text) AND (size = '2'::bigint) AND (price IS NULL) AND ((options @@ 'strict (($.type() == "object" && !(exists ($.keyvalue()."key"?(!(@ == "a"))))) && exists ($?((@."a".type() == "array" && @."a".size() == 2) && ((@."a"[0].type() == "number" && @."a"[0] == 1) && ((@."a"[1].type() == "object" && !(exists (@."a"[1].keyvalue()."key"?(!(@ == "b"))))) && exists (@."a"[1]?(@."b".type() == "null" && @."b" == null)))))))'::jsonpath) IS TRUE) AND (tags IS NULL)) OR ((tags IS NOT NULL) AND (name = 'tagged'::text) AND (size IS NULL) AND (price IS NULL) AND (options IS NULL) AND ((to_jsonb(tags) @@ 'strict (($.type() == "array" && $.size() == 2) && (($[0].type() == "string" && $[0] == "x") && ($[1].type() == "string" && $[1] == "y")))'::jsonpath) IS TRUE)))),
    CONSTRAINT presets_not_check CHECK (((NOT (name = 'small'::text)) OR (size IS NOT NULL) OR (price IS NOT NULL) OR (options IS NOT NULL) OR (tags IS NOT NULL))),
    CONSTRAINT presets_options_value_check CHECK (((options IS NULL) OR ((options @@ 'strict ($.type() == "object")'::jsonpath) IS TRUE))),
    CONSTRAINT presets_pkey PRIMARY KEY (preset_id),
    CONSTRAINT presets_tags_items_check CHECK (((array_ndims(tags) = 1) AND (array_position(tags, NULL::text) IS NULL))),
    CONSTRAINT presets_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.presets ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY analytics_read ON tenant_golden.presets FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.presets FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.presets FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.presets TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.presets TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.presets TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.presets TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.presets REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_fc24587566e8e109d2cf6d3b442d723e();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.presets REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_7fa4c25907e5666ed7ace6d566cfaa13();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.presets FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_4b5972d766e4e932643deb317ad19756();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.presets REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_9cd1f94cc715c928b2b33c138ab3d596();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.presets FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
