CREATE TABLE tenant_golden.countries (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    country_id uuid DEFAULT gen_random_uuid() NOT NULL,
    code text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT countries_code_key UNIQUE (code),
    CONSTRAINT countries_pkey PRIMARY KEY (country_id),
    CONSTRAINT countries_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.countries ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.cities (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    city_id uuid DEFAULT gen_random_uuid() NOT NULL,
    country text,
    country_id uuid,
    twin uuid,
    district uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT cities_pkey PRIMARY KEY (city_id),
    CONSTRAINT cities_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.cities ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.districts (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    district_id uuid DEFAULT gen_random_uuid() NOT NULL,
    city_id uuid,
    seat uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT districts_pkey PRIMARY KEY (district_id),
    CONSTRAINT districts_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.districts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE INDEX cities_country_idx ON tenant_golden.cities USING btree (country);

CREATE INDEX cities_district_idx ON tenant_golden.cities USING btree (district);

CREATE INDEX cities_twin_idx ON tenant_golden.cities USING btree (twin);

CREATE INDEX districts_city_id_idx ON tenant_golden.districts USING btree (city_id);

CREATE INDEX districts_seat_idx ON tenant_golden.districts USING btree (seat);

ALTER TABLE tenant_golden.cities ADD CONSTRAINT cities_country_fkey FOREIGN KEY (country) REFERENCES tenant_golden.countries(code) ON DELETE RESTRICT;

ALTER TABLE tenant_golden.cities ADD CONSTRAINT cities_district_fkey FOREIGN KEY (district) REFERENCES tenant_golden.districts(district_id) ON DELETE CASCADE;

ALTER TABLE tenant_golden.cities ADD CONSTRAINT cities_twin_fkey FOREIGN KEY (twin) REFERENCES tenant_golden.cities(city_id) ON DELETE SET NULL;

ALTER TABLE tenant_golden.districts ADD CONSTRAINT districts_city_id_fkey FOREIGN KEY (city_id) REFERENCES tenant_golden.cities(city_id);

ALTER TABLE tenant_golden.districts ADD CONSTRAINT districts_seat_fkey FOREIGN KEY (seat) REFERENCES tenant_golden.cities(city_id) ON DELETE SET DEFAULT;

CREATE POLICY analytics_read ON tenant_golden.countries FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.countries FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.countries FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.countries TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.countries TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.countries TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.countries TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.countries REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_235bae51add5e3bf0629047816b7d6f9();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.countries REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_4dc43b15d0529266a18f581db65af0f4();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.countries FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_e76b985b69f25ba562747b295740feb8();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.countries REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_63ca7c0b8e14d18ae61cbcd3e18e8e87();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.countries FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden.cities FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.cities FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.cities FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.cities TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.cities TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.cities TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.cities TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.cities REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_fc974764d3fd3d8a61a65ee3cb9aeccf();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.cities REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_435b142a05807986877de263688406ea();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.cities FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_3d2987e857e99b2390514d59b80f2064();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.cities REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_d5717112343a0b1d949b9c17fc0ac47b();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.cities FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden.districts FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.districts FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.districts FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.districts TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.districts TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.districts TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.districts TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.districts REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_c93990095aa86742549475229bc1cfdb();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.districts REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_157997695947d8ab72c8fc46ed4539a3();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.districts FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_968443bf28e7194f57957a38dd7487cc();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.districts REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_37207b9417797f5e0b8a9198dcf36a6b();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.districts FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
