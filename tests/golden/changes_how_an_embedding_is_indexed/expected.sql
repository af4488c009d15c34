DROP INDEX tenant_golden.items_embedding_idx;

CREATE INDEX items_embedding_idx ON tenant_golden.items USING ivfflat (embedding);
