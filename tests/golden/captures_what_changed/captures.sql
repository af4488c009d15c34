-- c_80e40544e1a9f0135c532bfd1c180211
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, 'business_store.data.items.deleted',
        'items', pg_catalog.to_jsonb(o.order_id),
        pg_catalog.jsonb_build_object('old', pg_catalog.jsonb_build_object('line', o.line, 'note', o.note, 'order_id', o.order_id))
    from old_rows as o;
    if found and (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end

-- c_1bfab39234767438ac9052709d504252
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        n.tenant_id, 'business_store.data.items.created',
        'items', pg_catalog.to_jsonb(n.order_id),
        pg_catalog.jsonb_build_object('new', pg_catalog.jsonb_build_object('line', n.line, 'note', n.note, 'order_id', n.order_id))
    from new_rows as n;
    if found and (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end

-- c_6d4a01653291453e8829969af9fc0096
begin
    -- row-level security shows all rows to an operator, and none to anyone else
    perform bss_internal.require_operator();
    perform pg_catalog.pg_current_xact_id();
    execute pg_catalog.concat('insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''business_store.data.items.deleted'',
        ''items'', pg_catalog.to_jsonb(o.order_id),
        pg_catalog.jsonb_build_object(''old'', pg_catalog.jsonb_build_object(''line'', o.line, ''note'', o.note, ''order_id'', o.order_id)) from ', tg_relid::pg_catalog.regclass, ' as o');
    if (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end

-- c_5b263a94184bd76a347104b192c69db3
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
        'items', coalesce(pg_catalog.to_jsonb(n.order_id), pg_catalog.to_jsonb(o.order_id)),
        bss_internal.changes(
            case when not o.order_id is null then pg_catalog.jsonb_build_object('line', o.line, 'note', o.note, 'order_id', o.order_id) end,
            case when not n.order_id is null then pg_catalog.jsonb_build_object('line', n.line, 'note', n.note, 'order_id', n.order_id) end
        )
    from old_rows as o
    full join new_rows as n on n.tenant_id operator(pg_catalog.=) o.tenant_id and n.order_id operator(pg_catalog.=) o.order_id
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
