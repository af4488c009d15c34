-- Snapshots and ids, by which readers know what they have read, and the places where these count.

-- Of the transactions that have not ended, the server lists those older than some that has ended,
-- and not its own. Here all are listed up to this one, which may go on writing: those that are not
-- listed take ids after this one began to write.
create or replace function bss_internal.present_snapshot(lists_own boolean default true)
    returns pg_snapshot
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _own bigint := pg_current_xact_id()::text;
    _now pg_snapshot := pg_current_snapshot();
    _beyond bigint := pg_snapshot_xmax(_now)::text;
begin
    return format(
        '%s:%s:%s', least(pg_snapshot_xmin(_now)::text::bigint, _own),
        greatest(_beyond, _own + 1),
        (
            select string_agg(x.xid::text, ',' order by x.xid)
            from (
                select l.xid::text::bigint as xid from pg_snapshot_xip(_now) as l (xid)
                union all
                select generate_series(least(_beyond, _own), _own) as xid
            ) as x
            where lists_own or x.xid <> _own
        )
    )::pg_snapshot;
end
$$;
comment on function bss_internal.present_snapshot(boolean) is
    'Gives the present snapshot, in which all that are older than this transaction and have not '
    'ended are in progress, and so is this one if it may write events.';


create or replace function bss_internal.last_id_given()
    returns bigint
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return coalesce(pg_sequence_last_value('bss_metadata.outbox_id_seq'), 0);
end
$$;
comment on function bss_internal.last_id_given() is
    'Gives the last id that was given to an event, though that may not be in sight, or never be.';


create or replace function bss_internal.bound_of_later_ids()
    returns bigint
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return case
        when pg_current_xact_id_if_assigned() is null then bss_internal.last_id_given()
        else 0
    end;
end
$$;
comment on function bss_internal.bound_of_later_ids() is
    'Gives an id below those of all transactions that begin to write after this one, which has not '
    'yet; 0 if it has, since they may have, too.';


create or replace function bss_internal.database_place()
    returns text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return (
        select concat((pg_control_system()).system_identifier, '/', d.oid)
        from pg_database as d
        where d.datname = current_database()
    );
end
$$;
comment on function bss_internal.database_place() is 'Names the cluster and the database in it.';


create or replace function bss_internal.last_event_id()
    returns bigint
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return (
        select coalesce(max(o.id), 0) from bss_metadata.outbox as o
    );
end
$$;
comment on function bss_internal.last_event_id() is 'Gives the highest id of an event.';


create or replace function bss_internal.list_unread()
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    -- events up to it are of the places before that which is left: their transactions mean nothing
    _first_id constant bigint := (select max(e.first_id) from bss_metadata.epochs as e);
begin
    with waiting as (
        delete from bss_metadata.deliveries as d where d.dead_at is null returning d.*
    )
    insert into bss_metadata.deliveries (
        consumer, event_id, tenant_id, attempts, due_at, reason, event
    )
    select c.name, o.id, o.tenant_id, 0, null, null, null
    from bss_metadata.consumers as c
    join bss_internal.streams as s on s.consumer = c.name
    join bss_metadata.outbox as o
        on
            o.id > s.low
            or bss_internal.is_unread(
                o.id, o.xid, o.id <= _first_id, s.since, s.until, s.position
            )
    where
        bss_internal.is_in_stream(o.tenant_id, s.tenant_id, s.apart)
        and starts_with(o.topic, c.topic_prefix)
        and (c.topic_pattern is null or o.topic ~ c.topic_pattern)
        and (c.tenants is null or o.tenant_id = any (c.tenants))
        and not exists (
            select from waiting as w where w.consumer = c.name and w.event_id = o.id
        )
    union all
    select w.consumer, w.event_id, w.tenant_id, w.attempts, w.due_at, w.reason, w.event
    from waiting as w
    order by 1, 2
    -- a dead letter stays one
    on conflict do nothing;
end
$$;
comment on function bss_internal.list_unread() is
    'Lists by their ids, in one order, what consumers have not read and are to try again.';


create or replace function bss_internal.begin_epoch()
    returns bigint
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _last bigint;
    _now pg_snapshot;
begin
    lock table bss_metadata.consumers in exclusive mode;
    lock table bss_metadata.outbox in share mode;
    _last := bss_internal.last_event_id();
    _now := bss_internal.present_snapshot();
    if exists (
        select from bss_metadata.epochs as e where e.place = bss_internal.database_place()
            and e.epoch = (select max(l.epoch) from bss_metadata.epochs as l)
    ) then
        return null;
    end if;
    -- ids are what both places have in common: what is left of the old one is listed by them
    perform bss_internal.list_unread();
    update bss_metadata.consumers as c
    set
        since = _now, until = _now, low = _last, position = _last, floors = '{}', batch = '{}',
        batch_position = _last, unacknowledged = 0, apart = '{}', stream = null,
        token = c.token + 1, leased_until = '-infinity';
    delete from bss_metadata.consumer_streams;
    insert into bss_metadata.epochs (epoch, place, first_id)
    select max(e.epoch) + 1, bss_internal.database_place(), _last from bss_metadata.epochs as e;
    return _last;
end
$$;
comment on function bss_internal.begin_epoch() is
    'Begins to count transactions anew, after a restore: what is unread is listed by its ids.';


create or replace function bss_internal.first_id()
    returns bigint
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _epoch bss_metadata.epochs;
begin
    select e.* into _epoch from bss_metadata.epochs as e order by e.epoch desc limit 1;
    if _epoch.place <> bss_internal.database_place() then
        perform bss_internal.begin_epoch();
        select e.* into _epoch from bss_metadata.epochs as e order by e.epoch desc limit 1;
    end if;
    return _epoch.first_id;
end
$$;
comment on function bss_internal.first_id() is
    'Gives the id up to which events are older than the cluster, and notices a new cluster.';
