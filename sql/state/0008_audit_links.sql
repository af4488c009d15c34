-- What ties audit entries together, so that one that is removed or edited shows. Runs as bss_owner.

create table bss_metadata.audit_heads (
    chain uuid not null,
    position bigint not null,
    hash bytea not null,
    kept_from bigint not null default 1,
    kept_after bytea not null default '',
    constraint audit_heads_chain_pkey primary key (chain),
    constraint audit_heads_position_check check (position >= kept_from - 1)
);
comment on table bss_metadata.audit_heads is
    'Says where each chain of audit entries ends, and from where on its entries are kept.';
comment on column bss_metadata.audit_heads.chain is
    'The tenant that its entries concern; the nil uuid for those that concern the installation.';
comment on column bss_metadata.audit_heads.position is 'The position of the last entry.';
comment on column bss_metadata.audit_heads.hash is 'The hash of the last entry.';
comment on column bss_metadata.audit_heads.kept_from is 'The position of the first kept entry.';
comment on column bss_metadata.audit_heads.kept_after is
    'The hash of the entry before the first kept one; empty where that is the first.';


create table bss_metadata.audit_links (
    chain uuid not null,
    position bigint not null,
    entry_id uuid not null,
    hash bytea not null,
    constraint audit_links_chain_position_pkey primary key (chain, position),
    constraint audit_links_entry_id_key unique (entry_id)
);
comment on table bss_metadata.audit_links is
    'Gives each audit entry its place in its chain: in the order of commits, not of clocks.';
comment on column bss_metadata.audit_links.chain is 'As in bss_metadata.audit_heads.';
comment on column bss_metadata.audit_links.position is 'Counts from 1 for each chain.';
comment on column bss_metadata.audit_links.entry_id is 'The entry.';
comment on column bss_metadata.audit_links.hash is
    'The SHA-256 of the hash before it and of the entry; see bss_internal.audit_hash().';

-- entries from before there were chains: what was tampered with until now does not show
do $$
declare
    _entry bss_metadata.tenant_audit_log;
    _chain uuid;
    _position bigint;
    _hash bytea;
begin
    for _entry in
        select a.* from bss_metadata.tenant_audit_log as a order by a.action_timestamp, a.id
    loop
        insert into bss_metadata.audit_heads as h (chain, position, hash)
        values (
            coalesce(_entry.tenant_id, '00000000-0000-0000-0000-000000000000'), 1, ''
        )
        on conflict (chain) do update set position = h.position + 1
        returning h.chain, h.position, h.hash into _chain, _position, _hash;
        _hash := pg_catalog.sha256(
            _hash || pg_catalog.convert_to(
                pg_catalog.jsonb_build_array(
                    _entry.id, _entry.tenant_id, _entry.action_type,
                    extract(epoch from _entry.action_timestamp), _entry.initiator,
                    _entry.session_user_name, _entry.correlation_id, _entry.details
                )::text,
                'UTF8'
            )
        );
        insert into bss_metadata.audit_links (chain, position, entry_id, hash)
        values (_chain, _position, _entry.id, _hash);
        update bss_metadata.audit_heads as h set hash = _hash where h.chain = _chain;
    end loop;
end
$$;

alter table bss_metadata.audit_heads enable row level security, force row level security;
alter table bss_metadata.audit_links enable row level security, force row level security;
