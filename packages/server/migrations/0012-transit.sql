-- Days on the road from a location, JSON: domestic, abroad, and by country. Null: as everywhere.
alter table location add column transit text;
