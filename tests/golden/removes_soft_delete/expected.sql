ALTER TABLE tenant_golden.items DROP CONSTRAINT items_is_archived_check;

DROP INDEX tenant_golden.items_archived_at_idx;

DROP INDEX tenant_golden.items_code_key;

DROP TRIGGER archive_on_delete ON tenant_golden.items;

DROP TRIGGER archive_what_refers_to_it ON tenant_golden.items;

DROP TRIGGER capture_update ON tenant_golden.items;

ALTER TABLE tenant_golden.items ALTER COLUMN is_archived DROP DEFAULT, ALTER COLUMN is_archived DROP NOT NULL;

COMMENT ON COLUMN tenant_golden.items.is_archived IS '[no longer in the schema] ';

COMMENT ON COLUMN tenant_golden.items.archived_at IS '[no longer in the schema] ';

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_code_key UNIQUE (code);

SELECT bss_internal.provide_capture('c_3fe2460162c53a2db38b81bdce1e14f8', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        coalesce(n.tenant_id, o.tenant_id), case
            when o.tenant_id is null then ''business_store.data.items.created''
            when n.tenant_id is null then ''business_store.data.items.deleted''
            else ''business_store.data.items.updated''
        end,
        ''items'', coalesce(pg_catalog.to_jsonb(n.item_id), pg_catalog.to_jsonb(o.item_id)),
        null
    from old_rows as o
    full join new_rows as n on n.item_id operator(pg_catalog.=) o.item_id
    where pg_catalog.record_image_ne(
        row(o.tenant_id, o.item_id, o.code, o.created_at),
        row(n.tenant_id, n.item_id, n.code, n.created_at)
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

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_3fe2460162c53a2db38b81bdce1e14f8();
