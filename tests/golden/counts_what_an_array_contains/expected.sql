CREATE FUNCTION bss_checks.v_9a2496a502adc96f7ca54752a9b6c004(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return ((v OPERATOR(pg_catalog.@@) ''strict (($.type() == "string" || $.type() == "null") || $.type() == "object")''::pg_catalog.jsonpath) IS TRUE)
        and case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''string''::pg_catalog.text) then (pg_catalog.char_length(v operator(pg_catalog.#>>) ''{}'') operator(pg_catalog.<=) 5000) else true end;
end';

CREATE FUNCTION bss_checks.v_ce052f91c815859e749a7add6f163f02(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return ((v OPERATOR(pg_catalog.@@) ''strict ($.type() == "object")''::pg_catalog.jsonpath) IS TRUE)
        and case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''object''::pg_catalog.text) then ((select pg_catalog.count(*) from pg_catalog.jsonb_object_keys(case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''object''::pg_catalog.text) then v else ''{}''::pg_catalog.jsonb end)) operator(pg_catalog.>=) 2) else true end
        and case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''object''::pg_catalog.text) then ((select pg_catalog.count(*) from pg_catalog.jsonb_object_keys(case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''object''::pg_catalog.text) then v else ''{}''::pg_catalog.jsonb end)) operator(pg_catalog.<=) 4) else true end;
end';

CREATE FUNCTION bss_checks.v_dc8ccc37d5e2b365830f489f29b9443d(v jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS '
begin
    return ((v OPERATOR(pg_catalog.@@) ''strict ($.type() == "array")''::pg_catalog.jsonpath) IS TRUE)
        and case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''array''::pg_catalog.text) then (select (pg_catalog.count(*) operator(pg_catalog.>=) 2) and (pg_catalog.count(*) operator(pg_catalog.<=) 3) from pg_catalog.jsonb_array_elements(case when (pg_catalog.jsonb_typeof(v) operator(pg_catalog.=) ''array''::pg_catalog.text) then v else ''[]''::pg_catalog.jsonb end) as m (value) where (m.value operator(pg_catalog.@@) ''strict ($.type() == "number" && $ == 6)''::pg_catalog.jsonpath)) else true end;
end';

CREATE TABLE tenant_golden.items (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    item_id uuid DEFAULT gen_random_uuid() NOT NULL,
    dice jsonb,
    names jsonb,
    note jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT items_dice_value_check CHECK (((dice IS NULL) OR bss_checks.v_dc8ccc37d5e2b365830f489f29b9443d(dice))),
    CONSTRAINT items_names_value_check CHECK (((names IS NULL) OR bss_checks.v_ce052f91c815859e749a7add6f163f02(names))),
    CONSTRAINT items_note_value_check CHECK (((note IS NULL) OR bss_checks.v_9a2496a502adc96f7ca54752a9b6c004(note))),
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
