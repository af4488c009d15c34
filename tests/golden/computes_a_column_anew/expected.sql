ALTER TABLE tenant_golden.items DROP CONSTRAINT items_owner_fkey;

ALTER TABLE tenant_golden.items DROP CONSTRAINT items_key_key;

ALTER TABLE tenant_golden.items DROP CONSTRAINT items_low_check;

ALTER TABLE tenant_golden.items DROP CONSTRAINT items_total_minimum_check;

DROP INDEX tenant_golden.items_search_idx;

DROP INDEX tenant_golden.items_total_idx;

ALTER TABLE tenant_golden.items DROP COLUMN total, ADD COLUMN total numeric GENERATED ALWAYS AS ((((a)::numeric * b) + '1'::numeric)) STORED;

COMMENT ON COLUMN tenant_golden.items.total IS 'With one more';

ALTER TABLE tenant_golden.items DROP COLUMN key, ADD COLUMN key text GENERATED ALWAYS AS (upper(name)) STORED;

ALTER TABLE tenant_golden.items DROP COLUMN search, ADD COLUMN search tsvector GENERATED ALWAYS AS ((to_tsvector('german'::regconfig, COALESCE(name, ''::text)) || to_tsvector('german'::regconfig, COALESCE(owner, ''::text)))) STORED;

COMMENT ON COLUMN tenant_golden.items.search IS 'Words of name, owner';

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_key_key UNIQUE (key);

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_low_check CHECK ((total < '10'::numeric));

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_total_minimum_check CHECK ((total >= '0'::numeric));

CREATE INDEX items_search_idx ON tenant_golden.items USING gin (search);

CREATE INDEX items_total_idx ON tenant_golden.items USING btree (total);

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_owner_fkey FOREIGN KEY (owner) REFERENCES tenant_golden.items(key);
