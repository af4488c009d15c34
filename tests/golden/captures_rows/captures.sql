-- c_f574691e1f23740bfa39b3fbc97b7b6b
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, 'business_store.data.items.deleted',
        'items', case when o.order_id is not null then pg_catalog.jsonb_build_object('order_id', o.order_id, 'line', o.line) end,
        pg_catalog.jsonb_build_object('line', o.line, 'note', o.note, 'order_id', o.order_id)
    from old_rows as o;
    if found and (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end

-- c_db60cd60e4c5f75f2723e11ed148fbb4
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        n.tenant_id, 'business_store.data.items.created',
        'items', case when n.order_id is not null then pg_catalog.jsonb_build_object('order_id', n.order_id, 'line', n.line) end,
        pg_catalog.jsonb_build_object('line', n.line, 'note', n.note, 'order_id', n.order_id)
    from new_rows as n;
    if found and (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end

-- c_bf6eda4143191cd786733ec09d7c6de5
begin
    -- row-level security shows all rows to an operator, and none to anyone else
    perform bss_internal.require_operator();
    perform pg_catalog.pg_current_xact_id();
    execute pg_catalog.concat('insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''business_store.data.items.deleted'',
        ''items'', case when o.order_id is not null then pg_catalog.jsonb_build_object(''order_id'', o.order_id, ''line'', o.line) end,
        pg_catalog.jsonb_build_object(''line'', o.line, ''note'', o.note, ''order_id'', o.order_id) from ', tg_relid::pg_catalog.regclass, ' as o');
    if (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end

-- c_7c8fd8e771e7fb2987b8dbcf74ebc0e3
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
        case when n.order_id is null then pg_catalog.jsonb_build_object('line', o.line, 'note', o.note, 'order_id', o.order_id) else pg_catalog.jsonb_build_object('line', n.line, 'note', n.note, 'order_id', n.order_id) end
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
