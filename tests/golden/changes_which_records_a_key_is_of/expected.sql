ALTER TABLE tenant_golden.items DROP CONSTRAINT items_email_key;

DROP INDEX tenant_golden.items_due_idx;

CREATE INDEX items_due_idx ON tenant_golden.items USING btree (due) WHERE (email IS NOT NULL);

CREATE UNIQUE INDEX items_email_key ON tenant_golden.items USING btree (email) WHERE ((open IS NOT NULL) AND (open = true));
