-- Where the functions are that write events. Runs as a superuser, who may create a schema.

create schema bss_capture authorization bss_owner;
comment on schema bss_capture is
    'The trigger functions that write events, each named by the hash of its body.';
