SELECT bss_internal.provide_capture('c_76f9612d233959215a9b5723fc4c2c6b', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''business_store.data.items.deleted'',
        ''items'', case when o.order_id is not null then pg_catalog.jsonb_build_object(''order_id'', o.order_id, ''line'', o.line) end,
        pg_catalog.jsonb_build_object(''order_id'', o.order_id, ''line'', o.line, ''note'', o.note)
    from old_rows as o;
    if found and (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end
');

SELECT bss_internal.provide_capture('c_4a7f9ce76f4538b6216c14d1197672f6', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        n.tenant_id, ''business_store.data.items.created'',
        ''items'', case when n.order_id is not null then pg_catalog.jsonb_build_object(''order_id'', n.order_id, ''line'', n.line) end,
        pg_catalog.jsonb_build_object(''order_id'', n.order_id, ''line'', n.line, ''note'', n.note)
    from new_rows as n;
    if found and (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end
');

SELECT bss_internal.provide_capture('c_6e6aa35e0f3537c4853e08053bfbca9a', '
begin
    -- row-level security shows all rows to an operator, and none to anyone else
    perform bss_internal.require_operator();
    perform pg_catalog.pg_current_xact_id();
    execute pg_catalog.concat(''insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        o.tenant_id, ''''business_store.data.items.deleted'''',
        ''''items'''', case when o.order_id is not null then pg_catalog.jsonb_build_object(''''order_id'''', o.order_id, ''''line'''', o.line) end,
        pg_catalog.jsonb_build_object(''''order_id'''', o.order_id, ''''line'''', o.line, ''''note'''', o.note) from '', tg_relid::pg_catalog.regclass, '' as o'');
    if (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end
');

SELECT bss_internal.provide_capture('c_3c4fda76ecd6e3843c5dad6622c4dde8', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        coalesce(n.tenant_id, o.tenant_id), case
            when o.tenant_id is null then ''business_store.data.items.created''
            when n.tenant_id is null then ''business_store.data.items.deleted''
            else ''business_store.data.items.updated''
        end,
        ''items'', coalesce(case when n.order_id is not null then pg_catalog.jsonb_build_object(''order_id'', n.order_id, ''line'', n.line) end, case when o.order_id is not null then pg_catalog.jsonb_build_object(''order_id'', o.order_id, ''line'', o.line) end),
        case when n.tenant_id is null then pg_catalog.jsonb_build_object(''order_id'', o.order_id, ''line'', o.line, ''note'', o.note) else pg_catalog.jsonb_build_object(''order_id'', n.order_id, ''line'', n.line, ''note'', n.note) end
    from old_rows as o
    full join new_rows as n on n.order_id operator(pg_catalog.=) o.order_id and n.line operator(pg_catalog.=) o.line
    where pg_catalog.record_image_ne(
        row(o.tenant_id, o.order_id, o.line, o.note, o.card_number, o.remark, o.created_at),
        row(n.tenant_id, n.order_id, n.line, n.note, n.card_number, n.remark, n.created_at)
    );
    if found and (case
        when pg_catalog.pg_try_advisory_lock_shared(1112757087, 1)
            then pg_catalog.pg_advisory_unlock_shared(1112757087, 1)
    end) then
        perform bss_internal.wake();
    end if;
    return null;
end
');
