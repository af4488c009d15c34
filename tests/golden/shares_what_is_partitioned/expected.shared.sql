CREATE TABLE bss_shared.zips (
    zip_id text NOT NULL,
    region text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT zips_pkey PRIMARY KEY (zip_id, region),
    CONSTRAINT zips_region_enum_check CHECK ((region = ANY (ARRAY['n'::text, 's'::text])))
) PARTITION BY LIST (region);

ALTER TABLE bss_shared.zips ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE bss_shared.words (
    word_id text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT words_pkey PRIMARY KEY (word_id)
) PARTITION BY HASH (word_id);

ALTER TABLE bss_shared.words ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE bss_shared.zips_default PARTITION OF bss_shared.zips DEFAULT;

ALTER TABLE bss_shared.zips_default ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE bss_shared.zips_is_n PARTITION OF bss_shared.zips FOR VALUES IN ('n');

ALTER TABLE bss_shared.zips_is_n ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE bss_shared.zips_is_s PARTITION OF bss_shared.zips FOR VALUES IN ('s');

ALTER TABLE bss_shared.zips_is_s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE bss_shared.words_p0 PARTITION OF bss_shared.words FOR VALUES WITH (modulus 2, remainder 0);

ALTER TABLE bss_shared.words_p0 ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE bss_shared.words_p1 PARTITION OF bss_shared.words FOR VALUES WITH (modulus 2, remainder 1);

ALTER TABLE bss_shared.words_p1 ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY admin_all ON bss_shared.zips FOR ALL TO bss_admin USING (true) WITH CHECK (true);

CREATE POLICY analytics_read ON bss_shared.zips FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON bss_shared.zips FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_read ON bss_shared.zips FOR SELECT TO PUBLIC USING ((( SELECT bss.current_tenant_id() AS current_tenant_id) IS NOT NULL));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE bss_shared.zips TO bss_admin;

GRANT SELECT ON TABLE bss_shared.zips TO bss_analytics;

GRANT SELECT ON TABLE bss_shared.zips TO bss_app;

GRANT SELECT ON TABLE bss_shared.zips TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON bss_shared.zips REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_31fe5bbe0abfad944b1c594ba852f70f();

CREATE TRIGGER capture_insert AFTER INSERT ON bss_shared.zips REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_a98d20387febca9bb1f891a366f9a863();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON bss_shared.zips FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_9fb6f5bd9d5678d6689d3aaac83af520();

CREATE TRIGGER capture_update AFTER UPDATE ON bss_shared.zips REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_c71f6f8ea3bdd5aa0da7a3758cb298c2();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON bss_shared.zips FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY admin_all ON bss_shared.zips_default FOR ALL TO bss_admin USING (true) WITH CHECK (true);

CREATE POLICY analytics_read ON bss_shared.zips_default FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON bss_shared.zips_default FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_read ON bss_shared.zips_default FOR SELECT TO PUBLIC USING ((( SELECT bss.current_tenant_id() AS current_tenant_id) IS NOT NULL));

CREATE POLICY admin_all ON bss_shared.zips_is_n FOR ALL TO bss_admin USING (true) WITH CHECK (true);

CREATE POLICY analytics_read ON bss_shared.zips_is_n FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON bss_shared.zips_is_n FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_read ON bss_shared.zips_is_n FOR SELECT TO PUBLIC USING ((( SELECT bss.current_tenant_id() AS current_tenant_id) IS NOT NULL));

CREATE POLICY admin_all ON bss_shared.zips_is_s FOR ALL TO bss_admin USING (true) WITH CHECK (true);

CREATE POLICY analytics_read ON bss_shared.zips_is_s FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON bss_shared.zips_is_s FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_read ON bss_shared.zips_is_s FOR SELECT TO PUBLIC USING ((( SELECT bss.current_tenant_id() AS current_tenant_id) IS NOT NULL));

CREATE POLICY admin_all ON bss_shared.words FOR ALL TO bss_admin USING (true) WITH CHECK (true);

CREATE POLICY analytics_read ON bss_shared.words FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON bss_shared.words FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_read ON bss_shared.words FOR SELECT TO PUBLIC USING ((( SELECT bss.current_tenant_id() AS current_tenant_id) IS NOT NULL));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE bss_shared.words TO bss_admin;

GRANT SELECT ON TABLE bss_shared.words TO bss_analytics;

GRANT SELECT ON TABLE bss_shared.words TO bss_app;

GRANT SELECT ON TABLE bss_shared.words TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON bss_shared.words REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_937cac1f47d6d27be756cfa499939bfd();

CREATE TRIGGER capture_insert AFTER INSERT ON bss_shared.words REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_917b93819170fa65797d614cd42d5c93();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON bss_shared.words FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_fdfebebc5e04b62fb5fc00a6aae54ca7();

CREATE TRIGGER capture_update AFTER UPDATE ON bss_shared.words REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_4ee0f4202ceb06ba87b3d7be66314e0d();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON bss_shared.words FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY admin_all ON bss_shared.words_p0 FOR ALL TO bss_admin USING (true) WITH CHECK (true);

CREATE POLICY analytics_read ON bss_shared.words_p0 FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON bss_shared.words_p0 FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_read ON bss_shared.words_p0 FOR SELECT TO PUBLIC USING ((( SELECT bss.current_tenant_id() AS current_tenant_id) IS NOT NULL));

CREATE POLICY admin_all ON bss_shared.words_p1 FOR ALL TO bss_admin USING (true) WITH CHECK (true);

CREATE POLICY analytics_read ON bss_shared.words_p1 FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON bss_shared.words_p1 FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_read ON bss_shared.words_p1 FOR SELECT TO PUBLIC USING ((( SELECT bss.current_tenant_id() AS current_tenant_id) IS NOT NULL));
