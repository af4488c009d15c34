-- What is recorded of every action.

-- In PL/pgSQL, because that keeps its plan: one action makes several entries.
create or replace function bss_internal.audit(
    tenant_id uuid, action_type text, initiator text, correlation_id text, details jsonb
)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpgsql
as $$
declare
    _initiator constant text := coalesce(initiator, session_user);
    _details constant jsonb := coalesce(details, '{}');
    _topic constant text := bss_internal.topic_of(action_type, details);
begin
    insert into bss_metadata.tenant_audit_log (
        tenant_id, action_type, initiator, correlation_id, details
    )
    values (audit.tenant_id, audit.action_type, _initiator, audit.correlation_id, _details);
    if _topic is not null then
        perform bss_internal.emit(tenant_id, _topic, _initiator, correlation_id, _details);
    end if;
end
$$;
comment on function bss_internal.audit(uuid, text, text, text, jsonb) is
    'Adds an entry to the audit log, and tells of it if it is of interest outside.';


create or replace view bss.audit_log
with (security_invoker = true)
as
select
    a.action_timestamp, t.external_id as tenant, a.action_type, a.initiator, a.session_user_name,
    a.correlation_id, a.details, a.tenant_id, a.id
from bss_metadata.tenant_audit_log as a
left join bss_metadata.tenants as t on t.id = a.tenant_id;
comment on view bss.audit_log is
    'Shows who did what to which tenant, as far as the reader may see.';
comment on column bss.audit_log.action_timestamp is 'When it happened.';
comment on column bss.audit_log.tenant is 'The external id of the tenant.';
comment on column bss.audit_log.action_type is 'The action, as a dotted name.';
comment on column bss.audit_log.initiator is 'On whose behalf, as the caller said.';
comment on column bss.audit_log.session_user_name is 'The login that did it.';
comment on column bss.audit_log.correlation_id is 'The request that it belongs to.';
comment on column bss.audit_log.details is 'The facts of the action.';
comment on column bss.audit_log.tenant_id is 'The tenant.';
comment on column bss.audit_log.id is 'The identity of the entry.';
