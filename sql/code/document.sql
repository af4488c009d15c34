-- Documents: the way to the compiler, and what a person sees of its answers.

create or replace function bss_internal.compile(verb text, request jsonb)
    returns jsonb
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _request jsonb := request || jsonb_build_object('limits', bss_internal.limits());
    _answer jsonb;
    _documents jsonb;
begin
    -- the time as well: an upgrade to the same release mends what was changed in between
    perform bss_internal.import_compiler(concat_ws(' ', i.release, i.upgraded_at))
    from bss_internal.installation as i;
    _answer := bss_internal.call_compiler(verb, _request::text)::jsonb;
    if _answer ? 'missing' then
        _documents := bss_internal.registered(
            array(select jsonb_array_elements_text(_answer -> 'missing'))
        );
        if _documents <> '{}' then
            _answer := bss_internal.call_compiler(
                verb, (_request || jsonb_build_object('documents', _documents))::text
            )::jsonb;
        end if;
    end if;
    return jsonb_set(
        _answer, '{diagnostics}',
        _answer -> 'diagnostics'
        || bss_internal.probe_patterns(coalesce(_answer -> 'probes', '[]'))
    );
end
$$;
comment on function bss_internal.compile(text, jsonb) is
    'Asks the compiler, and then the server about what only the server can decide.';


create or replace function bss_internal.probe_patterns(probes jsonb)
    returns jsonb
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _diagnostics jsonb := '[]';
    _probe record;
begin
    for _probe in
        select p.pointer, p.pattern, p.value, p.value_pointer
        from jsonb_to_recordset(probes)
            as p (pointer text, pattern text, value text, value_pointer text)
    loop
        begin
            -- tried without a value as well, to see whether the pattern compiles
            if
                coalesce(_probe.value, '') ~ _probe.pattern is false
                and _probe.value is not null
            then
                _diagnostics := _diagnostics || jsonb_build_object(
                    'code', 'SB108', 'severity', 'error', 'pointer', _probe.value_pointer,
                    'message', 'default does not satisfy its own property',
                    'detail', 'As a value of the property, keyword "pattern" refuses it.',
                    'hint', 'Correct the default, or the pattern.'
                );
            end if;
        exception when invalid_regular_expression then
            _diagnostics := _diagnostics || jsonb_build_object(
                'code', 'SB109', 'severity', 'error', 'pointer', _probe.pointer,
                'message', 'pattern is refused by the server''s regular expressions',
                'detail', format('The server says: %s.', sqlerrm),
                'hint', 'Write a simpler pattern.'
            );
        end;
    end loop;
    return _diagnostics;
end
$$;
comment on function bss_internal.probe_patterns(jsonb) is
    'Tries translated patterns, and the defaults that have to match them; gives diagnostics.';


create or replace function bss.check_schema(document json)
    returns table (
        code text, severity text, pointer text, message text, detail text, hint text
    )
    volatile strict
    security definer
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select d.code, d.severity, d.pointer, d.message, d.detail, d.hint
    from
        jsonb_to_recordset(
            bss_internal.compile('check', jsonb_build_object('document', document::text))
            -> 'diagnostics'
        ) as d (
            code text, severity text, pointer text, message text, detail text, hint text
        );
end;
comment on function bss.check_schema(json) is
    'Lists everything that is wrong with a document; no rows if nothing is. Changes nothing.';
