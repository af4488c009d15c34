-- The type of a column whose values are encrypted, and where the master key is. Runs as a
-- superuser, who alone may create a base type and point the server to a file.

create extension if not exists pgcrypto with schema public;


-- Text that nothing takes for what it stands for: it cannot be compared with a constant, sorted or
-- matched, and becomes text by bss.reveal() alone. What is written to it is what the trigger of its
-- column encrypts.
create type bss.secret;

create or replace function bss_checks.secret_in(cstring)
    returns bss.secret
    immutable strict parallel safe
    security invoker
    language internal
as 'textin';
comment on function bss_checks.secret_in(cstring) is 'Reads a secret from text.';

create or replace function bss_checks.secret_out(bss.secret)
    returns cstring
    immutable strict parallel safe
    security invoker
    language internal
as 'textout';
comment on function bss_checks.secret_out(bss.secret) is 'Writes a secret as it is stored.';

create or replace function bss_checks.secret_receive(internal)
    returns bss.secret
    stable strict parallel safe
    security invoker
    language internal
as 'textrecv';
comment on function bss_checks.secret_receive(internal) is 'Reads a secret from the wire.';

create or replace function bss_checks.secret_send(bss.secret)
    returns bytea
    stable strict parallel safe
    security invoker
    language internal
as 'textsend';
comment on function bss_checks.secret_send(bss.secret) is 'Sends a secret as it is stored.';

create type bss.secret (
    input = bss_checks.secret_in,
    output = bss_checks.secret_out,
    receive = bss_checks.secret_receive,
    send = bss_checks.secret_send,
    like = text
);
comment on type bss.secret is 'A value that is encrypted with the key of its tenant.';

create cast (bss.secret as bytea) without function;
create cast (text as bss.secret) without function as assignment;
create cast (varchar as bss.secret) without function as assignment;
create cast (smallint as bss.secret) with inout as assignment;
create cast (integer as bss.secret) with inout as assignment;
create cast (bigint as bss.secret) with inout as assignment;
create cast (numeric as bss.secret) with inout as assignment;
create cast (real as bss.secret) with inout as assignment;
create cast (double precision as bss.secret) with inout as assignment;
create cast (boolean as bss.secret) with inout as assignment;
create cast (uuid as bss.secret) with inout as assignment;
create cast (inet as bss.secret) with inout as assignment;
create cast (date as bss.secret) with inout as assignment;
create cast (time as bss.secret) with inout as assignment;
create cast (timestamptz as bss.secret) with inout as assignment;
create cast (interval as bss.secret) with inout as assignment;
create cast (json as bss.secret) with inout as assignment;
create cast (jsonb as bss.secret) with inout as assignment;


-- Rows are told apart by what they store; a secret has no operator that is named =, because nothing
-- that is stored equals what somebody knows.
create or replace function bss_checks.secret_same(bss.secret, bss.secret)
    returns boolean
    immutable strict parallel safe
    security invoker
    language internal
as 'byteaeq';
comment on function bss_checks.secret_same(bss.secret, bss.secret) is
    'Says whether two secrets are stored alike.';

create or replace function bss_checks.secret_hash(bss.secret)
    returns integer
    immutable strict parallel safe
    security invoker
    language internal
as 'hashvarlena';
comment on function bss_checks.secret_hash(bss.secret) is 'Gives a hash of what is stored.';

create operator bss.=== (
    function = bss_checks.secret_same,
    leftarg = bss.secret,
    rightarg = bss.secret,
    commutator = operator(bss.===),
    restrict = eqsel,
    join = eqjoinsel,
    hashes
);
comment on operator bss.=== (bss.secret, bss.secret) is 'stored alike';

create operator class bss.secret_ops
default for type bss.secret using hash as
operator 1 bss.===,
function 1 bss_checks.secret_hash(bss.secret);
comment on operator class bss.secret_ops using hash is 'Tells secrets apart by what is stored.';

alter function bss_checks.secret_in(cstring) owner to bss_owner;
alter function bss_checks.secret_out(bss.secret) owner to bss_owner;
alter function bss_checks.secret_receive(internal) owner to bss_owner;
alter function bss_checks.secret_send(bss.secret) owner to bss_owner;
alter function bss_checks.secret_same(bss.secret, bss.secret) owner to bss_owner;
alter function bss_checks.secret_hash(bss.secret) owner to bss_owner;
alter operator bss.=== (bss.secret, bss.secret) owner to bss_owner;
alter operator class bss.secret_ops using hash owner to bss_owner;
alter operator family bss.secret_ops using hash owner to bss_owner;
alter type bss.secret owner to bss_owner;


create table bss_internal.master_key_file (
    path text not null,
    is_single boolean not null default true,
    constraint master_key_file_is_single_key unique (is_single),
    constraint master_key_file_is_single_check check (is_single)
);
comment on table bss_internal.master_key_file is
    'Names the file of the server that has the master key; at most one row.';
comment on column bss_internal.master_key_file.path is 'Its absolute path.';
comment on column bss_internal.master_key_file.is_single is 'Keeps the table at one row.';
