-- The setting decides in the end whether a move is given up; it does not end the wait. Runs as
-- bss_owner.

update bss_metadata.settings
set description = 'A move that has held its tenant off for longer than this is given up.'
where name = 'move.hold_time';
