CREATE TABLE bss_shared.countries (
    country_id text NOT NULL,
    capital_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT countries_pkey PRIMARY KEY (country_id)
);

ALTER TABLE bss_shared.countries ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE bss_shared.cities (
    city_id bigint NOT NULL,
    country_id text,
    twin bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT cities_pkey PRIMARY KEY (city_id)
);

ALTER TABLE bss_shared.cities ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE INDEX countries_capital_id_idx ON bss_shared.countries USING btree (capital_id);

CREATE INDEX cities_country_id_idx ON bss_shared.cities USING btree (country_id);

CREATE INDEX cities_twin_idx ON bss_shared.cities USING btree (twin);

ALTER TABLE bss_shared.countries ADD CONSTRAINT countries_capital_id_fkey FOREIGN KEY (capital_id) REFERENCES bss_shared.cities(city_id);

ALTER TABLE bss_shared.cities ADD CONSTRAINT cities_country_id_fkey FOREIGN KEY (country_id) REFERENCES bss_shared.countries(country_id);

ALTER TABLE bss_shared.cities ADD CONSTRAINT cities_twin_fkey FOREIGN KEY (twin) REFERENCES bss_shared.cities(city_id) ON DELETE SET NULL;

CREATE POLICY admin_all ON bss_shared.countries FOR ALL TO bss_admin USING (true) WITH CHECK (true);

CREATE POLICY analytics_read ON bss_shared.countries FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON bss_shared.countries FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_read ON bss_shared.countries FOR SELECT TO PUBLIC USING ((( SELECT bss.current_tenant_id() AS current_tenant_id) IS NOT NULL));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE bss_shared.countries TO bss_admin;

GRANT SELECT ON TABLE bss_shared.countries TO bss_analytics;

GRANT SELECT ON TABLE bss_shared.countries TO bss_app;

GRANT SELECT ON TABLE bss_shared.countries TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON bss_shared.countries REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_05cb0f6e19f833348bfca7e796f9743c();

CREATE TRIGGER capture_insert AFTER INSERT ON bss_shared.countries REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_5bfcedc550623d8d0dc062afdecbc629();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON bss_shared.countries FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_7b7b7bf847854b930fb5e4094e967074();

CREATE TRIGGER capture_update AFTER UPDATE ON bss_shared.countries REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_ff1909d660e4ae3c62529d105023696b();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON bss_shared.countries FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY admin_all ON bss_shared.cities FOR ALL TO bss_admin USING (true) WITH CHECK (true);

CREATE POLICY analytics_read ON bss_shared.cities FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON bss_shared.cities FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_read ON bss_shared.cities FOR SELECT TO PUBLIC USING ((( SELECT bss.current_tenant_id() AS current_tenant_id) IS NOT NULL));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE bss_shared.cities TO bss_admin;

GRANT SELECT ON TABLE bss_shared.cities TO bss_analytics;

GRANT SELECT ON TABLE bss_shared.cities TO bss_app;

GRANT SELECT ON TABLE bss_shared.cities TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON bss_shared.cities REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_4243499d91bf5b5f77f0c5ce0c401487();

CREATE TRIGGER capture_insert AFTER INSERT ON bss_shared.cities REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_2258ad45aee995fc3a440873949b9900();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON bss_shared.cities FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_7b0a4a90d9e6381455109075ab64fb4c();

CREATE TRIGGER capture_update AFTER UPDATE ON bss_shared.cities REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_27314ec49606f3429f2e3b7778528f32();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON bss_shared.cities FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
