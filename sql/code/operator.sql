-- Operators among the rows of tenants: they say why, act for one tenant after the other, and each
-- of these finds it in its audit log. The server's log has it too, since an audit log keeps nothing
-- of a transaction that is rolled back.

create or replace function bss_internal.reason_of(operation text)
    returns text
    stable
    security invoker
    set search_path = pg_catalog, pg_temp
    language sql
begin atomic
    select a.details ->> 'reason'
    from bss_metadata.tenant_audit_log as a
    -- by the index: what this transaction has declared
    where a.tenant_id is null and a.action_timestamp >= now()
        and a.details ->> 'operation' = reason_of.operation;
end;
comment on function bss_internal.reason_of(text) is
    'Gives the reason that an operator has given in this transaction.';


create or replace function bss_internal.operate_tenant(tenant text)
    returns bss_metadata.tenants
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _tenant bss_metadata.tenants := bss_internal.find_tenant(tenant);
    _operation text := bss_internal.operation();
begin
    perform bss_internal.refuse_pool(_tenant);
    perform bss_internal.audit(
        _tenant.id, 'operator.entered', null, null,
        jsonb_build_object('operation', _operation, 'reason', bss_internal.reason_of(_operation))
    );
    raise log 'operator % enters tenant % (%)',
        quote_ident(session_user), _tenant.external_id, _operation;
    return _tenant;
end
$$;
comment on function bss_internal.operate_tenant(text) is
    'Records that an operator enters a tenant, whatever its status, and gives the tenant.';


create or replace function bss_internal.declare_operation(
    reason text, correlation_id text, operation text
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
begin
    perform bss_internal.require_operator();
    if coalesce(reason !~ '\S', true) or length(reason) > 1000 then
        raise exception using
            errcode = 'SB508',
            message = 'operator has to give a reason',
            detail = 'It has from 1 to 1000 characters.',
            hint = 'Name what others can look up, such as the number of a ticket.';
    end if;
    if bss.current_tenant_id() is not null then
        raise exception using
            errcode = 'SB504',
            message = 'transaction has entered another tenant already',
            hint = 'End the transaction before acting as an operator.';
    end if;
    perform bss_internal.audit(
        null, 'operator.acts', null, correlation_id,
        jsonb_build_object('operation', operation, 'reason', reason)
    );
    raise log 'operator % acts (%): %', quote_ident(session_user), operation, to_json(reason);
end
$$;
comment on function bss_internal.declare_operation(text, text, text) is
    'Records what an operator is going to do, and why; refuses who is none or does not say.';


-- It cannot pin a search_path: that would undo, when it returns, the settings that are made here.
-- So every name and every operator is written with its schema.
create or replace function bss.as_operator(reason text, correlation_id text default null)
    returns void
    volatile
    security definer
    language plpgsql
as $$
declare
    _operation pg_catalog.text := pg_catalog.concat(
        'operation_', pg_catalog.translate(pg_catalog.gen_random_uuid()::pg_catalog.text, '-', '')
    );
begin
    perform bss_internal.declare_operation(reason, correlation_id, _operation);
    perform
        pg_catalog.set_config('backtrace_functions', _operation, true),
        pg_catalog.set_config('app.current_tenant_id', '', true);
end
$$;
comment on function bss.as_operator(text, text) is
    'Lets an operator, who says why, enter tenants by bss.use_tenant() in this transaction.';
