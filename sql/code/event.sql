-- Events: how one that is no change of a row is written, and how all of them are read.

create or replace function bss_internal.emit(
    tenant_id uuid, topic text, data jsonb, correlation_id text default null
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    -- before the id, so that a snapshot without this transaction has no higher one
    perform pg_current_xact_id();
    insert into bss_metadata.outbox (tenant_id, topic, data, correlation_id)
    values (emit.tenant_id, emit.topic, emit.data, emit.correlation_id);
    if pg_try_advisory_lock_shared(1112757087, 1) then
        perform pg_advisory_unlock_shared(1112757087, 1);
        perform bss_internal.wake();
    end if;
end
$$;
comment on function bss_internal.emit(uuid, text, jsonb, text) is
    'Writes an event that is not about a record.';


-- What operators do to schemas, tenants and their tables is told; what they do to logins, keys and
-- settings is nobody's business outside. Inlined, as bss.current_tenant_id(), and so without a
-- search_path of its own.
create or replace function bss_internal.topic_of(action_type text, details jsonb)
    returns text
    immutable parallel safe
    security invoker
    language sql
    return case
        when action_type = 'tenant.status'
            then 'business_store.tenant.' || lower(details ->> 'after')
        when action_type ~ '^(blueprint|fleet|partitions|pool|rows|schema|shared|tenant)\.'
            then 'business_store.' || action_type
    end;
comment on function bss_internal.topic_of(text, jsonb) is
    'Gives the topic of an action that is recorded; null for one that no event tells of.';


create or replace function bss_internal.tell(
    tenant_id uuid, action_type text, initiator text, correlation_id text, details jsonb
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _topic constant text := bss_internal.topic_of(action_type, details);
begin
    if _topic is not null then
        perform bss_internal.emit(
            tenant_id, _topic,
            coalesce(details, '{}')
            || case
                when action_type = 'schema.updated'
                    then jsonb_build_object('version', details -> 'to')
                else '{}'
            end
            || jsonb_build_object(
                'timestamp', now(), 'initiator', coalesce(initiator, session_user)
            ),
            correlation_id
        );
    end if;
end
$$;
comment on function bss_internal.tell(uuid, text, text, text, jsonb) is
    'Writes the event of an action that is recorded, if it is of interest outside.';


-- The envelope is CloudEvents 1.0, in its JSON format, put together as text, of which concat()
-- leaves out what is null: jsonb would be taken apart and put together again for each event.
create or replace view bss.events
with (security_invoker = true)
as
select
    o.id, t.external_id as tenant, o.topic, o.created_at,
    concat(
        '{"specversion":"1.0","id":"', o.id, '","source":"/business_store/', e.origin,
        '","type":', to_json(o.topic),
        ',"subject":' || to_json(coalesce(o.resource || '/' || (o.record_id #>> '{}'), o.resource)),
        ',"time":', left(to_json(o.created_at at time zone 'UTC')::text, -1),
        'Z","datacontenttype":"application/json"',
        ',"dataschema":' || to_json('urn:bss:schema:' || t.external_id || ':' || s.version),
        ',"tenantid":' || to_json(t.external_id),
        ',"correlationid":' || to_json(o.correlation_id),
        ',"data":',
        case
            when o.resource is null
                then
                    jsonb_strip_nulls(jsonb_build_object('tenantId', t.external_id))
                    || coalesce(o.data, '{}')
        end,
        case
            when o.resource is not null then concat(
                '{', '"tenantId":' || to_json(t.external_id) || ',',
                '"resource":', to_json(o.resource),
                ',"recordId":' || o.record_id::text, ',"data":' || o.data::text,
                '}'
            )
        end,
        '}'
    )::json as event,
    o.tenant_id, o.xid
from bss_metadata.outbox as o
join (
    select p.origin, p.first_id, lead(p.first_id) over (order by p.first_id) as last_id
    from bss_metadata.epochs as p
) as e on e.first_id < o.id and (e.last_id is null or o.id <= e.last_id)
left join bss_metadata.tenants as t on t.id = o.tenant_id
left join lateral (
    select v.version
    from bss_metadata.tenant_schemas as v
    where
        v.tenant_id = coalesce(t.pool_id, o.tenant_id) and v.applied_at <= o.created_at
        -- before it was moved, its versions were counted elsewhere
        and (t.placed_at is null or t.placed_at <= o.created_at)
    -- all of the index: under a policy the server does not see that the first column is constant
    order by v.tenant_id desc, v.version desc
    limit 1
) as s on true;
comment on view bss.events is 'Shows the events that the reader may see, as long as they are kept.';
comment on column bss.events.id is 'The identity of the event, and its place in the order.';
comment on column bss.events.tenant is 'The external id of the tenant.';
comment on column bss.events.topic is 'What kind of event it is.';
comment on column bss.events.created_at is 'When it happened.';
comment on column bss.events.event is 'The event as CloudEvents 1.0 has it.';
comment on column bss.events.tenant_id is 'The tenant.';
comment on column bss.events.xid is 'The transaction in which it happened.';
