-- A line's latest state is looked up by its key alone. Planned while the table was empty, that lookup found an index over the days
-- as good as the key, and read the whole book for each line until the plan was thrown away. Cancellations by day are the only
-- readers of that index: they get one that nobody else can use.
drop index book_entry_time;
create index book_entry_cancelled on book_entry (brand_id, day) where kind = 'cancelled';
