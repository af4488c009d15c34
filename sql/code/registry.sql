-- Registered documents: what `$ref` may lead to outside a document. Nothing is ever fetched.

create or replace function bss_internal.registered(uris text[])
    returns jsonb
    stable strict
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    with recursive found as (
        select d.uri, d.refers_to
        from bss_metadata.registered_documents as d
        where d.uri = any (uris)
        union
        select d.uri, d.refers_to
        from found as f
        join bss_metadata.registered_documents as d on d.uri = any (f.refers_to)
    )
    select coalesce(jsonb_object_agg(d.uri, d.document::text), '{}')
    from found as f
    join bss_metadata.registered_documents as d on d.uri = f.uri;
end;
comment on function bss_internal.registered(text[]) is
    'Gives the documents of some URIs and all that these refer to, as text by URI.';


create or replace function bss_internal.document_uri(uri text)
    returns text
    immutable
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _uri constant text := rtrim(uri, '#');
begin
    if (_uri ~ '^[A-Za-z][A-Za-z0-9+.-]*:[!-"$-~]+$' and length(_uri) <= 1024) is not true then
        raise exception using
            errcode = 'SB611',
            message = 'document cannot be registered by that URI',
            detail = 'It should be absolute, in ASCII, without a fragment, and have 1024 '
                'characters at most.',
            hint = 'Give what stands before "#" in a $ref to the document.';
    end if;
    return _uri;
end
$$;
comment on function bss_internal.document_uri(text) is
    'Gives the URI that a document is registered by; refuses one that no $ref could lead to.';


create or replace function bss.register_document(
    uri text, document json, initiator text default null
)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _uri text;
    _answer jsonb;
begin
    perform bss_internal.require_operator();
    _uri := bss_internal.document_uri(uri);
    _answer := bss_internal.compile(
        'register',
        jsonb_build_object('uri', _uri, 'document', coalesce(document::text, ''))
    );
    perform bss_internal.raise_diagnostics(_answer -> 'diagnostics');
    insert into bss_metadata.registered_documents (uri, document, refers_to, initiator)
    values (
        _uri, document, array(select jsonb_array_elements_text(_answer -> 'refers_to')),
        coalesce(register_document.initiator, session_user)
    )
    on conflict do nothing;
    if found then
        perform bss_internal.audit(
            null, 'document.registered', initiator, null, jsonb_build_object('uri', _uri)
        );
    elsif not exists (
        select from bss_metadata.registered_documents as d
        where d.uri = _uri and d.document::jsonb = register_document.document::jsonb
    ) then
        raise exception using
            errcode = 'SB612',
            message = format('document "%s" is registered with another content', _uri),
            detail = 'Tables that were compiled with it would not be what it says any more.',
            hint = 'Register the new content by a URI of its own, such as one with a version.';
    end if;
end
$$;
comment on function bss.register_document(text, json, text) is
    'Makes a document known by its URI, so that $ref can lead to it; it cannot be changed then.';


create or replace function bss_internal.told_uses(uri text)
    returns text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select concat_ws(
        ' and ',
        (
            select format(
                '%s versions of the documents of %s tenants',
                count(*), count(distinct u.tenant_id)
            )
            from bss_metadata.document_uses as u
            join bss_metadata.tenants as t on t.id = u.tenant_id
            where u.uri = told_uses.uri and t.status <> 'DELETED'
            having count(*) > 0
        ),
        (
            select format('%s versions of the shared tables', count(*))
            from bss_metadata.shared_document_uses as u
            where u.uri = told_uses.uri
            having count(*) > 0
        )
    );
end;
comment on function bss_internal.told_uses(text) is
    'Says in words what was compiled with a registered document.';


create or replace function bss.unregister_document(uri text, initiator text default null)
    returns void
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _uri constant text := rtrim(uri, '#');
begin
    perform bss_internal.require_operator();
    -- the tables of a tenant that was dropped are not compiled again
    delete from bss_metadata.document_uses as u
    using bss_metadata.tenants as t
    where u.uri = _uri and t.id = u.tenant_id and t.status = 'DELETED';
    delete from bss_metadata.shared_document_uses as u
    where
        u.uri = _uri
        and not exists (select from bss_metadata.shared_tables as s where s.version = u.version);
    delete from bss_metadata.registered_documents as d where d.uri = _uri;
    if not found then
        raise exception using
            errcode = 'SB613',
            message = format('document "%s" is not registered', left(coalesce(_uri, ''), 80)),
            hint = 'See bss.registered_documents.';
    end if;
    -- the next document of that URI may say something else
    delete from bss_internal.plans as p where p.plan -> 'documents' ? _uri;
    perform bss_internal.audit(
        null, 'document.unregistered', initiator, null, jsonb_build_object('uri', _uri)
    );
exception when foreign_key_violation then
    raise exception using
        errcode = 'SB614',
        message = format('document "%s" is in use', _uri),
        detail = format('It was used for %s.', bss_internal.told_uses(_uri)),
        hint = 'It can go when what uses it has been dropped.';
end
$$;
comment on function bss.unregister_document(text, text) is
    'Forgets a registered document, unless a version of a tenant''s document was compiled with it.';


create or replace view bss.registered_documents
with (security_invoker = true)
as
select d.uri, d.document, d.refers_to, d.registered_at, d.initiator
from bss_metadata.registered_documents as d;
comment on view bss.registered_documents is 'Lists the documents that $ref can lead to by URI.';
comment on column bss.registered_documents.uri is 'What a $ref to it begins with.';
comment on column bss.registered_documents.document is 'The document.';
comment on column bss.registered_documents.refers_to is
    'The URIs of other documents that it refers to, registered or not.';
comment on column bss.registered_documents.registered_at is 'When it was registered.';
comment on column bss.registered_documents.initiator is 'Who asked for it.';
