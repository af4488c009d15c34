CREATE TABLE tenant_golden.events (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    event_id uuid DEFAULT gen_random_uuid() NOT NULL,
    "Occurred At" timestamp with time zone NOT NULL,
    code text,
    body text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_archived boolean DEFAULT false NOT NULL,
    archived_at timestamp with time zone,
    CONSTRAINT events_is_archived_check CHECK ((is_archived = (archived_at IS NOT NULL))),
    CONSTRAINT events_pkey PRIMARY KEY (event_id, "Occurred At"),
    CONSTRAINT events_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
) PARTITION BY RANGE ("Occurred At");

ALTER TABLE tenant_golden.events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.readings (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    reading_id bigint NOT NULL,
    value numeric,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT readings_pkey PRIMARY KEY (reading_id),
    CONSTRAINT readings_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
) PARTITION BY RANGE (reading_id);

ALTER TABLE tenant_golden.readings ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.events_default PARTITION OF tenant_golden.events DEFAULT;

ALTER TABLE tenant_golden.events_default ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.readings_default PARTITION OF tenant_golden.readings DEFAULT;

ALTER TABLE tenant_golden.readings_default ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE INDEX events_archived_at_idx ON tenant_golden.events USING btree (archived_at) WHERE is_archived;

CREATE INDEX events_body_idx ON tenant_golden.events USING btree (body);

CREATE UNIQUE INDEX "events_code_Occurred At_key" ON tenant_golden.events USING btree (code, "Occurred At") WHERE (NOT is_archived);

CREATE POLICY analytics_read ON tenant_golden.events FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.events FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.events FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.events TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.events TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.events TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.events TO bss_tenant;

CREATE TRIGGER archive_on_delete BEFORE DELETE ON tenant_golden.events FOR EACH ROW EXECUTE FUNCTION bss_internal.archive_row();

CREATE TRIGGER archive_what_refers_to_it AFTER UPDATE ON tenant_golden.events FOR EACH ROW WHEN ((new.is_archived AND (NOT old.is_archived))) EXECUTE FUNCTION bss_internal.archive_referring_rows();

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.events REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_98d6273c8f2aa05e1e3aad10fcf8a1ac();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.events REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_c822590462ff146cee97792d7c891ff9();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.events FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_3984aad8c55896dc2d406f645adaa1a5();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.events REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_3efbc65e25ffc1c048b1fb322387f578();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.events FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden.events_default FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.events_default FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.events_default FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

CREATE POLICY analytics_read ON tenant_golden.readings FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.readings FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.readings FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.readings TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.readings TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.readings TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.readings TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.readings REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_1b7421949002b2c8ec9d746d7b212bb6();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.readings REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_c0b425257403676140a8d59bb82437d6();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.readings FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_f30c99491e6d51f0d880bbe940f366cb();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.readings REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_1233b54dd6d1e7f56ee805f54e433b9c();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.readings FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden.readings_default FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.readings_default FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.readings_default FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));
