DROP INDEX tenant_golden.items_embedding_idx;

ALTER TABLE tenant_golden.items RENAME COLUMN embedding TO embedding_3;

ALTER TABLE tenant_golden.items ADD COLUMN embedding public.vector(4);

COMMENT ON COLUMN tenant_golden.items.embedding IS 'Embedding of a';

COMMENT ON COLUMN tenant_golden.items.embedding_3 IS '[no longer in the schema] Embedding of a';

CREATE INDEX items_embedding_idx ON tenant_golden.items USING hnsw (embedding public.vector_cosine_ops);
