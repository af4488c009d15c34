-- Where the functions are that watch over DDL. Runs as a superuser: the functions are called by
-- whoever executes a command, and do what only a superuser can.

create schema bss_watch;
comment on schema bss_watch is 'Functions of the event triggers that watch over DDL by others.';
