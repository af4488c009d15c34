ALTER TABLE tenant_golden.items ADD COLUMN embedding public.vector(3);

COMMENT ON COLUMN tenant_golden.items.embedding IS 'Embedding of name';

CREATE INDEX items_embedding_idx ON tenant_golden.items USING hnsw (embedding public.vector_cosine_ops);

CREATE OR REPLACE TRIGGER capture_update AFTER UPDATE ON tenant_golden.items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION bss_capture.c_3e2c623fd49152af0cd4c437801972a3();
