-- What runs when a tenant's rows are written.

create or replace function bss_internal.set_updated_at()
    returns trigger
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    new.updated_at := now();
    return new;
end
$$;
comment on function bss_internal.set_updated_at() is 'Keeps updated_at at the last transaction.';
