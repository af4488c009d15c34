CREATE TABLE tenant_golden.departments (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    department_id uuid DEFAULT gen_random_uuid() NOT NULL,
    head_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT departments_pkey PRIMARY KEY (department_id),
    CONSTRAINT departments_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.departments ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE TABLE tenant_golden.employees (
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000001'::uuid NOT NULL,
    employee_id uuid DEFAULT gen_random_uuid() NOT NULL,
    department_id uuid,
    mentor_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT employees_pkey PRIMARY KEY (employee_id),
    CONSTRAINT employees_tenant_id_check CHECK ((tenant_id = '00000000-0000-0000-0000-000000000001'::uuid))
);

ALTER TABLE tenant_golden.employees ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE INDEX departments_head_id_idx ON tenant_golden.departments USING btree (head_id);

CREATE INDEX employees_department_id_idx ON tenant_golden.employees USING btree (department_id);

CREATE INDEX employees_mentor_id_idx ON tenant_golden.employees USING btree (mentor_id);

ALTER TABLE tenant_golden.departments ADD CONSTRAINT departments_head_id_fkey FOREIGN KEY (head_id) REFERENCES tenant_golden.employees(employee_id);

ALTER TABLE tenant_golden.employees ADD CONSTRAINT employees_department_id_fkey FOREIGN KEY (department_id) REFERENCES tenant_golden.departments(department_id);

ALTER TABLE tenant_golden.employees ADD CONSTRAINT employees_mentor_id_fkey FOREIGN KEY (mentor_id) REFERENCES tenant_golden.employees(employee_id);

CREATE POLICY analytics_read ON tenant_golden.departments FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.departments FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.departments FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.departments TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.departments TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.departments TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.departments TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.departments REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_28484166e720f87c9ceb441a9ab33a4a();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.departments REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_2a6c412f6675497f7a4cb0cdec8de966();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.departments FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_5ff4a2716a81e44ebfd154ef81f6be87();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.departments REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_af44921fa7493d38a2d7e83fae99d19c();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.departments FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();

CREATE POLICY analytics_read ON tenant_golden.employees FOR SELECT TO bss_analytics USING (true);

CREATE POLICY operator_all ON tenant_golden.employees FOR ALL TO bss_owner USING (( SELECT bss_internal.is_operator() AS is_operator)) WITH CHECK (( SELECT bss_internal.is_operator() AS is_operator));

CREATE POLICY tenant_isolation ON tenant_golden.employees FOR ALL TO PUBLIC USING ((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL)) WITH CHECK (((( SELECT NULLIF((bss.current_tenant_id() = '00000000-0000-0000-0000-000000000001'::uuid), false) AS "nullif") IS NOT NULL) AND (tenant_id = '00000000-0000-0000-0000-000000000001'::uuid)));

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.employees TO bss_admin;

GRANT SELECT ON TABLE tenant_golden.employees TO bss_analytics;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.employees TO bss_app;

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE tenant_golden.employees TO bss_tenant;

CREATE TRIGGER capture_delete AFTER DELETE ON tenant_golden.employees REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_8642526ed11304c74f51320a1b9d5318();

CREATE TRIGGER capture_insert AFTER INSERT ON tenant_golden.employees REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_f6bb3b97fb87b048b4c5c72e981f0a68();

CREATE TRIGGER capture_truncate BEFORE TRUNCATE ON tenant_golden.employees FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_9842f52aa7dd58f89cf242d8e6c99738();

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.employees REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_31a7bab7fd65639581499766eec31ba4();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tenant_golden.employees FOR EACH ROW EXECUTE FUNCTION bss_internal.set_updated_at();
