CREATE FUNCTION bss_checks.v_44c965312f03fbab111c0ee0684bff33(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    for i in 0 .. pg_catalog.jsonb_array_length(v) operator(pg_catalog.-) 1 loop
        if ((pg_catalog.char_length(((v operator(pg_catalog.->) i) OPERATOR(pg_catalog.->>) ''value''::pg_catalog.text)) OPERATOR(pg_catalog.<=) 200)) is not true then
            return false;
        end if;
    end loop;
    return true;
end';

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
    CONSTRAINT items_address_value_check CHECK (((address IS NULL) OR (((address @@ 'strict ($."street".type() == "string" && !(exists ($?(!(@."country".type() == "string" && (@."country".type() == "string" && (@."country" == "DE" || @."country" == "VN")))))))'::jsonpath) IS TRUE) AND ((address @@ '!($."city".type() != "string")'::jsonpath) IS TRUE)))),
    CONSTRAINT items_both_value_check CHECK ((("both" IS NULL) OR (("both" @@ 'strict ($.type() == "object" && !(exists ($?(!((@."a".type() == "number" && @."a" == 1) && (@."a".type() == "number" && @."a" == 1 || @."a".type() == "string" && @."a" == "b"))))))'::jsonpath) IS TRUE))),
    CONSTRAINT items_choices_value_check CHECK (((choices IS NULL) OR ((choices @@ 'strict (($ == "a" || $ == 1) || ($ == false || $ == null))'::jsonpath) IS TRUE))),
    CONSTRAINT items_contacts_value_check CHECK (((contacts IS NULL) OR (((contacts @@ 'strict ((!(exists ($[*]."kind"?(!(@.type() == "string" && @ == "email")))) && !(($[*]."value" starts with "") is unknown)) && !(exists ($[*]?(!((@."address".type() == "object" && !(exists (@."address"?((!(@."street".type() == "string") || !(@."city".type() == "string")) || !(@."country".type() == "string" && (@."country".type() == "string" && (@."country" == "DE" || @."country" == "VN"))))))) && exists (@."address"?(exists (@."street"))))))))'::jsonpath) IS TRUE) AND bss_checks.v_44c965312f03fbab111c0ee0684bff33(contacts) AND (jsonb_array_length(contacts) >= 1) AND (jsonb_array_length(contacts) <= 3)))),
    CONSTRAINT items_dimensions_value_check CHECK (((dimensions IS NULL) OR (((dimensions @@ 'strict (($."width" > 0 && $."width" % 0.5 == 0) && ((($."unit" == "mm" || $."unit" == "cm") || $."unit" == 1) || ($."unit" == null || $."unit" == true)))'::jsonpath) IS TRUE) AND ((dimensions - '{unit,width}'::text[]) = '{}'::jsonb)))),
    CONSTRAINT items_fixed_value_check CHECK (((fixed IS NULL) OR ((fixed @@ 'strict ($.type() == "object" && !(exists ($?(!(@."version".type() == "number" && @."version" == 1) || !(@."flag".type() == "boolean" && @."flag" == true)))))'::jsonpath) IS TRUE))),
    CONSTRAINT items_hurting_value_check CHECK (((hurting IS NULL) OR (((hurting @@ 'strict ($.type() == "object" && !(exists ($?((!(@."a\"b".type() == "number" && @."a\"b" % 1 == 0) || !(@."漢字".type() == "null")) || !(@."back\\slash".type() == "string" && (@."back\\slash".type() == "string" && @."back\\slash" == "\\ '' \" %1$I"))))))'::jsonpath) IS TRUE) AND ((hurting @@ '(!($."50%".type() != "boolean") && !($."$x".type() != "string"))'::jsonpath) IS TRUE)))),
    CONSTRAINT items_labels_value_check CHECK (((labels IS NULL) OR (((labels @@ 'strict ($.type() == "object" && !(exists ($.keyvalue()?(!(@."key" == "it''s") && !((@."value".type() == "string" && @."value" like_regex ".{1}" flag "s") && !(@."value" like_regex ".{21}" flag "s"))))))'::jsonpath) IS TRUE) AND ((labels @@ '!($."it''s".type() != "string")'::jsonpath) IS TRUE)))),
    CONSTRAINT items_matrix_value_check CHECK (((matrix IS NULL) OR ((matrix @@ 'strict (!(exists ($[*]?(!(@.type() == "array")))) && !(exists ($[*]?(!(!(exists (@[*]?(!(@.type() == "number")))))))))'::jsonpath) IS TRUE))),
    CONSTRAINT items_mixed_value_check CHECK (((mixed IS NULL) OR ((mixed @@ 'strict (((($.type() == "string" || $.type() == "number" && $ % 1 == 0) || $.type() == "null") && (!($.type() == "string") || $ like_regex ".{2}" flag "s")) && (!($.type() == "number") || $ >= 0))'::jsonpath) IS TRUE))),
    CONSTRAINT items_never_value_check CHECK (((never IS NULL) OR ((never @@ 'strict !(exists ($[*]))'::jsonpath) IS TRUE))),
    CONSTRAINT items_pkey PRIMARY KEY (item_id),
    CONSTRAINT items_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.items ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY analytics_read ON tenant_golden.items FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.items FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.items FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.items TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.items TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.items TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.items TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_8e5010b117d148bcd8c5b6033c1fc814();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.items REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_dd51989c993b99df5f5d0281b9591d59();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.items FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_0e12b188d7930cabce1a73c928349f57();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_a8936cac97d8fd224b963de8f7a9c0df();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.items FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
