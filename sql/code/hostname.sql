-- The format "idn-hostname": names of hosts in any script, by IDNA 2008 (RFC 5890 to 5893).
--
-- A label is written in its own script or, after "xn--", in Punycode (RFC 3492). A check has to say
-- the same of a value for ever: a newer Unicode makes more labels valid, and none invalid.

create or replace function bss_checks.punycode_bias(delta bigint, points integer, is_first boolean)
    returns bigint
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _delta bigint := delta / case when is_first then 700 else 2 end;
    _bias bigint := 0;
begin
    _delta := _delta + _delta / points;
    while _delta > 455 loop
        _delta := _delta / 35;
        _bias := _bias + 36;
    end loop;
    return _bias + 36 * _delta / (_delta + 38);
end
$$;
comment on function bss_checks.punycode_bias(bigint, integer, boolean) is
    'Gives the bias of Punycode for the next number (RFC 3492, 6.1).';


create or replace function bss_checks.from_punycode(label text)
    returns text
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _decoded text := coalesce(substring(label from '^(.*)-'), '');
    _digits text := substring(label from '[^-]*$');
    _point bigint := 128;
    _place bigint := 0;
    _before bigint;
    _weight bigint;
    _bias bigint := 72;
    _threshold bigint;
    _digit integer;
begin
    while _digits <> '' loop
        _before := _place;
        _weight := 1;
        for _k in 36 .. 2147483647 by 36 loop
            _digit := strpos('abcdefghijklmnopqrstuvwxyz0123456789', left(_digits, 1)) - 1;
            _place := _place + _digit * _weight;
            if _digits = '' or _digit < 0 or _place > 2147483647 then
                return null;
            end if;
            _digits := substr(_digits, 2);
            _threshold := least(greatest(_k - _bias, 1), 26);
            exit when _digit < _threshold;
            _weight := least(_weight * (36 - _threshold), 2147483648);
        end loop;
        _bias := bss_checks.punycode_bias(
            _place - _before, char_length(_decoded) + 1, _before = 0
        );
        _point := _point + _place / (char_length(_decoded) + 1);
        _place := _place % (char_length(_decoded) + 1);
        if _point > 1114111 or _point between 55296 and 57343 then
            return null;
        end if;
        _decoded := overlay(_decoded placing chr(_point::integer) from _place::integer + 1 for 0);
        _place := _place + 1;
    end loop;
    return _decoded;
end
$$;
comment on function bss_checks.from_punycode(text) is
    'Decodes a label in small letters, without "xn--"; null if it is no Punycode (RFC 3492, 6.2).';


create or replace function bss_checks.to_punycode(label text)
    returns text
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _encoded text := regexp_replace(label, '[^ -~]', '', 'g');
    _basic integer := char_length(_encoded);
    _done integer := _basic;
    _digits text := '';
    _point integer := 128;
    _next integer;
    _delta bigint := 0;
    _bias bigint := 72;
    _of_character integer;
begin
    while _done < char_length(label) loop
        _next := (
            select min(ascii(c.character))
            from string_to_table(label, null) as c (character)
            where ascii(c.character) >= _point
        );
        _delta := _delta + (_next - _point)::bigint * (_done + 1);
        _point := _next;
        foreach _of_character in array bss_checks.points(label) loop
            if _of_character < _point then
                _delta := _delta + 1;
            elsif _of_character = _point then
                _digits := _digits || bss_checks.punycode_number(_delta, _bias);
                _bias := bss_checks.punycode_bias(_delta, _done + 1, _done = _basic);
                _delta := 0;
                _done := _done + 1;
            end if;
        end loop;
        _delta := _delta + 1;
        _point := _point + 1;
    end loop;
    return _encoded || case when _basic > 0 then '-' else '' end || _digits;
end
$$;
comment on function bss_checks.to_punycode(text) is
    'Encodes a label, for what stands behind "xn--" (RFC 3492, 6.3).';


create or replace function bss_checks.punycode_number(number bigint, bias bigint)
    returns text
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _letters constant text := 'abcdefghijklmnopqrstuvwxyz0123456789';
    _digits text := '';
    _rest bigint := number;
    _threshold bigint;
    _digit bigint;
begin
    for _k in 36 .. 2147483647 by 36 loop
        _threshold := least(greatest(_k - bias, 1), 26);
        exit when _rest < _threshold;
        _digit := _threshold + (_rest - _threshold) % (36 - _threshold);
        _digits := _digits || substr(_letters, _digit::integer + 1, 1);
        _rest := (_rest - _threshold) / (36 - _threshold);
    end loop;
    return _digits || substr(_letters, _rest::integer + 1, 1);
end
$$;
comment on function bss_checks.punycode_number(bigint, bigint) is
    'Writes a number of Punycode, the lowest digit first (RFC 3492, 3.3).';


create or replace function bss_checks.points(label text)
    returns integer[]
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return array(
        select ascii(c.character)
        from string_to_table(label, null) with ordinality as c (character, place)
        order by c.place
    );
end
$$;
comment on function bss_checks.points(text) is
    'Gives the code points of a text.';


create or replace function bss_checks.has_context(points integer[], place integer)
    returns boolean
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _point integer := points[place];
    _before integer := points[place - 1];
    _behind integer := points[place + 1];
begin
    return coalesce(case
        -- between two l, before Greek, behind Hebrew
        when _point = 183 then _before = 108 and _behind = 108
        when _point = 885 then _behind <@ bss_checks.label_points('greek')
        when _point in (1523, 1524) then _before <@ bss_checks.label_points('hebrew')
        when _point = 12539 then exists (
            select from unnest(points) as p (point)
            where p.point <@ bss_checks.label_points('kana or han')
        )
        -- the digits of two sorts are not mixed
        when _point between 1632 and 1641 then not int4range(1776, 1786) @> any (points)
        when _point between 1776 and 1785 then not int4range(1632, 1642) @> any (points)
        when _point = 8205 then _before <@ bss_checks.label_points('virama')
        when _point = 8204
            then _before <@ bss_checks.label_points('virama')
            or bss_checks.is_in_join(points, place)
        else true
    end, false);
end
$$;
comment on function bss_checks.has_context(integer[], integer) is
    'Says whether a code point of a label is where it may be (RFC 5892, appendix A).';


create or replace function bss_checks.is_in_join(points integer[], place integer)
    returns boolean
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    return coalesce((
        select p.point <@ bss_checks.label_points('joining left')
        from unnest(points[: place - 1]) with ordinality as p (point, place)
        where not p.point <@ bss_checks.label_points('joining transparent')
        order by p.place desc
        limit 1
    ), false) and coalesce((
        select p.point <@ bss_checks.label_points('joining right')
        from unnest(points[place + 1 :]) with ordinality as p (point, place)
        where not p.point <@ bss_checks.label_points('joining transparent')
        order by p.place
        limit 1
    ), false);
end
$$;
comment on function bss_checks.is_in_join(integer[], integer) is
    'Says whether the letters around a place would be joined (RFC 5892, appendix A.1).';


create or replace function bss_checks.is_in_direction(points integer[])
    returns boolean
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _kinds text;
begin
    -- the scripts that are written from right to left begin with Hebrew
    if not 1424 <= any (points) then
        return true;
    end if;
    _kinds := (
        select string_agg(case
            when p.point <@ bss_checks.label_points('right to left') then 'r'
            when p.point <@ bss_checks.label_points('arabic number') then 'a'
            when p.point <@ bss_checks.label_points('european number') then 'e'
            when p.point <@ bss_checks.label_points('bidi mark') then 'm'
            when p.point <@ bss_checks.label_points('bidi neutral') then 'n'
            else 'l'
        end, '' order by p.place)
        from unnest(points) with ordinality as p (point, place)
    );
    return _kinds !~ '[ra]'
        or (_kinds ~ '^r[raemn]*$' and _kinds ~ '[rae]m*$' and not _kinds ~ 'a.*e|e.*a');
end
$$;
comment on function bss_checks.is_in_direction(integer[]) is
    'Says whether a label that is written from right to left is one throughout (RFC 5893, 2).';


create or replace function bss_checks.is_u_label(label text)
    returns boolean
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _points constant integer[] := bss_checks.points(label);
begin
    return label ~ '[^ -~]'
        and label !~ '^-|^..--|-$'
        and label is nfc normalized
        and not _points[1] <@ bss_checks.label_points('mark')
        and not exists (
            select
            from unnest(_points) with ordinality as p (point, place)
            where
                not p.point <@ bss_checks.label_points('label')
                or not bss_checks.has_context(_points, p.place::integer)
        )
        and bss_checks.is_in_direction(_points);
end
$$;
comment on function bss_checks.is_u_label(text) is
    'Says whether a label in its own script is valid (RFC 5891, 4.2); ASCII alone is none.';


create or replace function bss_checks.a_label(label text)
    returns text
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    if label !~ '^[ -~]*$' then
        -- each character takes a digit or more
        return case
            when char_length(label) < 60 and bss_checks.is_u_label(label)
                then 'xn--' || bss_checks.to_punycode(label)
        end;
    end if;
    return case
        when label !~ '^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$' then null
        when label ~ '^[Xx][Nn]--'
            then case
                when bss_checks.is_u_label(
                    bss_checks.from_punycode(lower(substr(label, 5) collate "C"))
                ) then label
            end
        when label !~ '^..--' then label
    end;
end
$$;
comment on function bss_checks.a_label(text) is
    'Gives a label as a name server has it; null if it is not valid.';


create or replace function bss_checks.is_idn_hostname(name text)
    returns boolean
    immutable strict parallel safe
    security invoker
    set search_path = pg_catalog, pg_temp
    set standard_conforming_strings = on
    language plpgsql
as $$
declare
    _label text;
    _octets integer := -1;
begin
    if char_length(name) > 253 then
        return false;
    end if;
    -- the full stop, and those that are written as one (RFC 3490, 3.1)
    foreach _label in array regexp_split_to_array(name, '[.\u3002\uff0e\uff61]') loop
        _label := bss_checks.a_label(_label);
        if _label is null or octet_length(_label) not between 1 and 63 then
            return false;
        end if;
        _octets := _octets + 1 + octet_length(_label);
    end loop;
    return _octets <= 253;
end
$$;
comment on function bss_checks.is_idn_hostname(text) is
    'Says whether a text is the name of a host, in whatever script.';
