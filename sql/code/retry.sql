-- What a consumer could not do: tried again later and later, until it is a dead letter.

create or replace function bss_internal.retry_delay(attempts integer)
    returns interval
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    -- half of it by chance, so that what failed together does not come again together
    select least(
        bss_internal.setting('events.retry_delay')::interval * 2 ^ least(attempts - 1, 30),
        bss_internal.setting('events.retry_delay_limit')::interval
    ) * (0.5 + random() / 2);
end;
comment on function bss_internal.retry_delay(integer) is
    'Gives how long to wait after so many failures.';


create or replace function bss.nack(name text, token bigint, id bigint, reason text)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _consumer bss_metadata.consumers := bss_internal.lock_consumer(name);
    _place integer;
    _back bigint[];
begin
    perform bss_internal.refuse_token(_consumer, token);
    _place := bss_internal.place_in_batch(_consumer, id);
    -- it and what follows of the same tenant
    select array_agg(b.id order by b.place) into _back
    from unnest(_consumer.batch) with ordinality as b (id, place)
    join bss_internal.event_tenants(_consumer.name, _consumer.batch) as o on o.id = b.id
    where b.place >= _place and o.tenant_id is not distinct from (
        select f.tenant_id from bss_internal.event_tenants(_consumer.name, array[nack.id]) as f
    );
    insert into bss_metadata.deliveries (consumer, event_id, tenant_id)
    select _consumer.name, o.id, o.tenant_id
    from unnest(_back) with ordinality as b (id, place)
    join bss_internal.event_tenants(_consumer.name, _back) as o on o.id = b.id
    order by b.place
    on conflict do nothing;
    perform bss_internal.count_failure(_consumer.name, id, reason);
    update bss_metadata.consumers as c
    set
        batch = array(
            select b.id from unnest(c.batch) with ordinality as b (id, place)
            where b.id <> all (_back) order by b.place
        ),
        leased_until = clock_timestamp() + bss_internal.setting('events.lease')::interval
    where c.name = _consumer.name;
    update bss_metadata.consumers as c set position = c.batch_position
    where c.name = _consumer.name and c.batch = '{}';
end
$$;
comment on function bss.nack(text, bigint, bigint, text) is
    'Says that an event failed, so that it comes again later, with what its tenant has behind it.';


create or replace function bss_internal.event_tenants(consumer text, ids bigint[])
    returns table (id bigint, tenant_id uuid)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select i.id, coalesce(d.tenant_id, o.tenant_id)
    from unnest(ids) as i (id)
    left join bss_metadata.outbox as o on o.id = i.id
    left join bss_metadata.deliveries as d
        on d.consumer = event_tenants.consumer and d.event_id = i.id;
end;
comment on function bss_internal.event_tenants(text, bigint[]) is
    'Gives the tenants of events, of dead letters too whose events are no longer kept.';


create or replace function bss_internal.count_failure(consumer text, event_id bigint, reason text)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    update bss_metadata.deliveries as d
    set
        attempts = d.attempts + 1, reason = left(count_failure.reason, 1000),
        due_at = clock_timestamp() + bss_internal.retry_delay(d.attempts + 1)
    where d.consumer = count_failure.consumer and d.event_id = count_failure.event_id;
    update bss_metadata.deliveries as d
    set
        dead_at = clock_timestamp(), due_at = null,
        event = coalesce(
            d.event, (select e.event from bss.events as e where e.id = d.event_id)
        )
    where
        d.consumer = count_failure.consumer and d.event_id = count_failure.event_id
        and d.attempts >= bss_internal.setting('events.max_attempts')::integer;
end
$$;
comment on function bss_internal.count_failure(text, bigint, text) is
    'Puts off the next delivery of an event, or makes a dead letter of it.';


create or replace function bss.revive(name text, id bigint default null)
    returns integer
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _consumer bss_metadata.consumers := bss_internal.lock_consumer(name);
    _count integer;
begin
    update bss_metadata.deliveries as d
    set dead_at = null, attempts = 0
    where
        d.consumer = _consumer.name and d.dead_at is not null
        and (revive.id is null or d.event_id = revive.id);
    get diagnostics _count = row_count;
    return _count;
end
$$;
comment on function bss.revive(text, bigint) is
    'Lets dead letters of a consumer be delivered again; gives how many.';
