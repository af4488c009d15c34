DROP TRIGGER capture_update ON tenant_golden.items;

ALTER TABLE tenant_golden.items ALTER COLUMN shelf_id SET NOT NULL;

COMMENT ON COLUMN tenant_golden.items.shelf_id IS NULL;

ALTER TABLE tenant_golden.items ALTER COLUMN sku SET NOT NULL;

COMMENT ON COLUMN tenant_golden.items.sku IS NULL;

COMMENT ON COLUMN tenant_golden.items.made IS NULL;

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_sku_key UNIQUE (sku);

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_sku_min_length_check CHECK ((char_length(sku) >= 3));

CREATE INDEX items_made_idx ON tenant_golden.items USING btree (made);

CREATE INDEX items_shelf_id_idx ON tenant_golden.items USING btree (shelf_id);

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_shelf_id_fkey FOREIGN KEY (shelf_id) REFERENCES tenant_golden.shelves(shelf_id);

SELECT bss_internal.provide_capture('c_d845e5cef17a80be8b91b6f5ba062d1a', '
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
        row(o.tenant_id, o.item_id, o.name, o.status, o.price, o.shelf_id, o.sku, o.made, o.created_at),
        row(n.tenant_id, n.item_id, n.name, n.status, n.price, n.shelf_id, n.sku, n.made, n.created_at)
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

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_d845e5cef17a80be8b91b6f5ba062d1a();
