-- Faults are values until the last line; here is the last line.

create or replace function bss_internal.raise_diagnostics(diagnostics jsonb)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _first jsonb;
    _rest text;
    _warning jsonb;
begin
    for _warning in
        select d.value from jsonb_array_elements(diagnostics) as d
        where d.value ->> 'severity' = 'warning'
    loop
        raise warning using
            errcode = _warning ->> 'code',
            message = _warning ->> 'message',
            detail = format('At %s.', bss_internal.shown_pointer(_warning ->> 'pointer')),
            hint = _warning ->> 'hint';
    end loop;

    select d.value into _first
    from jsonb_array_elements(diagnostics) with ordinality as d
    where d.value ->> 'severity' = 'error'
    order by d.ordinality
    limit 1;
    if _first is null then
        return;
    end if;

    select string_agg(bss_internal.shown_diagnostic(d.value), E'\n' order by d.ordinality)
    into _rest
    from jsonb_array_elements(diagnostics) with ordinality as d
    where d.value ->> 'severity' = 'error' and d.value is distinct from _first;

    raise exception using
        errcode = _first ->> 'code',
        message = _first ->> 'message',
        detail = concat_ws(
            E'\n',
            concat_ws(
                ' ',
                format('At %s.', bss_internal.shown_pointer(_first ->> 'pointer')),
                _first ->> 'detail'
            ),
            'The document has more faults:' || E'\n' || _rest
        ),
        hint = coalesce(_first ->> 'hint', '');
end
$$;
comment on function bss_internal.raise_diagnostics(jsonb) is
    'Raises the first error among diagnostics, with the others in DETAIL, after all warnings.';


create or replace function bss_internal.shown_pointer(pointer text)
    returns text
    immutable parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
    return case when coalesce(pointer, '') = '' then 'the root of the document' else pointer end;
comment on function bss_internal.shown_pointer(text) is 'Spells a JSON pointer for a person.';


create or replace function bss_internal.shown_diagnostic(diagnostic jsonb)
    returns text
    immutable parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
    return format(
        '%s %s: %s',
        diagnostic ->> 'code',
        bss_internal.shown_pointer(diagnostic ->> 'pointer'),
        diagnostic ->> 'message'
    );
comment on function bss_internal.shown_diagnostic(jsonb) is 'Spells a diagnostic in one line.';
