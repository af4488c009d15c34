-- What an operator may adjust.

create or replace function bss_internal.setting(name text)
    returns text
    stable strict
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select s.value #>> '{}' from bss_metadata.settings as s where s.name = setting.name;
end;
comment on function bss_internal.setting(text) is 'Gives a setting as text; null if there is none.';


create or replace function bss_internal.limits()
    returns jsonb
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select coalesce(jsonb_object_agg(substr(s.name, 7), s.value), '{}')
    from bss_metadata.settings as s
    where s.name like 'limit.%';
end;
comment on function bss_internal.limits() is 'Gives the limits that a document has to keep.';


create or replace function bss.set_setting(name text, value jsonb)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _before jsonb;
begin
    select s.value into _before
    from bss_metadata.settings as s where s.name = set_setting.name for update;
    if not found then
        raise exception using
            errcode = 'SB604',
            message = format('setting "%s" does not exist', name),
            hint = 'The settings are listed in bss.settings.';
    end if;
    if value is null or jsonb_typeof(value) is distinct from jsonb_typeof(_before) then
        raise exception using
            errcode = 'SB605',
            message = format('setting "%s" should be a %s', name, jsonb_typeof(_before)),
            hint = format('It is %s now.', _before);
    end if;
    if jsonb_typeof(value) = 'string' then
        perform (value #>> '{}')::interval;
    end if;
    update bss_metadata.settings as s set value = set_setting.value
    where s.name = set_setting.name;
    perform bss_internal.audit(
        null, 'setting.changed', null, null,
        jsonb_build_object('name', name, 'before', _before, 'after', value)
    );
end
$$;
comment on function bss.set_setting(text, jsonb) is 'Changes a setting, and records that it did.';


create or replace view bss.settings
with (security_invoker = true)
as
select s.name, s.value, s.description
from bss_metadata.settings as s;
comment on view bss.settings is 'Lists what an operator may adjust, with its present value.';
comment on column bss.settings.name is 'The name, with a prefix for the subject.';
comment on column bss.settings.value is 'A number, or a string that is read as an interval.';
comment on column bss.settings.description is 'What it governs, and its unit.';
