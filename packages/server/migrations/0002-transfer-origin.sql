-- Where a transfer's units were taken from: they are in no location's stock while they travel, and go back if it is cancelled.
alter table supply add column from_location_id int;
