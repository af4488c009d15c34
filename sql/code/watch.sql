-- Watches over DDL: records what others than BSS do in schemas of tenants and of BSS, or refuses
-- it. What BSS does is executed by functions of bss_owner, so the current user is bss_owner without
-- a SET ROLE; whoever sets the role by hand is not BSS, nor is a superuser, unless with a mark in a
-- parameter that only they can set.

-- Every command calls it, those of BSS most of all. To pin a search_path would take longer than all
-- that is in it, so every name and every operator is written with its schema.
create or replace function bss_watch.on_ddl()
    returns event_trigger
    volatile
    security invoker
    language plpgsql
as $$
begin
    if
        (
            current_user operator(pg_catalog.=) 'bss_owner'
            and session_user operator(pg_catalog.<>) 'bss_owner'
            and pg_catalog.current_setting('role') operator(pg_catalog.<>) 'bss_owner'
        )
        or pg_catalog.current_setting('backtrace_functions')
        operator(pg_catalog.=) 'own_ddl_of_bss'
    then
        return;
    end if;
    if tg_event operator(pg_catalog.=) 'sql_drop' then
        perform bss_watch.record_drops(current_user, tg_tag);
    else
        perform bss_watch.record_commands(current_user);
    end if;
end
$$;
comment on function bss_watch.on_ddl() is
    'Tells DDL of BSS from that of others, and has that of others recorded.';


create or replace function bss_watch.watched(schema_name text)
    returns table (tenant_id uuid)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select null::uuid as tenant_id
    where watched.schema_name in (
        'bss', 'bss_metadata', 'bss_internal', 'bss_shared', 'bss_checks', 'bss_capture',
        'bss_watch'
    )
    union all
    select t.id as tenant_id
    from bss_metadata.tenants as t
    where
        t.schema_name = watched.schema_name and t.status <> 'DELETED' and t.isolation <> 'pool';
end;
comment on function bss_watch.watched(text) is
    'Gives one row for a schema of BSS or of a tenant, with the tenant; none for any other.';


create or replace function bss_watch.record(command bss_metadata.ddl_log)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if bss_internal.setting('drift.foreign_ddl') = 'refuse' then
        raise exception using
            errcode = 'SB425',
            message = format(
                'schema "%s" is changed by BSS alone', command.schema_name
            ),
            detail = format(
                'The command %s is about %s %s.',
                command.command_tag, command.object_type, command.object_identity
            ),
            hint = 'Change the document instead, with bss.apply_schema(), or set '
                '"drift.foreign_ddl" to "record" first.',
            schema = command.schema_name;
    end if;
    insert into bss_metadata.ddl_log (
        tenant_id, schema_name, command_tag, object_type, object_identity, is_drop, is_protected,
        current_user_name
    )
    values (
        command.tenant_id, command.schema_name, command.command_tag, command.object_type,
        command.object_identity, command.is_drop, command.is_protected, command.current_user_name
    );
end
$$;
comment on function bss_watch.record(bss_metadata.ddl_log) is
    'Records a command of somebody else''s, or refuses it, as the setting has it.';


-- Its own commands are marked as those of BSS.
create or replace function bss_watch.protect(relation regclass)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    set backtrace_functions = 'own_ddl_of_bss'
    language plpgsql
as $$
declare
    _grant record;
begin
    if (select c.relkind in ('r', 'p') from pg_class as c where c.oid = relation) then
        execute format(
            'alter table %s enable row level security, force row level security',
            relation::regclass
        );
    end if;
    for _grant in
        select distinct coalesce(r.rolname, 'public') as role
        from pg_class as c
        cross join lateral aclexplode(c.relacl) as a
        left join pg_roles as r on r.oid = a.grantee
        where c.oid = relation and a.grantee <> c.relowner
    loop
        execute format(
            'revoke all on table %s from %I cascade', relation::regclass, _grant.role
        );
    end loop;
end
$$;
comment on function bss_watch.protect(regclass) is
    'Closes a relation to everyone but its owner: no privileges, and row-level security.';


create or replace function bss_watch.is_open(relation oid, tenant_id uuid)
    returns boolean
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select exists (
        select
        from pg_class as c
        where
            c.oid = is_open.relation
            and case
                when c.relkind in ('r', 'p') then not (c.relrowsecurity and c.relforcerowsecurity)
                when c.relkind in ('v', 'm', 'f') then c.relacl is not null
                else false
            end
            and not exists (
                select
                from bss_metadata.tenant_schemas as s
                where
                    s.tenant_id = is_open.tenant_id
                    and s.model @? format(
                        '$.tables[*] ? (@.name == %1$s || @.partitions[*].name == %1$s)',
                        to_jsonb(c.relname::text)
                    )::jsonpath
            )
            and not exists (
                select
                from bss_metadata.partitions as p
                where p.tenant_id = is_open.tenant_id and p.name = c.relname
            )
    );
end;
comment on function bss_watch.is_open(oid, uuid) is
    'Says whether a relation in a tenant''s schema was made by hand, and is not protected.';


create or replace function bss_watch.record_commands(issuer name)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _command record;
    _is_open boolean;
begin
    for _command in
        select
            c.classid, c.objid, c.command_tag, c.object_type, c.object_identity, w.tenant_id,
            coalesce(c.schema_name, a.object_names[1]) as schema_name
        from pg_event_trigger_ddl_commands() as c
        cross join lateral pg_identify_object_as_address(c.classid, c.objid, c.objsubid) as a
        cross join lateral bss_watch.watched(coalesce(c.schema_name, a.object_names[1])) as w
        -- these change nothing of what an object is
        where
            not c.in_extension
            and c.command_tag not in ('REINDEX', 'REFRESH MATERIALIZED VIEW')
    loop
        _is_open := _command.tenant_id is not null
            and _command.classid = 'pg_class'::regclass
            and bss_watch.is_open(_command.objid, _command.tenant_id);
        perform bss_watch.record(row(
            null, null, _command.tenant_id, _command.schema_name, _command.command_tag,
            _command.object_type, _command.object_identity, false, _is_open, null, issuer, null,
            null, null
        )::bss_metadata.ddl_log);
        if _is_open then
            perform bss_watch.protect(_command.objid);
        end if;
    end loop;
end
$$;
comment on function bss_watch.record_commands(name) is
    'Records what a command of somebody else''s has created or altered in watched schemas, and '
    'protects tables that it has made in those of tenants.';


create or replace function bss_watch.record_drops(issuer name, command_tag text)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _drop record;
begin
    for _drop in
        select
            d.object_type, d.object_identity, w.tenant_id,
            coalesce(d.schema_name, d.address_names[1]) as schema_name
        from pg_event_trigger_dropped_objects() as d
        cross join lateral bss_watch.watched(coalesce(d.schema_name, d.address_names[1])) as w
        -- what goes with what was named is not worth a line
        where d.original and not d.is_temporary
    loop
        perform bss_watch.record(row(
            null, null, _drop.tenant_id, _drop.schema_name, command_tag,
            _drop.object_type, _drop.object_identity, true, false, null, issuer, null, null, null
        )::bss_metadata.ddl_log);
    end loop;
end
$$;
comment on function bss_watch.record_drops(name, text) is
    'Records what a command of somebody else''s has dropped in watched schemas.';


drop event trigger if exists bss_ddl;
create event trigger bss_ddl on ddl_command_end
execute function bss_watch.on_ddl();
comment on event trigger bss_ddl is 'Has DDL by others than BSS recorded, or refused.';

drop event trigger if exists bss_drop;
create event trigger bss_drop on sql_drop
execute function bss_watch.on_ddl();
comment on event trigger bss_drop is 'Has what others than BSS drop recorded, or refused.';
