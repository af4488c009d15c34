-- What bss_owner needs from others: the database's leave to make schemas for tenants, and a look
-- at what the installing superuser owns. Granted every time, since a dump without --create does not
-- carry the privileges of the database.

do $$
begin
    execute pg_catalog.format(
        'grant create on database %I to bss_owner', pg_catalog.current_database()
    );
end
$$;

grant select on
    bss_internal.installation, bss_internal.state_files, bss_internal.code_files,
    bss_internal.python_modules, bss_internal.installed_objects
to bss_owner;
