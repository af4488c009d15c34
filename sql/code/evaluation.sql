-- Evaluation: what is wrong with a value by a schema, keyword by keyword. The compiler evaluates
-- and asks; the server matches patterns and decides formats.

create or replace function bss_internal.matches(value text, tests jsonb)
    returns boolean
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select exists (
        select
        from jsonb_array_elements(tests) as alternative (parts)
        where not exists (
            select
            from jsonb_array_elements(alternative.parts) as part (test)
            where not case part.test ->> 0
                when '~' then value ~ (part.test ->> 1)
                when '!~' then value !~ (part.test ->> 1)
                else case part.test ->> 1
                    when 'is_regex' then bss_checks.is_regex(value)
                    when 'is_idn_hostname' then bss_checks.is_idn_hostname(value)
                end
            end
        )
    );
end;
comment on function bss_internal.matches(text, jsonb) is
    'Says whether a text satisfies one of several lists of tests.';


create or replace function bss_internal.answers(questions jsonb)
    returns jsonb
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select coalesce(jsonb_agg(a.answers order by a.ordinality), '[]')
    from (
        select
            q.ordinality,
            (
                select jsonb_agg(
                    bss_internal.matches(t.value, q.question -> 'tests') order by t.ordinality
                )
                from jsonb_array_elements_text(q.question -> 'texts') with ordinality as t
            ) as answers
        from jsonb_array_elements(questions) with ordinality as q (question, ordinality)
    ) as a;
end;
comment on function bss_internal.answers(jsonb) is
    'Answers the questions of an evaluation, each for all of its texts.';


create or replace function bss_internal.evaluate(verb text, request jsonb)
    returns jsonb
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _request jsonb := request;
    _answer jsonb;
    _asked jsonb := '[]';
begin
    loop
        _answer := bss_internal.compile(verb, _request);
        perform bss_internal.raise_diagnostics(_answer -> 'diagnostics');
        exit when _answer -> 'questions' = '[]';
        -- each round knows the answers of those before it, so that it asks something new or ends
        _asked := _asked || (_answer -> 'questions');
        _request := _request || jsonb_build_object(
            'questions', _asked, 'answers', bss_internal.answers(_asked)
        );
    end loop;
    return _answer;
end
$$;
comment on function bss_internal.evaluate(text, jsonb) is
    'Asks the compiler to evaluate, and answers what it asks back, until nothing is left to ask.';


create or replace function bss.validate_document(schema json, value jsonb)
    returns table (pointer text, keyword text, schema_pointer text, message text)
    volatile strict
    security definer
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select v.pointer, v.keyword, v.schema_pointer, v.message
    from
        jsonb_to_recordset(
            bss_internal.evaluate(
                'validate_document',
                jsonb_build_object(
                    'schema', validate_document.schema::text,
                    'value', validate_document.value::text
                )
            ) -> 'violations'
        ) as v (pointer text, keyword text, schema_pointer text, message text);
end;
comment on function bss.validate_document(json, jsonb) is
    'Lists everything in a value that violates a JSON Schema; no rows if nothing does.';
