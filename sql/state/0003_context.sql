-- The context is in a parameter that clients cannot set, so it needs no signature and no key. What
-- used the key is bound to the table, so it goes first; the release has it anew, or no longer.
drop function if exists bss.use_tenant(text), bss_internal.sign_context(text);
drop table bss_internal.context_key;
