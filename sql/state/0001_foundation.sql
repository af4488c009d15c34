-- The ground that everything else stands on: extensions, roles, schemas, and the record of what
-- has been installed. Runs as a superuser; everything after it runs as bss_owner where it can.

create extension if not exists plpython3u;
-- not where the installation's search_path would put it, which is pg_catalog
create extension if not exists vector with schema public;


-- Roles belong to the cluster, so another database may have created them already. They are taken
-- over only as what BSS would have made: groups without a single attribute.
do $$
declare
    _role text;
begin
    foreach _role in array array[
        'bss_owner', 'bss_admin', 'bss_app', 'bss_tenant',
        'bss_analytics', 'bss_subscriber', 'bss_monitor'
    ] loop
        if not exists (select from pg_catalog.pg_roles as r where r.rolname = _role) then
            execute pg_catalog.format('create role %I nologin', _role);
        elsif exists (
            select from pg_catalog.pg_roles as r
            where r.rolname = _role
                and (
                    r.rolsuper or r.rolcanlogin or r.rolcreaterole or r.rolcreatedb
                    or r.rolreplication or r.rolbypassrls
                )
        ) then
            raise exception using
                errcode = 'SB905',
                message = pg_catalog.format('role "%s" exists with attributes of its own', _role),
                detail = 'A role of BSS is a group: it has no login and no privileged attribute.',
                hint = pg_catalog.format(
                    'Rename that role, or take its attributes away with ALTER ROLE %I.', _role
                );
        end if;
    end loop;
end
$$;

comment on role bss_owner is 'Owns every object of BSS and of its tenants.';
comment on role bss_admin is 'Provisions, migrates and operates tenants.';
comment on role bss_app is 'Gateways: logins that may enter a tenant.';
comment on role bss_tenant is 'Direct logins of tenants.';
comment on role bss_analytics is 'Reads the rows of all tenants, writes nothing.';
comment on role bss_subscriber is 'Reads events.';
comment on role bss_monitor is 'Reads health and metrics.';


-- Plain CREATE: a schema of that name that somebody made before BSS aborts the installation.
create schema bss authorization bss_owner;
comment on schema bss is 'The public interface of BSS: functions and views, nothing else.';

create schema bss_metadata authorization bss_owner;
comment on schema bss_metadata is
    'The tables of BSS. Tenants read their own rows; only functions write.';

create schema bss_internal authorization bss_owner;
comment on schema bss_internal is
    'Helpers, triggers, the compiler''s modules and secrets. Nobody''s business.';

create schema bss_shared authorization bss_owner;
comment on schema bss_shared is 'Reference data that all tenants of a blueprint read.';


-- Without this, every function is born executable by everyone.
alter default privileges for role bss_owner revoke execute on functions from public;


create table bss_internal.installation (
    version text not null,
    release text not null,
    installed_at timestamptz not null default now(),
    upgraded_at timestamptz,
    is_single boolean not null default true,
    constraint installation_is_single_key unique (is_single),
    constraint installation_is_single_check check (is_single)
);
comment on table bss_internal.installation is 'Says which release is installed; one row.';
comment on column bss_internal.installation.version is 'The version, as the manifest states it.';
comment on column bss_internal.installation.release is
    'The sha256 over the checksums of all files and Python modules of the release.';
comment on column bss_internal.installation.installed_at is 'When BSS was first installed here.';
comment on column bss_internal.installation.upgraded_at is 'When it was last upgraded.';
comment on column bss_internal.installation.is_single is 'Keeps the table at one row.';


create table bss_internal.state_files (
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default now(),
    constraint state_files_name_pkey primary key (name)
);
comment on table bss_internal.state_files is
    'Lists the state files that have run, once and for all.';
comment on column bss_internal.state_files.name is 'The file, relative to sql/.';
comment on column bss_internal.state_files.checksum is 'Its sha256 when it ran.';
comment on column bss_internal.state_files.applied_at is 'When it ran.';


create table bss_internal.code_files (
    name text not null,
    checksum text not null,
    constraint code_files_name_pkey primary key (name)
);
comment on table bss_internal.code_files is
    'Lists the code and access files of the installed release.';
comment on column bss_internal.code_files.name is 'The file, relative to sql/.';
comment on column bss_internal.code_files.checksum is 'Its sha256.';


-- Code that runs inside the server: owned by the superuser who installs, not by bss_owner, because
-- whoever can write this table can do what the server's operating system user can do.
create table bss_internal.python_modules (
    name text not null,
    is_package boolean not null,
    source text not null,
    checksum text not null,
    constraint python_modules_name_pkey primary key (name)
);
comment on table bss_internal.python_modules is
    'Holds the Python of the compiler, imported from here by bss_internal.import_compiler().';
comment on column bss_internal.python_modules.name is 'The dotted name that it is imported by.';
comment on column bss_internal.python_modules.is_package is 'Whether it is a package.';
comment on column bss_internal.python_modules.source is 'The source text.';
comment on column bss_internal.python_modules.checksum is 'The sha256 of the source.';


create table bss_internal.installed_objects (
    kind text not null,
    identity text not null,
    checksum text not null,
    constraint installed_objects_kind_identity_pkey primary key (kind, identity)
);
comment on table bss_internal.installed_objects is
    'Records what bss_internal.catalog_objects showed at the end of the last installation.';
comment on column bss_internal.installed_objects.kind is 'The kind of the object.';
comment on column bss_internal.installed_objects.identity is 'The name of the object in its kind.';
comment on column bss_internal.installed_objects.checksum is 'The checksum of its definition.';
