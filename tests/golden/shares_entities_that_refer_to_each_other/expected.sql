CREATE TABLE tenant_golden.visits (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    visit_id uuid DEFAULT gen_random_uuid() NOT NULL,
    city_id bigint,
    country_id text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT visits_pkey PRIMARY KEY (visit_id),
    CONSTRAINT visits_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.visits ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE INDEX visits_city_id_idx ON tenant_golden.visits USING btree (city_id);

CREATE INDEX visits_country_id_idx ON tenant_golden.visits USING btree (country_id);

ALTER TABLE tenant_golden.visits ADD CONSTRAINT visits_city_id_fkey FOREIGN KEY (city_id) REFERENCES bss_shared.cities(city_id);

ALTER TABLE tenant_golden.visits ADD CONSTRAINT visits_country_id_fkey FOREIGN KEY (country_id) REFERENCES bss_shared.countries(country_id);

CREATE POLICY analytics_read ON tenant_golden.visits FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.visits FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.visits FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.visits TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.visits TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.visits TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.visits TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.visits REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_b37e0e3977764e2b815e797cdf930442();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.visits REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_e8f5a17379164e84609bcdcc2be37716();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.visits FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_7cbce6eabab033cc43b054f54e465b1e();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.visits REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_cf2bd14a5a2e7389a2b7c32cc2a9eafe();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.visits FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
