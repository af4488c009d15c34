-- Waking: NOTIFY takes a lock of the whole database at commit, so writers notify only while nobody
-- is awake. Who is awake holds an advisory lock and looks for itself; a dispatcher does so for
-- others, and notifies once for many transactions.

create or replace function bss_internal.wake()
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if
        (select s.value <> '"off"' from bss_metadata.settings as s where s.name = 'events.notify')
        and exists (select from bss_metadata.consumers)
        -- when it is really full, every transaction that notifies fails
        and pg_notification_queue_usage() <= 0.5
    then
        -- without a payload, which anybody could read; the server sends it once a transaction
        perform pg_notify('bss_events', '');
    end if;
end
$$;
comment on function bss_internal.wake() is
    'Notifies those who wait for events, if there are any and it is to be done.';


create or replace function bss.stay_awake()
    returns boolean
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select s.value = '"on demand"' and pg_try_advisory_lock(1112757087, 1)
    from bss_metadata.settings as s where s.name = 'events.notify';
end;
comment on function bss.stay_awake() is
    'Keeps writers from notifying, for one session that polls; false if it must not, or one does.';


create or replace function bss.fall_asleep()
    returns pg_snapshot
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    perform pg_advisory_unlock(1112757087, 1);
    -- who has found it awake began to write before this transaction did
    return bss_internal.present_snapshot(false);
end
$$;
comment on function bss.fall_asleep() is
    'Lets writers notify again; those in progress in the snapshot that it gives may not.';


create or replace function bss.rouse(inout last_id bigint, inout snapshot pg_snapshot)
    returns record
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    -- before the snapshot: who takes an id later is listed in it, or found next time
    _last bigint := (select s.last_value from bss_metadata.outbox_id_seq as s);
begin
    if
        last_id is distinct from _last
        or exists (
            select from pg_snapshot_xip(snapshot) as x (xid)
            where pg_visible_in_snapshot(x.xid, pg_current_snapshot())
        )
    then
        perform bss_internal.wake();
        last_id := _last;
        snapshot := bss_internal.present_snapshot(false);
    end if;
end
$$;
comment on function bss.rouse(bigint, pg_snapshot) is
    'Wakes those who wait for events if some may have come since it was called before.';


-- A SET clause, of search_path too, would keep the procedure from ending transactions.
create or replace procedure bss.dispatch(
    duration interval default '1 hour', pause interval default '2 ms'
)
    security invoker
    language plpgsql
as $$
declare
    _end timestamptz := pg_catalog.clock_timestamp() operator(pg_catalog.+) duration;
    _last bigint;
    _now pg_catalog.pg_snapshot;
    _seen pg_catalog.pg_snapshot;
    _asleep pg_catalog.pg_snapshot;
begin
    if not bss.stay_awake() then
        return;
    end if;
    loop
        _now := pg_catalog.pg_current_snapshot();
        select r.last_id, r.snapshot into _last, _seen from bss.rouse(_last, _seen) as r;
        if _asleep is null and pg_catalog.clock_timestamp() operator(pg_catalog.>=) _end then
            _asleep := bss.fall_asleep();
            _end := pg_catalog.clock_timestamp() operator(pg_catalog.+) least(duration, '10 s');
        end if;
        -- whoever was writing then may have found it awake, and does not notify
        exit when
            pg_catalog.pg_snapshot_xmin(_now)
            operator(pg_catalog.>=) pg_catalog.pg_snapshot_xmax(_asleep)
            or (
                _asleep is not null
                and pg_catalog.clock_timestamp() operator(pg_catalog.>=) _end
            );
        commit;
        perform pg_catalog.pg_sleep_for(pause);
    end loop;
end
$$;
comment on procedure bss.dispatch(interval, interval) is
    'Stays awake on behalf of those who wait for events, for as long as it is told to.';
