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
    'Writes an event that is about a tenant, not about a record of it.';


-- The envelope is CloudEvents 1.0, in its JSON format.
create or replace view bss.events
with (security_invoker = true)
as
select
    o.id, t.external_id as tenant, o.topic, o.created_at,
    jsonb_strip_nulls(
        jsonb_build_object(
            'specversion', '1.0',
            'id', o.id::text,
            'source', '/business_store/' || e.origin,
            'type', o.topic,
            'subject', coalesce(o.resource || '/' || (o.record_id #>> '{}'), o.resource),
            'time', to_char(o.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            'datacontenttype', 'application/json',
            'dataschema', 'urn:bss:schema:' || t.external_id || ':' || s.version,
            'tenantid', t.external_id,
            'correlationid', o.correlation_id
        )
    ) || jsonb_build_object(
        'data',
        jsonb_build_object('tenantId', t.external_id)
        || case
            when o.resource is null then coalesce(o.data, '{}')
            else jsonb_build_object('resource', o.resource)
                || case
                    when o.record_id is null then '{}'
                    else jsonb_build_object('recordId', o.record_id)
                end
                || case
                    when o.data is null then '{}' else jsonb_build_object('data', o.data)
                end
        end
    ) as event,
    o.tenant_id
from bss_metadata.outbox as o
join lateral (
    select p.origin from bss_metadata.epochs as p
    where p.first_id < o.id order by p.first_id desc limit 1
) as e on true
left join bss_metadata.tenants as t on t.id = o.tenant_id
left join lateral (
    select v.version
    from bss_metadata.tenant_schemas as v
    where v.tenant_id = o.tenant_id and v.applied_at <= o.created_at
    order by v.version desc
    limit 1
) as s on true;
comment on view bss.events is 'Shows the events that the reader may see, as long as they are kept.';
comment on column bss.events.id is 'The identity of the event, and its place in the order.';
comment on column bss.events.tenant is 'The external id of the tenant.';
comment on column bss.events.topic is 'What kind of event it is.';
comment on column bss.events.created_at is 'When it happened.';
comment on column bss.events.event is 'The event as CloudEvents 1.0 has it.';
comment on column bss.events.tenant_id is 'The tenant.';
