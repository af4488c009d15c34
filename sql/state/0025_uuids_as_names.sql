-- A tenant may be named by a uuid, which is then its own. Runs as bss_owner.

alter table bss_metadata.tenants
drop constraint tenants_external_id_check,
add constraint tenants_external_id_check check (
    case isolation
        when 'host' then external_id = 'pool:' || blueprint
        else external_id ~ '^[a-z0-9][a-z0-9._-]{0,47}$'
    end
);
