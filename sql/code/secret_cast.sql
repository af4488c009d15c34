-- What makes text of a secret. Runs as a superuser, and when the function is there: a cast cannot
-- be replaced, and has nothing in it that could change.

do $$
begin
    if not exists (
        select from pg_catalog.pg_cast as c
        where
            c.castsource = 'bss.secret'::pg_catalog.regtype
            and c.casttarget = 'text'::pg_catalog.regtype
    ) then
        -- explicit, so that nothing is decrypted that nobody asked for
        create cast (bss.secret as text) with function bss.reveal(bss.secret);
    end if;
end
$$;
