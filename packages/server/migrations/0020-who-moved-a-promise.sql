-- Whose request a transaction carries out, where a caller said so: an event that names nobody else was done by them.
alter table event alter column actor set default nullif(current_setting('app.actor', true), '');
-- What a version was reckoned by: the number of the engine's rules, and of the brand's settings. Null: of before this was kept.
alter table promise add column rules smallint, add column settings int;
