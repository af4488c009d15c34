-- The audit log forgets nothing: its entries are chained by hashes as they commit, and nobody, not
-- even the owner of the log, changes or removes one but by retention, which leaves a mark.

-- Without a search_path of its own, so that it becomes a part of the statements that call it; all
-- names are qualified instead.
create or replace function bss_internal.audit_hash(
    previous bytea, entry bss_metadata.tenant_audit_log
)
    returns bytea
    immutable parallel safe
    security invoker
    language sql
    -- as an array, so that no two entries are spelled alike; the time as seconds, which no setting
    -- of a session spells in another way
    return pg_catalog.sha256(
        previous operator(pg_catalog.||) pg_catalog.convert_to(
            pg_catalog.jsonb_build_array(
                entry.id, entry.tenant_id, entry.action_type,
                extract(epoch from entry.action_timestamp), entry.initiator,
                entry.session_user_name, entry.correlation_id, entry.details
            )::pg_catalog.text,
            'UTF8'
        )
    );
comment on function bss_internal.audit_hash(bytea, bss_metadata.tenant_audit_log) is
    'Gives the hash of an audit entry that follows one with the given hash.';


create or replace function bss_internal.chain_entry()
    returns trigger
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    with head as (
        -- this locks the chain; deferred to the commit, so that transactions hold it for an instant
        insert into bss_metadata.audit_heads as h (chain, position, hash)
        values (
            coalesce(new.tenant_id, '00000000-0000-0000-0000-000000000000'), 1,
            bss_internal.audit_hash('', new)
        )
        on conflict (chain) do update
        set position = h.position + 1, hash = bss_internal.audit_hash(h.hash, new)
        returning h.chain, h.position, h.hash
    )
    insert into bss_metadata.audit_links (chain, position, entry_id, hash)
    select h.chain, h.position, new.id, h.hash from head as h;
    return null;
end
$$;
comment on function bss_internal.chain_entry() is
    'Gives an audit entry its place at the end of its chain, when its transaction commits.';

drop trigger if exists chain_entry on bss_metadata.tenant_audit_log;
create constraint trigger chain_entry after insert on bss_metadata.tenant_audit_log
deferrable initially deferred for each row execute function bss_internal.chain_entry();


create or replace function bss_internal.refuse_to_forget()
    returns trigger
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if tg_op = 'DELETE' and tg_level = 'ROW' then
        if exists (
            select
            from bss_metadata.audit_links as l
            join bss_metadata.audit_heads as h on h.chain = l.chain
            where
                l.entry_id = (to_jsonb(old) ->> tg_argv[0])::uuid
                and l.position < h.kept_from
        ) then
            return old;
        end if;
    end if;
    raise exception using
        errcode = 'SB530',
        message = 'entries of the audit log are not changed or removed',
        detail = format('%s of table "%s" was refused.', tg_op, tg_table_name),
        hint = 'What is old enough goes with bss.purge_audit().',
        schema = tg_table_schema,
        table = tg_table_name;
end
$$;
comment on function bss_internal.refuse_to_forget() is
    'Refuses every change of an audit entry but the removal of one that retention has passed.';

create or replace trigger refuse_to_forget
before update or delete on bss_metadata.tenant_audit_log
for each row execute function bss_internal.refuse_to_forget('id');
create or replace trigger refuse_to_truncate
before truncate on bss_metadata.tenant_audit_log
for each statement execute function bss_internal.refuse_to_forget();
create or replace trigger refuse_to_forget
before update or delete on bss_metadata.audit_links
for each row execute function bss_internal.refuse_to_forget('entry_id');
create or replace trigger refuse_to_truncate
before truncate on bss_metadata.audit_links
for each statement execute function bss_internal.refuse_to_forget();


create or replace function bss_internal.refuse_to_go_back()
    returns trigger
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if tg_op = 'UPDATE' then
        if
            new.chain = old.chain
            and new.position - old.position in (0, 1)
            and (new.hash = old.hash) = (new.position = old.position)
            and new.kept_from >= old.kept_from
        then
            return new;
        end if;
    end if;
    raise exception using
        errcode = 'SB531',
        message = 'chains of the audit log only grow',
        detail = format('%s of table "%s" was refused.', tg_op, tg_table_name),
        hint = 'What is old enough goes with bss.purge_audit().',
        schema = tg_table_schema,
        table = tg_table_name;
end
$$;
comment on function bss_internal.refuse_to_go_back() is
    'Refuses to move the head of a chain of audit entries anywhere but forward.';

create or replace trigger refuse_to_go_back
before update or delete on bss_metadata.audit_heads
for each row execute function bss_internal.refuse_to_go_back();
create or replace trigger refuse_to_truncate
before truncate on bss_metadata.audit_heads
for each statement execute function bss_internal.refuse_to_go_back();


create or replace function bss_internal.verify_chain(head bss_metadata.audit_heads)
    returns table (number bigint, entry_id uuid, problem text)
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select f.position, f.entry_id, f.problem
    from (
        select
            k.position, k.entry_id,
            case
                when k.hash is null then 'link is missing'
                when k.is_missing then 'entry is missing'
                when k.hash is distinct from bss_internal.audit_hash(k.previous, k.entry)
                    then 'entry or what is before it was changed'
                when k.position = head.position and k.hash <> head.hash
                    then 'entry is not the one that the chain ended with'
            end as problem
        from (
            select
                p.position, l.entry_id, l.hash, a as entry, a.id is null as is_missing,
                coalesce(lag(l.hash) over (order by p.position), head.kept_after) as previous
            from generate_series(head.kept_from, head.position) as p (position)
            left join bss_metadata.audit_links as l
                on l.chain = head.chain and l.position = p.position
            left join bss_metadata.tenant_audit_log as a on a.id = l.entry_id
        ) as k
    ) as f
    where f.problem is not null
    union all
    select l.position, l.entry_id, 'entry is beyond the end of its chain' as problem
    from bss_metadata.audit_links as l
    where l.chain = head.chain and l.position > head.position;
end;
comment on function bss_internal.verify_chain(bss_metadata.audit_heads) is
    'Lists what does not fit in one chain of audit entries.';


create or replace function bss.verify_audit()
    returns table (tenant text, tenant_id uuid, number bigint, entry_id uuid, problem text)
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    perform bss_internal.require_operator();
    -- what this transaction did gets its place now, not when it commits
    set constraints bss_metadata.chain_entry immediate;
    set constraints bss_metadata.chain_entry deferred;
    return query
    select t.external_id, t.id, f.number, f.entry_id, f.problem
    from (
        select h.chain, v.number, v.entry_id, v.problem
        from bss_metadata.audit_heads as h, bss_internal.verify_chain(h) as v
        union all
        select
            coalesce(a.tenant_id, '00000000-0000-0000-0000-000000000000'), null, a.id,
            'entry is in no chain'
        from bss_metadata.tenant_audit_log as a
        where not exists (select from bss_metadata.audit_links as l where l.entry_id = a.id)
    ) as f
    left join bss_metadata.tenants as t on t.id = f.chain
    order by t.external_id nulls first, f.chain, f.number, f.entry_id;
end
$$;
comment on function bss.verify_audit() is
    'Lists entries of the audit log that were removed, changed or put in between; none if all is '
    'well.';


create or replace function bss.purge_audit(
    older_than interval, initiator text default null, correlation_id text default null
)
    returns bigint
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _before timestamptz := clock_timestamp() - older_than;
    _purged bigint;
begin
    perform bss_internal.require_operator();
    if older_than is null or older_than < interval '0' then
        raise exception using
            errcode = 'SB532',
            message = format('age "%s" cannot be used', older_than),
            hint = 'Give the time that audit entries are kept, from 0 up.';
    end if;
    perform from bss_metadata.audit_heads as h order by h.chain for update;
    update bss_metadata.audit_heads as h
    set kept_from = k.position + 1, kept_after = k.hash
    from (
        -- up to the first entry that is not old enough
        select distinct on (l.chain) l.chain, l.position, l.hash
        from bss_metadata.audit_links as l
        where l.position < coalesce((
            select min(r.position)
            from bss_metadata.audit_links as r
            join bss_metadata.tenant_audit_log as a on a.id = r.entry_id
            where r.chain = l.chain and a.action_timestamp >= _before
        ), 9223372036854775807)
        order by l.chain, l.position desc
    ) as k
    where h.chain = k.chain;
    delete from bss_metadata.tenant_audit_log as a
    using bss_metadata.audit_links as l, bss_metadata.audit_heads as h
    where l.entry_id = a.id and h.chain = l.chain and l.position < h.kept_from;
    get diagnostics _purged = row_count;
    delete from bss_metadata.audit_links as l
    using bss_metadata.audit_heads as h
    where h.chain = l.chain and l.position < h.kept_from;
    perform bss_internal.audit(
        null, 'audit.purged', initiator, correlation_id,
        jsonb_build_object('older_than', older_than, 'entries', _purged)
    );
    return _purged;
end
$$;
comment on function bss.purge_audit(interval, text, text) is
    'Removes older audit entries, from the beginning of each chain on, and records that it did.';


create or replace view bss.audit_heads
with (security_invoker = true)
as
select
    t.external_id as tenant, h.position, encode(h.hash, 'hex') as hash, h.kept_from,
    h.chain as tenant_id
from bss_metadata.audit_heads as h
left join bss_metadata.tenants as t on t.id = h.chain;
comment on view bss.audit_heads is
    'Shows where each chain of audit entries ends; a copy that is kept elsewhere proves it later.';
comment on column bss.audit_heads.tenant is 'The tenant; null for the installation itself.';
comment on column bss.audit_heads.position is 'How many entries there have been.';
comment on column bss.audit_heads.hash is 'The hash of the last one, and so of all.';
comment on column bss.audit_heads.kept_from is 'The first entry that is still kept.';
comment on column bss.audit_heads.tenant_id is 'The tenant, or the nil uuid.';
