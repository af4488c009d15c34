ALTER TABLE tenant_golden.items ADD COLUMN embedding public.vector(3);

COMMENT ON COLUMN tenant_golden.items.embedding IS 'Embedding of name';

CREATE INDEX items_embedding_idx ON tenant_golden.items USING hnsw (embedding public.vector_cosine_ops);
