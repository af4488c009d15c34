-- Handlers: functions that are called with an event that was received. A handler runs as its owner,
-- an operator, never as the owner of BSS; so it can do what its owner could do by hand.

create or replace function bss_internal.handler_fault(handler oid)
    returns text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return (
        select case
            when p.pronamespace = to_regnamespace('bss_internal') and o.rolname = 'bss_owner'
                and p.proname in ('on_tenant_created', 'on_tenant_deleted')
                then null
            when p.prokind <> 'f' or p.proretset or p.prorettype <> to_regtype('jsonb')
                or p.proargtypes::text <> to_regtype('jsonb')::oid::text
                then 'It should be a function that takes jsonb and returns jsonb'
            when not p.prosecdef then 'It should be a security definer'
            when not exists (
                select from unnest(p.proconfig) as s (setting)
                where starts_with(s.setting, 'search_path=')
            ) then 'It should set its search_path'
            when o.rolsuper or pg_has_role(o.oid, 'bss_owner', 'member')
                or not pg_has_role(o.oid, 'bss_admin', 'member')
                then 'Its owner should be a member of bss_admin, and no superuser'
            when not has_schema_privilege('bss_owner', p.pronamespace, 'usage')
                or not has_function_privilege('bss_owner', p.oid, 'execute')
                then 'The role bss_owner should have the privilege to execute it'
        end
        from pg_proc as p
        join pg_roles as o on o.oid = p.proowner
        where p.oid = handler
    );
end
$$;
comment on function bss_internal.handler_fault(oid) is
    'Says what keeps a function from being called for events; null if nothing does.';


create or replace function bss_internal.require_handler(
    handler oid, named text, registered_owner text default null
)
    returns void
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _fault text := case
        when handler is null then 'There is none' else bss_internal.handler_fault(handler)
    end;
begin
    if _fault is null and registered_owner is not null then
        select 'It belongs to another owner since' into _fault
        from pg_proc as p
        where p.oid = handler and pg_get_userbyid(p.proowner) <> registered_owner;
    end if;
    if _fault is not null then
        raise exception using
            errcode = 'SB731',
            message = format('function "%s" cannot handle events', named),
            detail = format('%s.', _fault),
            hint = 'Follow DETAIL, and call bss.register_handler() again.';
    end if;
end
$$;
comment on function bss_internal.require_handler(oid, text, text) is
    'Refuses a function that must not be called for events, or has changed hands.';


create or replace function bss.register_handler(topics text, handler regprocedure)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    perform bss_internal.require_operator();
    perform bss_internal.topic_pattern(array[topics]);
    perform bss_internal.require_handler(handler, handler::text);
    insert into bss_metadata.handlers (topics, schema_name, function_name, owner_name)
    select
        register_handler.topics, n.nspname, p.proname, pg_get_userbyid(p.proowner)
    from pg_proc as p
    join pg_namespace as n on n.oid = p.pronamespace
    where p.oid = handler
    on conflict on constraint handlers_topics_schema_name_function_name_pkey do update
    set
        owner_name = excluded.owner_name, registered_by = excluded.registered_by,
        registered_at = excluded.registered_at;
    perform bss_internal.audit(
        null, 'handler.registered', null, null,
        jsonb_build_object('topics', topics, 'handler', handler::text)
    );
end
$$;
comment on function bss.register_handler(text, regprocedure) is
    'Has a function of an operator called with every event that is received of a topic, or of '
    'those that a pattern stands for.';


create or replace function bss.unregister_handler(topics text, handler text)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    perform bss_internal.require_operator();
    delete from bss_metadata.handlers as h
    where
        h.topics = unregister_handler.topics
        and format('%I.%I', h.schema_name, h.function_name) = unregister_handler.handler;
    if not found then
        raise exception using
            errcode = 'SB732',
            message = format(
                'function "%s" does not handle "%s"', left(handler, 130), left(topics, 200)
            ),
            hint = 'What handles which topics is listed in bss.handlers.';
    end if;
    perform bss_internal.audit(
        null, 'handler.unregistered', null, null,
        jsonb_build_object('topics', topics, 'handler', handler)
    );
end
$$;
comment on function bss.unregister_handler(text, text) is
    'Has a function, which may be gone, called no more for a topic or a pattern.';


create or replace function bss_internal.call_handlers(received bss_metadata.received_events)
    returns jsonb
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _handler record;
    _result jsonb;
    _results jsonb := '{}';
    _context constant text := current_setting('backtrace_functions');
    _correlation constant text := current_setting('app.correlation_id', true);
begin
    -- a handler acts for no tenant but those that it enters, and leaves none behind
    perform
        set_config('backtrace_functions', '', true),
        set_config('app.correlation_id', received.correlation_id, true);
    for _handler in
        select h.schema_name, h.function_name, h.owner_name,
            format('%I.%I', h.schema_name, h.function_name) as name
        from bss_metadata.handlers as h
        where
            starts_with(received.topic, bss_internal.topic_prefix(array[h.topics]))
            and received.topic ~ coalesce(bss_internal.topic_pattern(array[h.topics]), '')
        order by h.schema_name, h.function_name, h.topics
    loop
        perform bss_internal.require_handler(
            to_regprocedure(_handler.name || '(pg_catalog.jsonb)'), _handler.name,
            _handler.owner_name
        );
        execute format('select %I.%I($1)', _handler.schema_name, _handler.function_name)
        into _result using received.event;
        _results := _results || jsonb_build_object(_handler.name, _result);
    end loop;
    -- what is only found at the end of the transaction would undo the record with it
    set constraints all immediate;
    perform
        set_config('backtrace_functions', _context, true),
        set_config('app.correlation_id', coalesce(_correlation, ''), true);
    return _results;
end
$$;
comment on function bss_internal.call_handlers(bss_metadata.received_events) is
    'Calls the functions that are registered for an event; gives their results by their names.';


create or replace function bss_internal.tenant_of_event(event jsonb)
    returns text
    immutable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select left(
        coalesce(
            case jsonb_typeof(event #> '{data,tenantId}')
                when 'string' then event #>> '{data,tenantId}'
            end,
            event ->> 'tenantid'
        ),
        200
    );
end;
comment on function bss_internal.tenant_of_event(jsonb) is
    'Gives the tenant that an event names: in its data, or in its envelope.';


create or replace function bss_internal.require_tenant_of_event(event jsonb)
    returns text
    immutable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if bss_internal.tenant_of_event(event) is null then
        raise exception using
            errcode = 'SB733',
            message = 'event names no tenant',
            hint = 'Send "tenantId" in its data, or "tenantid" in its envelope.';
    end if;
    return bss_internal.tenant_of_event(event);
end
$$;
comment on function bss_internal.require_tenant_of_event(jsonb) is
    'Gives the tenant that an event names; refuses one that names none.';


-- Events may overtake each other: what the clock of their source says decides.
create or replace function bss_internal.is_superseded(event jsonb)
    returns boolean
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return exists (
        select from bss_metadata.received_events as r
        where
            r.source = is_superseded.event ->> 'source'
            and r.tenant = bss_internal.tenant_of_event(is_superseded.event)
            and r.topic in ('auth.tenant.created', 'auth.tenant.deleted')
            and r.topic <> is_superseded.event ->> 'type'
            and r.event_time > bss_internal.event_time(is_superseded.event ->> 'time')
    );
end
$$;
comment on function bss_internal.is_superseded(jsonb) is
    'Says whether a later event about the same tenant says the contrary.';


create or replace function bss_internal.on_tenant_created(event jsonb)
    returns jsonb
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant text := bss_internal.require_tenant_of_event(event);
    _name text := coalesce(event #>> '{data,displayName}', event #>> '{data,name}');
begin
    if bss_internal.is_superseded(event) then
        return '{"outcome": "superseded"}';
    end if;
    if exists (
        select from bss_metadata.tenants as t
        where
            t.external_id = _tenant and t.isolation <> 'host'
            and t.status in ('ACTIVE', 'SUSPENDED')
    ) then
        return '{"outcome": "existed"}';
    end if;
    return jsonb_build_object(
        'outcome', 'provisioned',
        'id', bss.provision_tenant(
            _tenant, null, _name, event ->> 'source', current_setting('app.correlation_id'),
            nullif(bss_internal.setting('receive.blueprint'), '')
        )
    );
end
$$;
comment on function bss_internal.on_tenant_created(jsonb) is
    'Provisions the tenant that an event says was created.';


create or replace function bss_internal.on_tenant_deleted(event jsonb)
    returns jsonb
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _name text := bss_internal.require_tenant_of_event(event);
    _tenant bss_metadata.tenants;
begin
    if bss_internal.is_superseded(event) then
        return '{"outcome": "superseded"}';
    end if;
    select t.* into _tenant
    from bss_metadata.tenants as t where t.external_id = _name and t.status <> 'DELETED';
    if _tenant.id is null then
        return '{"outcome": "unknown"}';
    end if;
    return jsonb_build_object(
        'outcome', 'deprovisioned',
        'dropAfter', coalesce(
            _tenant.drop_after,
            bss.deprovision_tenant(
                _tenant.id::text, null, event ->> 'source', current_setting('app.correlation_id')
            )
        )
    );
end
$$;
comment on function bss_internal.on_tenant_deleted(jsonb) is
    'Begins to deprovision the tenant that an event says was deleted.';


create or replace view bss.handlers
with (security_invoker = true)
as
select
    h.topics, format('%I.%I', h.schema_name, h.function_name) as handler, h.owner_name,
    h.registered_by, h.registered_at
from bss_metadata.handlers as h;
comment on view bss.handlers is 'Lists the functions that are called for events of other services.';
comment on column bss.handlers.topics is 'A topic, or a pattern of topics.';
comment on column bss.handlers.handler is 'The function.';
comment on column bss.handlers.owner_name is 'Whom it has to belong to.';
comment on column bss.handlers.registered_by is 'The login that registered it.';
comment on column bss.handlers.registered_at is 'When it was registered.';
