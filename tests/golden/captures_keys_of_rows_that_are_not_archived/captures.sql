-- c_8183531ce7ffccf19f27ec57344d00e7
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, 'business_store.data.items.deleted',
        'items', case when o.order_id is not null then pg_catalog.jsonb_build_object('order_id', o.order_id, 'line', o.line) end,
        null
    from old_rows as o
    where not o.is_archived;
    if found and (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end

-- c_906300a523ac2f889f970a430aa090db
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        n.tenant_id, 'business_store.data.items.created',
        'items', case when n.order_id is not null then pg_catalog.jsonb_build_object('order_id', n.order_id, 'line', n.line) end,
        null
    from new_rows as n
    where not n.is_archived;
    if found and (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end

-- c_0a50fa55a5e2f5b8d3414b85a9ec730c
begin
    -- row-level security shows all rows to an operator, and none to anyone else
    perform bss_internal.require_operator();
    perform pg_catalog.pg_current_xact_id();
    execute pg_catalog.concat('insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''business_store.data.items.deleted'',
        ''items'', case when o.order_id is not null then pg_catalog.jsonb_build_object(''order_id'', o.order_id, ''line'', o.line) end,
        null from ', tg_relid::pg_catalog.regclass, ' as o where not o.is_archived');
    if (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end

-- c_98354fb03a12db6d3258105e44022cb3
begin
    if
        pg_catalog.current_setting('backtrace_functions')
        operator(pg_catalog.=) 'filling_of_bss'
    then
        return null;
    end if;
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        coalesce(n.tenant_id, o.tenant_id), case
            when o.order_id is null then 'business_store.data.items.created'
            when n.order_id is null then 'business_store.data.items.deleted'
            else 'business_store.data.items.updated'
        end,
        'items', coalesce(case when n.order_id is not null then pg_catalog.jsonb_build_object('order_id', n.order_id, 'line', n.line) end, case when o.order_id is not null then pg_catalog.jsonb_build_object('order_id', o.order_id, 'line', o.line) end),
        null
    from (select * from old_rows where not is_archived) as o
    full join (select * from new_rows where not is_archived) as n on n.tenant_id operator(pg_catalog.=) o.tenant_id and n.order_id operator(pg_catalog.=) o.order_id and n.line operator(pg_catalog.=) o.line
    where pg_catalog.record_image_ne(
        row(o.archived_at, o.card_number, o.created_at, o.is_archived, o.line, o.note, o.order_id, o.remark, o.tenant_id),
        row(n.archived_at, n.card_number, n.created_at, n.is_archived, n.line, n.note, n.order_id, n.remark, n.tenant_id)
    );
    if found and (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end
