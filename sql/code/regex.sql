-- The format "regex": whether a text is a regular expression by the grammar of ECMA-262 (11th
-- edition, 21.2.1), with the flag u and without annex B, as JSON Schema means it.
--
-- The text is cut into words. Each is right by itself, as the escapes are, or by those around it:
-- parentheses, quantifiers, and names. Nothing here depends on a collation.

create or replace function bss_checks.regex_escape()
    returns text
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select
        '\\(?:[]dDsSwWfnrtv^$\\.*+?()[{}|/]|c[A-Za-z]|0[0-9]?|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}'
        '|u[Dd][89ABab][0-9A-Fa-f]{2}\\u[Dd][C-Fc-f][0-9A-Fa-f]{2}'
        '|u\{0*(?:10[0-9A-Fa-f]{4}|[0-9A-Fa-f]{1,5})\}'
        '|[pP]\{[0-9A-Za-z_]+(?:=[0-9A-Za-z_]+)?\})' as expression;
end;
comment on function bss_checks.regex_escape() is
    'Gives what the escape of a character matches, or of a set of them, in a class and outside.';


create or replace function bss_checks.regex_words(pattern text)
    returns table (place bigint, word text, kind text)
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    set standard_conforming_strings = on
    language plpgsql
as $$
begin
    return query
    select
        w.place, w.match[1],
        case
            when w.match[1] ~ '^\(\?<?[=!]' then 'look'
            when w.match[1] ~ '^\(' then 'group'
            when w.match[1] = ')' then 'end'
            when w.match[1] = '|' then 'or'
            when w.match[1] ~ '^[*+?{]' then 'quantifier'
            when w.match[1] ~ '^(?:[\^$]|\\[bB]$)' then 'assertion'
            when w.match[1] ~ '^\[' then 'class'
            else 'atom'
        end
    from regexp_matches(
        pattern,
        '[^][\\(){}^$.*+?|]+|[.|)^$]|' || bss_checks.regex_escape()
        || '|\\(?:[bB]|[1-9][0-9]*|k<[^>]+>)'
        || '|\[(?:[^]\\]|\\[b-]|' || bss_checks.regex_escape() || ')*\]'
        || '|\((?:\?(?:[:=!]|<[=!]|<[^=!>][^>]*>))?'
        || '|(?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})\??',
        'g'
    ) with ordinality as w (match, place);
end
$$;
comment on function bss_checks.regex_words(text) is
    'Cuts a regular expression into words; what is none is left out.';


create or replace function bss_checks.regex_depths(pattern text)
    returns table (place bigint, word text, kind text, step integer, depth bigint)
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return query
    select s.place, s.word, s.kind, s.step, sum(s.step) over (order by s.place)
    from (
        select
            w.*,
            case when w.kind in ('group', 'look') then 1 when w.kind = 'end' then -1 else 0 end
            as step
        from bss_checks.regex_words(pattern) as w
    ) as s;
end
$$;
comment on function bss_checks.regex_depths(text) is
    'Gives the words of a regular expression with how many parentheses are open behind each.';


create or replace function bss_checks.regex_point(word text)
    returns integer
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    set standard_conforming_strings = on
    language plpgsql
as $$
declare
    _digits text := ltrim(substring(word from '^\\[xu]\{?([0-9A-Fa-f]+)'), '0');
    _point integer := ('x' || lpad(_digits, 8, '0'))::bit(32)::integer;
begin
    if _point between 55296 and 56319 and strpos(substr(word, 2), '\u') > 0 then
        _digits := '0000' || right(word, 4);
        return 9216 + (_point - 55296) * 1024 + ('x' || _digits)::bit(32)::integer;
    end if;
    return case
        when _point is not null then _point
        when word !~ '^\\' then ascii(word)
        when word ~ '^\\[dDsSwWpP]' then null
        when word ~ '^\\c' then ascii(substr(word, 3)) % 32
        when word ~ '^\\0' then 0
        when word ~ '^\\[btnvfr]' then 7 + strpos('btnvfr', substr(word, 2))
        else ascii(substr(word, 2))
    end;
end
$$;
comment on function bss_checks.regex_point(text) is
    'Gives the code point that a character or an escape stands for; null for a set of them.';


create or replace function bss_checks.is_regex_class(word text)
    returns boolean
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    set standard_conforming_strings = on
    language plpgsql
as $$
declare
    _atom text := '[^\\]|\\[b-]|' || bss_checks.regex_escape();
begin
    -- from the left, as long as can be: a hyphen between two atoms makes a range of them
    return not exists (
        select
        from regexp_matches(
            regexp_replace(substr(word, 2, char_length(word) - 2), '^\^', ''),
            format('(%s)(?:-(%s))?', _atom, _atom), 'g'
        ) as m (ends)
        where
            not bss_checks.is_regex_atom(m.ends[1])
            or not coalesce(bss_checks.is_regex_atom(m.ends[2]), true)
            or (
                m.ends[2] is not null
                and not coalesce(
                    bss_checks.regex_point(m.ends[1]) <= bss_checks.regex_point(m.ends[2]), false
                )
            )
    );
end
$$;
comment on function bss_checks.is_regex_class(text) is
    'Says whether the atoms and ranges of a class are right.';


create or replace function bss_checks.is_regex_atom(word text)
    returns boolean
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    set standard_conforming_strings = on
    language plpgsql
as $$
declare
    _name text := split_part(substring(word from '^\\[pP]\{(.*)\}'), '=', 1);
    _value text := substring(word from '^\\[pP]\{.*=(.*)\}');
begin
    return case
        when word ~ '^\\0[0-9]' then false
        when _name is null then true
        when _value is null
            then _name = any (
                bss_checks.property_names('general category')
                || bss_checks.property_names('binary')
            )
        when _name in ('General_Category', 'gc')
            then _value = any (bss_checks.property_names('general category'))
        else
            _name in ('Script', 'sc', 'Script_Extensions', 'scx')
            and _value = any (bss_checks.property_names('script'))
    end;
end
$$;
comment on function bss_checks.is_regex_atom(text) is
    'Says whether a word that stands for a character, or for a set of them, is right by itself.';


create or replace function bss_checks.regex_name(word text)
    returns text
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    set standard_conforming_strings = on
    language plpgsql
as $$
begin
    return (
        select case when bool_and(c.is_right) then string_agg(
            chr(case when c.is_right then c.point else 63 end), '' order by c.place
        ) end
        from (
            select
                m.place, p.point,
                m.word[1] ~ '^(?:[^\\]|\\u.*)$' and (
                    p.point in (36, 95)
                    or p.point <@ bss_checks.name_points('start')
                    or (
                        m.place > 1
                        and (p.point in (8204, 8205) or p.point <@ bss_checks.name_points('part'))
                    )
                ) as is_right
            from regexp_matches(
                substring(word from '<(.*)>$'), bss_checks.regex_escape() || '|.', 'g'
            ) with ordinality as m (word, place)
            cross join lateral bss_checks.regex_point(m.word[1]) as p (point)
        ) as c
    );
end
$$;
comment on function bss_checks.regex_name(text) is
    'Gives the name of the group that a word makes or refers to; null if it is none.';


create or replace function bss_checks.are_regex_groups(pattern text)
    returns boolean
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    set standard_conforming_strings = on
    language plpgsql
as $$
declare
    _groups bigint;
    _named bigint;
    _names text[];
begin
    select
        count(*), count(*) filter (where w.word <> '('),
        array_agg(distinct n.name) filter (where n.name is not null)
    into _groups, _named, _names
    from bss_checks.regex_words(pattern) as w
    left join lateral bss_checks.regex_name(nullif(w.word, '(')) as n (name) on true
    where w.kind = 'group' and w.word <> '(?:';
    return coalesce(cardinality(_names), 0) = _named and not exists (
        select
        from bss_checks.regex_words(pattern) as w
        where case
            when w.word ~ '^\\k' then not coalesce(bss_checks.regex_name(w.word) = any (_names), false)
            when w.word ~ '^\\[1-9].{9}' then true
            when w.word ~ '^\\[1-9]' then substr(w.word, 2)::bigint > _groups
            else false
        end
    );
end
$$;
comment on function bss_checks.are_regex_groups(text) is
    'Says whether the names of groups differ, and whether what is referred back to is there.';


create or replace function bss_checks.are_regex_bounds(word text)
    returns boolean
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    set standard_conforming_strings = on
    language plpgsql
as $$
declare
    _least text := ltrim(substring(word from '^\{([0-9]+),[0-9]'), '0');
    _most text := ltrim(substring(word from '^\{[0-9]+,([0-9]+)'), '0');
begin
    -- however many digits they have
    return coalesce(
        (char_length(_least), _least collate "C") <= (char_length(_most), _most collate "C"), true
    );
end
$$;
comment on function bss_checks.are_regex_bounds(text) is
    'Says whether the bounds of a quantifier, if it has two, are in order.';


create or replace function bss_checks.is_regex(pattern text)
    returns boolean
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return (
        select
            coalesce(sum(char_length(w.word)), 0) = char_length(pattern)
            and coalesce(min(w.depth), 0) >= 0
            and coalesce(sum(w.step), 0) = 0
            and coalesce(bool_and(case w.kind
                when 'atom' then bss_checks.is_regex_atom(w.word)
                when 'class' then bss_checks.is_regex_class(w.word)
                when 'quantifier' then
                    coalesce(w.behind in ('atom', 'class'), false)
                    and bss_checks.are_regex_bounds(w.word)
                else true
            end), true)
        from (
            -- what stands before a word, a group in parentheses taken as the atom that it is
            select c.*, lag(c.closed) over (order by c.place) as behind
            from (
                select
                    d.*,
                    case
                        when d.kind <> 'end' then d.kind
                        when lag(d.kind) over (
                            partition by d.step <> 0, d.depth - least(d.step, 0) order by d.place
                        ) = 'group' then 'atom'
                    end as closed
                from bss_checks.regex_depths(pattern) as d
            ) as c
        ) as w
    ) and bss_checks.are_regex_groups(pattern);
end
$$;
comment on function bss_checks.is_regex(text) is
    'Says whether a text is a regular expression of ECMA-262.';
