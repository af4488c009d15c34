-- c_233f562e68e80bb08e080b1b4b402155
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, 'business_store.data.items.deleted',
        'items', null,
        null
    from old_rows as o;
    if found and (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end

-- c_459abf821a3d9d54c63f972409b26e4d
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        n.tenant_id, 'business_store.data.items.created',
        'items', null,
        null
    from new_rows as n;
    if found and (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end

-- c_9cc7e841fb959a138cf1535a1dcfe249
begin
    -- row-level security shows all rows to an operator, and none to anyone else
    perform bss_internal.require_operator();
    perform pg_catalog.pg_current_xact_id();
    execute pg_catalog.concat('insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''business_store.data.items.deleted'',
        ''items'', null,
        null from ', tg_relid::pg_catalog.regclass, ' as o');
    if (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end

-- c_eebef26d825e5bab361f2f679741520c
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
        'items', null,
        null
    from old_rows as o
    full join new_rows as n on n.tenant_id operator(pg_catalog.=) o.tenant_id and n.order_id operator(pg_catalog.=) o.order_id and n.line operator(pg_catalog.=) o.line
    where pg_catalog.record_image_ne(
        row(o.card_number, o.created_at, o.line, o.note, o.order_id, o.remark, o.tenant_id),
        row(n.card_number, n.created_at, n.line, n.note, n.order_id, n.remark, n.tenant_id)
    );
    if found and (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end
