ALTER TABLE tenant_golden.items DROP CONSTRAINT items_code_key;

DROP TRIGGER capture_update ON tenant_golden.items;

ALTER TABLE tenant_golden.items ADD COLUMN is_archived boolean DEFAULT false NOT NULL;

ALTER TABLE tenant_golden.items ADD COLUMN archived_at timestamp with time zone;

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_is_archived_check CHECK ((is_archived = (archived_at IS NOT NULL)));

CREATE INDEX items_archived_at_idx ON tenant_golden.items USING btree (archived_at) WHERE is_archived;

CREATE UNIQUE INDEX items_code_key ON tenant_golden.items USING btree (code) WHERE (NOT is_archived);

CREATE TRIGGER archive_on_delete BEFORE DELETE ON tenant_golden.items FOR EACH ROW EXECUTE FUNCTION bss_internal.archive_row();

CREATE TRIGGER archive_what_refers_to_it AFTER UPDATE ON tenant_golden.items FOR EACH ROW WHEN ((new.is_archived AND (NOT old.is_archived))) EXECUTE FUNCTION bss_internal.archive_referring_rows();

SELECT bss_internal.provide_capture('c_e3786acb09ca77d4bfdbd2041d3c0156', '
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
        row(o.tenant_id, o.item_id, o.code, o.created_at, o.is_archived, o.archived_at),
        row(n.tenant_id, n.item_id, n.code, n.created_at, n.is_archived, n.archived_at)
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

CREATE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_e3786acb09ca77d4bfdbd2041d3c0156();
