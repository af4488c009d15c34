ALTER TABLE tenant_golden.things RENAME TO items;

ALTER TABLE tenant_golden.items RENAME COLUMN thing_id TO item_id;

ALTER TABLE tenant_golden.items RENAME CONSTRAINT things_pkey TO items_pkey;

ALTER TABLE tenant_golden.items RENAME CONSTRAINT things_tenant_id_check TO items_tenant_id_check;
