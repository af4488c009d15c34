-- What other services say of documents and tenants. BSS checks every document itself; where there
-- is a validation service, that has a say before a document is taken.

create or replace function bss_internal.document_key(document json)
    returns text
    immutable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
    return encode(sha256(convert_to(document::text, 'UTF8')), 'hex');
comment on function bss_internal.document_key(json) is
    'Names a document by its content, byte for byte.';


create or replace function bss_internal.require_service(name text)
    returns bss_metadata.services
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _service bss_metadata.services := bss_internal.find_service(name);
begin
    perform bss_internal.require_operator();
    if _service.url is null then
        raise exception using
            errcode = 'SB739',
            message = format('there is no %s service', name),
            hint = 'Say where it is with bss.set_service().';
    end if;
    return _service;
end
$$;
comment on function bss_internal.require_service(text) is
    'Gives a service that can be called; refuses if nobody said where it is.';


create or replace function bss.request_validation(
    document json, correlation_id text default null
)
    returns bigint
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _key text := bss_internal.document_key(document);
    _id bigint;
begin
    perform bss_internal.require_service('validation');
    select c.id into _id
    from bss_metadata.calls as c
    where
        c.service = 'validation' and c.operation = 'validate' and c.key = _key
        and c.outcome = 'answered'
    order by c.id desc
    limit 1;
    return coalesce(
        _id,
        bss_internal.ask(
            'validation', 'validate', _key, document, null,
            correlation_id
        )
    );
end
$$;
comment on function bss.request_validation(json, text) is
    'Asks the validation service about a document, once; the answer to the call that this gives is '
    'in bss.service_calls.';


create or replace function bss.resolve_tenant(tenant text, correlation_id text default null)
    returns bigint
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _service bss_metadata.services := bss_internal.require_service('auth');
    _tenant bss_metadata.tenants := bss_internal.find_tenant(tenant);
begin
    perform bss_internal.refuse_pool(_tenant);
    return bss_internal.ask(
        _service.name, 'tenant', _tenant.external_id, '{}', _tenant.id, correlation_id
    );
end
$$;
comment on function bss.resolve_tenant(text, text) is
    'Asks the auth service about a tenant; the answer is put into the config of the tenant.';


create or replace function bss_internal.refuse_verdict(response jsonb)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    raise exception using
        errcode = 'SB740',
        message = 'validation service refuses the document',
        detail = coalesce(
            (
                select string_agg(
                    left(coalesce(e.value #>> '{message}', e.value #>> '{}'), 500), E'\n'
                    order by e.ordinality
                )
                from jsonb_array_elements(
                    case jsonb_typeof(response -> 'errors')
                        when 'array' then response -> 'errors'
                    end
                ) with ordinality as e
                where e.ordinality <= 20
            ),
            'It does not say why.'
        ),
        hint = 'Correct the document; nothing has been changed.';
end
$$;
comment on function bss_internal.refuse_verdict(jsonb) is
    'Refuses a document that the validation service found invalid.';


create or replace function bss_internal.require_verdict(document json)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _service bss_metadata.services := bss_internal.find_service('validation');
    _call bss_metadata.calls;
    _is_down boolean;
begin
    if _service.url is null or document is null then
        return;
    end if;
    select c.* into _call
    from bss_metadata.calls as c
    where
        c.service = 'validation' and c.operation = 'validate'
        and c.key = bss_internal.document_key(document)
    order by c.outcome = 'answered' desc nulls last, c.id desc
    limit 1;
    if _call.outcome = 'answered' then
        perform bss_internal.refuse_verdict(_call.response)
        where _call.response -> 'valid' is distinct from 'true';
        return;
    end if;
    _is_down := bss_internal.breaker(_service) <> 'closed' or _call.outcome = 'failed'
        or (_call.id is not null and bss_internal.is_late(_call, _service));
    if _is_down and _service.fallback = 'local' then
        perform bss_internal.add_count('validation_service_fallbacks_total');
        return;
    end if;
    raise exception using
        errcode = case when _is_down then 'SB741' else 'SB742' end,
        message = case
            when _is_down then 'validation service is unavailable'
            else 'validation service has not answered for the document'
        end,
        detail = format(
            'What failed last: %s.', coalesce(_call.reason, _service.last_failure, 'nothing yet')
        ),
        hint = 'Call bss.request_validation() with it, and try again when "bss work" has an answer.';
end
$$;
comment on function bss_internal.require_verdict(json) is
    'Refuses a document that the validation service has not found valid, if there is one.';
