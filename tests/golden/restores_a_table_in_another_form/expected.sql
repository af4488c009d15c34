DROP TRIGGER capture_update ON tenant_golden.shelves;

COMMENT ON TABLE tenant_golden.shelves IS NULL;

ALTER TABLE tenant_golden.shelves ADD COLUMN level bigint DEFAULT '1'::bigint NOT NULL;

ALTER TABLE tenant_golden.shelves ALTER COLUMN label DROP NOT NULL;

COMMENT ON COLUMN tenant_golden.shelves.label IS '[no longer in the schema] ';

ALTER TABLE tenant_golden.shelves ADD CONSTRAINT shelves_item_id_fkey FOREIGN KEY (item_id) REFERENCES tenant_golden.items(item_id);

SELECT bss_internal.provide_capture('c_174377a07e0e910a06aba2ece6940a92', '
begin
    insert into bss_metadata.outbox (tenant_id, topic, resource, record_id, data)
    select
        coalesce(n.tenant_id, o.tenant_id), case
            when o.tenant_id is null then ''business_store.data.shelves.created''
            when n.tenant_id is null then ''business_store.data.shelves.deleted''
            else ''business_store.data.shelves.updated''
        end,
        ''shelves'', coalesce(pg_catalog.to_jsonb(n.shelf_id), pg_catalog.to_jsonb(o.shelf_id)),
        null
    from old_rows as o
    full join new_rows as n on n.shelf_id operator(pg_catalog.=) o.shelf_id
    where pg_catalog.record_image_ne(
        row(o.tenant_id, o.shelf_id, o.item_id, o.level, o.created_at),
        row(n.tenant_id, n.shelf_id, n.item_id, n.level, n.created_at)
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

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.shelves REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_174377a07e0e910a06aba2ece6940a92();
