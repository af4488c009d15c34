CREATE TABLE tenant_golden.items (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    item_id uuid DEFAULT gen_random_uuid() NOT NULL,
    address jsonb NOT NULL,
    contacts jsonb,
    dimensions jsonb,
    labels jsonb,
    mixed jsonb,
    fixed jsonb,
    choices jsonb,
    matrix jsonb,
    hurting jsonb,
    never jsonb,
    "both" jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT items_address_value_check CHECK (((address IS NULL) OR (jsonb_path_match(address, 'strict ($.type() == "object" && ((exists ($?(@."street".type() == "string")) && !(exists ($?(!(@."city".type() == "string"))))) && !(exists ($?(!(@."country".type() == "string" && (@."country".type() == "string" && (@."country" == "DE" || @."country" == "VN"))))))))'::jsonpath, '{}'::jsonb, true) IS TRUE))),
    CONSTRAINT items_both_value_check CHECK ((("both" IS NULL) OR (jsonb_path_match("both", 'strict ($.type() == "object" && !(exists ($?(!((@."a".type() == "number" && @."a" == 1) && (@."a".type() == "number" && @."a" == 1 || @."a".type() == "string" && @."a" == "b"))))))'::jsonpath, '{}'::jsonb, true) IS TRUE))),
    CONSTRAINT items_choices_value_check CHECK (((choices IS NULL) OR (jsonb_path_match(choices, 'strict (($.type() == "string" && $ == "a" || $.type() == "number" && $ == 1) || ($.type() == "boolean" && $ == false || $.type() == "null" && $ == null))'::jsonpath, '{}'::jsonb, true) IS TRUE))),
    CONSTRAINT items_contacts_value_check CHECK (((contacts IS NULL) OR (jsonb_path_match(contacts, 'strict ($.type() == "array" && (($.size() >= 1 && $.size() <= 3) && !(exists ($[*]?(!(@.type() == "object" && ((exists (@?(@."kind".type() == "string" && @."kind" == "email")) && exists (@?(@."value".type() == "string" && @."value" like_regex "^.{0,200}$" flag "s"))) && !(exists (@?(!(@."address".type() == "object" && ((exists (@."address"?(@."street".type() == "string")) && !(exists (@."address"?(!(@."city".type() == "string"))))) && !(exists (@."address"?(!(@."country".type() == "string" && (@."country".type() == "string" && (@."country" == "DE" || @."country" == "VN"))))))))))))))))))'::jsonpath, '{}'::jsonb, true) IS TRUE))),
    CONSTRAINT items_dimensions_value_check CHECK (((dimensions IS NULL) OR (jsonb_path_match(dimensions, 'strict ($.type() == "object" && ((exists ($?(@."width".type() == "number" && (@."width" > 0 && @."width" % 0.5 == 0))) && exists ($?((@."unit".type() == "string" && (@."unit" == "mm" || @."unit" == "cm") || @."unit".type() == "number" && @."unit" == 1) || (@."unit".type() == "null" && @."unit" == null || @."unit".type() == "boolean" && @."unit" == true)))) && !(exists ($.keyvalue()?(!(@."key" == "width" || @."key" == "unit") && !(@."value".type() == "never"))))))'::jsonpath, '{}'::jsonb, true) IS TRUE))),
    CONSTRAINT items_fixed_value_check CHECK (((fixed IS NULL) OR (jsonb_path_match(fixed, 'strict ($.type() == "object" && (!(exists ($?(!(@."version".type() == "number" && @."version" == 1)))) && !(exists ($?(!(@."flag".type() == "boolean" && @."flag" == true))))))'::jsonpath, '{}'::jsonb, true) IS TRUE))),
    CONSTRAINT items_hurting_value_check CHECK (((hurting IS NULL) OR (jsonb_path_match(hurting, 'strict ($.type() == "object" && (((!(exists ($?(!(@."a\"b".type() == "number" && @."a\"b" % 1 == 0)))) && !(exists ($?(!(@."50%".type() == "boolean"))))) && !(exists ($?(!(@."$x".type() == "string"))))) && (!(exists ($?(!(@."漢字".type() == "null")))) && !(exists ($?(!(@."back\\slash".type() == "string" && (@."back\\slash".type() == "string" && @."back\\slash" == "\\ '' \" %1$I"))))))))'::jsonpath, '{}'::jsonb, true) IS TRUE))),
    CONSTRAINT items_labels_value_check CHECK (((labels IS NULL) OR (jsonb_path_match(labels, 'strict ($.type() == "object" && (!(exists ($?(!(@."it''s".type() == "string")))) && !(exists ($.keyvalue()?(!(@."key" == "it''s") && !(@."value".type() == "string" && @."value" like_regex "^.{1,20}$" flag "s"))))))'::jsonpath, '{}'::jsonb, true) IS TRUE))),
    CONSTRAINT items_matrix_value_check CHECK (((matrix IS NULL) OR (jsonb_path_match(matrix, 'strict ($.type() == "array" && !(exists ($[*]?(!(@.type() == "array" && !(exists (@[*]?(!(@.type() == "number")))))))))'::jsonpath, '{}'::jsonb, true) IS TRUE))),
    CONSTRAINT items_mixed_value_check CHECK (((mixed IS NULL) OR (jsonb_path_match(mixed, 'strict (((($.type() == "string" || $.type() == "number" && $ % 1 == 0) || $.type() == "null") && (!($.type() == "string") || $ like_regex "^.{2,}$" flag "s")) && (!($.type() == "number") || $ >= 0))'::jsonpath, '{}'::jsonb, true) IS TRUE))),
    CONSTRAINT items_never_value_check CHECK (((never IS NULL) OR (jsonb_path_match(never, 'strict ($.type() == "array" && !(exists ($[*]?(!(@.type() == "never")))))'::jsonpath, '{}'::jsonb, true) IS TRUE))),
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
