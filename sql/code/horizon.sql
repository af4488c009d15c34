-- How far readers of events may go: which transactions have ended, and which ids are to come.

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
                union
                select generate_series(least(_beyond, _own), _own) as xid
                where _beyond <= _own
                union
                select _own as xid
            ) as x
            where lists_own or x.xid <> _own
        )
    )::pg_snapshot;
end
$$;
comment on function bss_internal.present_snapshot(boolean) is
    'Gives the present snapshot, in which all that are older than this transaction and have not '
    'ended are in progress, and so is this one if it may write events.';


create or replace function bss_internal.bound_of_later_ids()
    returns bigint
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return case
        when pg_current_xact_id_if_assigned() is null then bss_internal.last_event_id()
        else 0
    end;
end
$$;
comment on function bss_internal.bound_of_later_ids() is
    'Gives an id below those of all transactions that begin to write after this one, which has not '
    'yet; 0 if it has, since they may have, too.';
