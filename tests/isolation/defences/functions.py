"""Defences within functions: of the context, of tokens, of operators, of the audit log."""

from tests.isolation.defences.entry import Defence, edited

PROVE = "perform bss_internal.prove(tenant, plan.plan -> 'model', _snapshot);"

CONTEXT = (
    Defence(
        name="that policies read no setting that anyone can write",
        removal="""
            create or replace function bss.current_tenant_id() returns uuid
            stable parallel restricted security invoker language sql
            return coalesce(
                nullif(current_setting('app.current_tenant_id', true), '')::uuid,
                case
                    when starts_with(current_setting('backtrace_functions'), 'bss_')
                        then substr(current_setting('backtrace_functions'), 5, 32)::uuid
                    else bss.bound_tenant_id()
                end
            )
        """,
    ),
    Defence(
        name="that the context is not immutable",
        removal="alter function bss.current_tenant_id() immutable",
    ),
    Defence(
        name="that the context is asked for by names that are bound",
        removal="""
            create or replace function bss.current_tenant_id() returns uuid
            stable parallel restricted security invoker language plpgsql
            as $$ begin
                return case
                    when starts_with(current_setting('backtrace_functions'), 'bss_')
                        then substr(current_setting('backtrace_functions'), 5, 32)::uuid
                    else bss.bound_tenant_id()
                end;
            end $$
        """,
    ),
    Defence(
        name="that the context ends with the transaction",
        removal=edited(
            "bss_internal.set_context(uuid, text, text)",
            (
                "            true\n        ),\n        -- for logs",
                "            false\n        ),\n        -- for logs",
            ),
        ),
    ),
    Defence(
        name="that a transaction has one tenant",
        removal="select bss.set_setting('context.tenant_switch', '\"allow\"')",
    ),
    Defence(
        name="that only gateways enter a tenant",
        removal=edited(
            "bss.use_tenant(text)",
            ("pg_catalog.pg_has_role(session_user, 'bss_app', 'member')", "true"),
        ),
    ),
    Defence(
        name="that who needs a token does not choose its tenant",
        removal="""
            create or replace function bss_internal.does_not_choose(login name) returns boolean
            stable security invoker language plpgsql as $$ begin return false; end $$
        """,
    ),
    Defence(
        name="that a login is found by its exact name and by its role",
        removal=edited(
            "bss.bound_tenant_id()",
            (
                "l.login_name operator(pg_catalog.=) session_user",
                "lower(l.login_name) operator(pg_catalog.=) lower(session_user)",
            ),
            (
                "l.login operator(pg_catalog.=)\n"
                "            pg_catalog.to_regrole(pg_catalog.quote_ident(session_user))",
                "true",
            ),
        ),
    ),
    Defence(
        name="that operators declare a reason before they enter a tenant",
        removal=edited(
            "bss_internal.enter_tenant(text, boolean)",
            ("if bss_internal.operation() is not null then", "if bss_internal.is_operator() then"),
        ),
    ),
    Defence(
        name="that a reason is one",
        removal=edited(
            "bss_internal.declare_operation(text, text, text)",
            (r"coalesce(reason !~ '\S', true)", "false"),
        ),
    ),
    Defence(
        name="that what an operator does is recorded, or not done",
        removal=edited(
            "bss_internal.declare_operation(text, text, text)",
            ("perform bss_internal.audit(", "perform concat("),
        )
        + ";"
        + edited(
            "bss_internal.operate_tenant(text)",
            ("perform bss_internal.audit(", "perform concat("),
        ),
    ),
)

CALLERS = (
    Defence(
        name="that functions for tenants answer about the own tenant",
        removal=edited(
            "bss_internal.require_own_tenant(text)",
            ("t.id = bss.current_tenant_id() and ", ""),
        ),
    ),
    Defence(
        name="that functions for operators are, by privileges and by asking who calls",
        removal="""
            create or replace function bss_internal.require_operator() returns void
            stable security invoker language plpgsql as $$ begin end $$;
            grant execute on function bss.suspend_tenant(text, text, text) to bss_app
        """,
    ),
    *(
        Defence(
            name=f"the search path of {function.partition('(')[0]}()",
            removal=f"alter function {function} reset search_path",
        )
        for function in (
            "bss.validate(text, text, jsonb)",
            "bss.explain_violation(text, text, text, text)",
            "bss_watch.record_commands(name)",
        )
    ),
    *(
        Defence(
            name=f"operators of {function.partition('(')[0]}() that name their schema",
            removal=edited(function, ("operator(pg_catalog.=)", "=")),
        )
        for function in ("bss.use_tenant(text)", "bss.bound_tenant_id()")
    ),
    Defence(
        name="functions of bss.pre_request() that name their schema",
        removal=edited("bss.pre_request()", ("pg_catalog.regexp_replace(", "regexp_replace(")),
    ),
    Defence(
        name="quotes within names, and that what was made is read back",
        removal=edited(
            "bss_internal.prove_plan(bss_metadata.tenants, bss_internal.plans, text)",
            (PROVE, ""),
        )
        + """;
            update bss_internal.python_modules
            set source = replace(source, $$'"' + name.replace('"', '""') + '"'$$,
                $$'"' + name + '"'$$)
            where name = 'bss_compiler.quoting'
        """,
    ),
    Defence(
        name="quotes within constants, and that what was made is read back",
        removal=edited(
            "bss_internal.prove_plan(bss_metadata.tenants, bss_internal.plans, text)",
            (PROVE, ""),
        )
        # but for the statements of captures, which have several lines
        + """;
            update bss_internal.python_modules
            set source = replace(
                source, $$value.replace("'", "''")$$,
                $$(value.replace("'", "''") if chr(10) in value else value)$$
            )
            where name = 'bss_compiler.quoting'
        """,
    ),
)

TOKENS = (
    Defence(
        name="the signature of a token",
        removal=edited(
            "bss_internal.is_signed(text, text, jsonb)",
            (
                "sha256(bss_internal.decode_base64url(signature)) = sha256(_wanted)",
                "_wanted is not null",
            ),
        ),
    ),
    Defence(
        name="the algorithm of a token, which is ours",
        removal=edited(
            "bss_internal.is_signed(text, text, jsonb)", ("header ->> 'alg' = 'HS256' and ", "")
        ),
    ),
    Defence(
        name="extensions that a token says are critical",
        removal=edited(
            "bss_internal.is_signed(text, text, jsonb)", ("not header ? 'crit'", "true")
        ),
    ),
    Defence(
        name="the id of a token's key",
        removal=edited(
            "bss_internal.is_signed(text, text, jsonb)", ("k.key_id = header ->> 'kid'", "true")
        ),
    ),
    Defence(
        name="that a key is retired",
        removal=edited(
            "bss_internal.is_signed(text, text, jsonb)",
            (" and coalesce(k.retired_at > clock_timestamp(), true)", ""),
        ),
    ),
    Defence(
        name="that a token has three parts",
        removal=edited(
            "bss_internal.token_tenant(text)",
            (r"or token !~ '^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$'", ""),
            (
                "if not bss_internal.is_signed(\n"
                "        concat(_parts[1], '.', _parts[2]), _parts[3],"
                " bss_internal.token_json(_parts[1])\n"
                "    )",
                "if _parts[3] <> '' and not bss_internal.is_signed(concat(_parts[1], '.',"
                " _parts[2]), _parts[3], bss_internal.token_json(_parts[1]))",
            ),
        ),
    ),
    Defence(
        name="that a token expires",
        removal=edited(
            "bss_internal.time_fault(jsonb)",
            ("when to_timestamp((claims ->> 'exp')::float8) <= _now - _skew", "when false"),
        ),
    ),
    Defence(
        name="that a token has an end",
        removal=edited(
            "bss_internal.time_fault(jsonb)",
            ("jsonb_typeof(claims -> 'exp') is distinct from 'number'", "false"),
        ),
    ),
    Defence(
        name="that a token is for a short time",
        removal=edited(
            "bss_internal.time_fault(jsonb)",
            ("when to_timestamp((claims ->> 'exp')::float8) > _latest", "when false"),
        ),
    ),
    Defence(
        name="that a token has begun",
        removal=edited(
            "bss_internal.time_fault(jsonb)",
            ("when to_timestamp((claims ->> 'nbf')::float8) > _now + _skew", "when false"),
        ),
    ),
    Defence(
        name="the audience of a token",
        removal=edited(
            "bss_internal.audience_fault(jsonb)",
            ("claims -> 'aud' @> to_jsonb(_audience)", "true"),
        ),
    ),
    Defence(
        name="the audience of the claims of a request",
        removal=edited(
            "bss_internal.claimed_tenant()", ("if _tenant is not null then", "if false then")
        ),
    ),
)

AUDIT = (
    Defence(
        name="the trigger that keeps entries of the audit log",
        removal="alter table bss_metadata.tenant_audit_log disable trigger refuse_to_forget",
    ),
    Defence(
        name="the hash of an entry of the audit log, which is of all that it says",
        removal="""
            create or replace function bss_internal.audit_hash(
                previous bytea, entry bss_metadata.tenant_audit_log
            ) returns bytea immutable parallel safe security invoker language sql
            return pg_catalog.sha256(previous || entry.id::text::bytea);

            set session_replication_role = replica;
            do $$
            declare
                _link bss_metadata.audit_links;
                _entry bss_metadata.tenant_audit_log;
                _hash bytea;
            begin
                for _link in select l.* from bss_metadata.audit_links as l order by 1, 2 loop
                    select a.* into _entry
                    from bss_metadata.tenant_audit_log as a where a.id = _link.entry_id;
                    _hash := bss_internal.audit_hash(
                        case when _link.position = 1 then '' else _hash end, _entry
                    );
                    update bss_metadata.audit_links as l set hash = _hash
                    where l.entry_id = _link.entry_id;
                    update bss_metadata.audit_heads as h set hash = _hash
                    where h.chain = _link.chain;
                end loop;
            end
            $$
        """,
    ),
)

DEFENCES = (*CONTEXT, *CALLERS, *TOKENS, *AUDIT)
